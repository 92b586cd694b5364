"""Who leads which report, by the rules of the real pack on both sides of 1 July 2025."""

from datetime import date

import pytest
from flask import Flask

from portal.models import RoutingRule, db, transaction
from portal.services import places, territory
from tests.factories import routed

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def lead(category: str, area: str, day: date) -> tuple[str, str]:
    made = routed(category, area, day)
    return made.unit.code, made.decision["why"]


@pytest.mark.parametrize(
    ("category", "area", "day", "unit"),
    [
        ("den_duong", "19351", BEFORE, "UBND_461"),  # phường Đông Lương of thành phố Đông Hà
        ("den_duong", "19351", AFTER, "UBND_19351"),  # the same code is phường Nam Đông Hà now
        ("tieng_on", "19333", BEFORE, "UBND_19333"),  # Phường 1
        ("dien_luc", "19351", AFTER, "PC_QT"),
        ("den_tin_hieu", "19333", AFTER, "SXD"),
        ("bien_bao", "19432", BEFORE, "SGTVT"),
        ("vien_thong", "19333", BEFORE, "STTTT"),
        ("vien_thong", "19333", AFTER, "SKHCN"),
        ("den_duong", "471", BEFORE, "UBND_471"),  # Cồn Cỏ had no commune
        ("tieng_on", "471", BEFORE, "UBND_471"),
        ("tieng_on", "19742", AFTER, "UBND_19742"),
    ],
)
def test_each_structure_has_its_own_leads(app: Flask, category: str, area: str, day: date, unit: str) -> None:
    assert lead(category, area, day)[0] == unit


def test_every_category_has_a_lead_in_every_ward_on_both_sides_of_the_reform(app: Flask) -> None:
    categories = db.session.scalars(db.select(RoutingRule.category_code).distinct()).all()
    assert len(categories) >= 12
    for day in (BEFORE, AFTER):
        for area in ("19333", "19351", "18859", places.choices(day)[0].code):
            for category in filter(None, categories):
                assert lead(category, area, day)[1] != "fallback", (category, area, day)


def test_no_rule_leads_to_the_coordination_centre(app: Flask) -> None:
    with transaction():
        territory.revise()
        db.session.query(RoutingRule).delete()
    assert lead("den_duong", "19333", AFTER) == ("IOC", "fallback")


def test_a_rule_for_an_area_does_not_follow_its_code_into_another_vintage(app: Flask) -> None:
    with transaction():
        territory.revise()
        db.session.add(
            RoutingRule(
                category_code="den_duong",
                area_vintage="2025-06-30",
                area_code="19333",
                lead="SXD",
                valid_from=date(2025, 1, 1),
                legal_basis="thử nghiệm",
                verified=False,
            )
        )
    assert lead("den_duong", "19333", BEFORE) == ("SXD", "category+commune")
    assert lead("den_duong", "19333", AFTER)[0] == "UBND_19333"
