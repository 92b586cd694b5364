"""Routing rules: kept without contradictions, and tried before anybody relies on them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal.core.errors import Conflict, NotFound, Stale
from portal.models import RoutingRule, Seat, db
from portal.services import records, rules
from portal.services.rules import RuleWords
from tests.conftest import MONDAY_8AM
from tests.factories import routed, seat

TODAY = MONDAY_8AM.date()
WARD_RULE = RuleWords(
    category_code="den_duong",
    area_vintage="2025-07-01",
    area_code="19333",
    conditions="",
    lead="MTDT_DH",
    cooperating="",
    valid_from=TODAY,
    valid_until=None,
    legal_basis="Hợp đồng thử",
    verified=True,
    note="",
)


@pytest.fixture
def admin(app: Flask) -> Seat:
    return seat("ha")


def create(admin: Seat, **changes: Any) -> RoutingRule:
    return rules.create(replace(WARD_RULE, **changes), by=admin, now=MONDAY_8AM)


def refusal(admin: Seat, **changes: Any) -> tuple[object, object]:
    with pytest.raises(Conflict) as refused:
        create(admin, **changes)
    return refused.value.details["field"], refused.value.details["reason"]


def words(rule: RoutingRule, **changes: Any) -> RuleWords:
    kept = {name: getattr(rule, name) for name in RuleWords.__dataclass_fields__}
    return RuleWords(**kept | changes)


def leads(category: str, area: str, day: date = TODAY) -> str:
    return routed(category, area, day).unit.code


def test_a_new_rule_leads_where_it_says_and_nowhere_else(app: Flask, admin: Seat) -> None:
    made = create(admin)
    assert leads("den_duong", "19333") == "MTDT_DH"
    assert leads("den_duong", "19351") == "UBND_19351"
    assert leads("rac_thai", "19333") == "UBND_19333"
    assert made.edited_at == MONDAY_8AM


def test_the_same_rule_sent_twice_is_added_once(app: Flask, admin: Seat) -> None:
    assert create(admin).id == create(admin).id


def test_a_rule_for_the_same_case_on_the_same_day_is_refused_and_the_other_named(
    app: Flask, admin: Seat
) -> None:
    first = create(admin)
    with pytest.raises(Conflict) as refused:
        create(admin, lead="UBND_19351")
    assert refused.value.details["reason"] == "tie" and refused.value.details["rule"] == first.id
    whole_province = {"area_vintage": None, "area_code": None}
    assert refusal(admin, **whole_province) == ("lead", "tie")


def test_ended_rules_make_room_for_the_next(app: Flask, admin: Seat) -> None:
    first = create(admin)
    end, next_day = date(2026, 12, 31), date(2027, 1, 1)
    rules.change(
        first.id, words(first, valid_until=end), seen=records.version(first), by=admin, now=MONDAY_8AM
    )
    create(admin, lead="UBND_19351", valid_from=next_day)
    assert leads("den_duong", "19333", end) == "MTDT_DH"
    assert leads("den_duong", "19333", next_day) == "UBND_19351"


def test_a_change_into_a_tie_is_refused_and_nothing_kept(app: Flask, admin: Seat) -> None:
    first, second = create(admin), create(admin, area_code="19351")
    with pytest.raises(Conflict) as refused:
        rules.change(
            second.id, words(first, note="x"), seen=records.version(second), by=admin, now=MONDAY_8AM
        )
    assert refused.value.details["rule"] == first.id
    db.session.expire_all()
    assert second.area_code == "19351" and second.note == ""


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(app: Flask, admin: Seat) -> None:
    rule = create(admin)
    seen, id_ = records.version(rule), rule.id
    theirs, mine = words(rule, note="của người kia"), words(rule, note="của tôi")
    rules.change(id_, theirs, seen=seen, by=admin, now=MONDAY_8AM)
    with pytest.raises(Stale):
        rules.change(id_, mine, seen=seen, by=admin, now=MONDAY_8AM)
    rules.change(id_, theirs, seen=seen, by=admin, now=MONDAY_8AM)
    assert rules.rule(id_).note == "của người kia"


def test_a_rule_that_contradicts_what_exists_is_refused_at_the_field(app: Flask, admin: Seat) -> None:
    contradictions: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"valid_until": date(2026, 11, 15)}, ("valid_until", "before_start")),
        ({"valid_from": date(2025, 6, 30)}, ("valid_from", "before_area")),
        ({"area_vintage": "2025-06-30", "valid_from": date(2025, 1, 1)}, ("valid_until", "after_area")),
        ({"area_code": "00000"}, ("area", "not_there")),
        ({"category_code": "khong_co"}, ("category_code", "not_there")),
        ({"lead": "KHONG_CO"}, ("lead", "not_there_at_first")),
        ({"lead": "UBND_461"}, ("lead", "not_there_at_first")),
        ({"lead": "UBND_HUYEN"}, ("lead", "no_districts")),
    ]
    before = db.session.query(RoutingRule).count()
    for changes, where in contradictions:
        assert refusal(admin, **changes) == where
    assert db.session.query(RoutingRule).count() == before


def test_a_rule_outlives_a_unit_that_has_a_successor(app: Flask, admin: Seat) -> None:
    past = {"area_vintage": None, "area_code": None, "category_code": None, "valid_from": date(2024, 1, 1)}
    assert create(admin, **past, lead="SXD").lead == "SXD"
    assert refusal(admin, **past | {"valid_from": date(2025, 1, 1)}, lead="UBND_461") == (
        "lead",
        "not_there_at_last",
    )


def test_the_list_goes_category_by_category_and_by_state(app: Flask, admin: Seat) -> None:
    create(admin, category_code=None, area_vintage=None, area_code=None, lead="IOC")
    shown = rules.listed(1, TODAY)
    assert shown.items[0].category_code is None
    assert list(dict.fromkeys(rule.category_code for rule in shown.items))[1:4] == [
        "rac_thai",
        "den_duong",
        "duong_hong",
    ]
    assert shown.total == db.session.query(RoutingRule).filter_by(valid_until=None).count() > 24
    assert all(rule.valid_until < TODAY for rule in rules.listed(1, TODAY, state="ended").items)
    assert {rule.category_code for rule in rules.listed(1, TODAY, category="khac", state="all").items} == {
        "khac"
    }
    with pytest.raises(records.NoSuchPage):
        rules.listed(99, TODAY)


def test_rules_name_their_units_and_areas(app: Flask, admin: Seat) -> None:
    made = create(admin)
    assert rules.units_named([made])["MTDT_DH"].name.startswith("Công ty")
    assert rules.areas_named([made])["2025-07-01", "19333"].name == "Phường Đông Hà"


def test_a_rule_that_does_not_exist_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        rules.rule(2147483647)
