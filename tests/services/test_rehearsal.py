"""What a rule would change, what its test cases say, and rules that cannot be used."""

import csv
import time
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.deadlines import VIETNAM
from portal.core.errors import Conflict, NotFound, Stale
from portal.models import Report, RoutingCase, RoutingRule, Seat, db, transaction
from portal.services import records, rules, territory
from portal.services.routing import books
from portal.services.rules import RuleWords, cases
from portal.services.rules.cases import CaseWords
from tests.conftest import MONDAY_8AM
from tests.factories import routed, seat, send_report

TODAY = MONDAY_8AM.date()
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "sample_reports.csv"
NATIONAL = RuleWords(
    category_code="duong_hong",
    area_vintage="2025-07-01",
    area_code="19333",
    conditions="road_class=urban",
    lead="MTDT_DH",
    cooperating="CAT",
    valid_from=TODAY,
    valid_until=None,
    legal_basis="thử nghiệm",
    verified=False,
    note="",
)
CASE = CaseWords("duong_hong", "2025-07-01", "19333", "road_class=urban", MONDAY_8AM, "UBND_XA", "")
ANSWERS = {"quốc lộ": {"road_class": "national"}, "trong KCN": {"industrial_zone": "yes"}}


@pytest.fixture
def admin(app: Flask) -> Seat:
    return seat("ha")


def breaks(rule: RoutingRule, **values: Any) -> None:
    """Something that no form lets through stands in the table."""
    with transaction():
        territory.revise()
        for name, value in values.items():
            setattr(db.session.get_one(RoutingRule, rule.id), name, value)


def test_the_pack_s_own_cases_hold(app: Flask) -> None:
    results = cases.results(books.current())
    assert len(results) >= 40
    assert [(result.case.name, result.got) for result in results if not result.passed] == []


def test_a_report_keeps_who_helps_and_why_as_data_and_sentence(app: Flask) -> None:
    report = send_report(category="duong_hong", answers={"road_class": "national"})
    assert report.lead_unit.code == "SXD"
    assert [row.unit.code for row in report.cooperations] == ["CAT", "KQLDB2"] or len(
        report.cooperations
    ) == 2
    assert (
        report.answers == {"road_class": "national"}
        and report.decision["conditions"] == "road_class=national"
    )
    assert report.decision["sentence"].startswith(
        f"quy tắc cho lĩnh vực này (quy tắc số {report.decision['rule_id']}), vì Tuyến đường: Quốc lộ; căn cứ: "
    )
    for answers in ({"road_class": "lunar"}, {"colour": "red"}):
        with pytest.raises(NotFound):
            send_report(category="duong_hong", answers=answers)


def test_a_rehearsal_says_what_would_move_and_writes_nothing(app: Flask) -> None:
    city = [send_report(category="duong_hong", answers={"road_class": "urban"}) for _ in range(2)]
    send_report(category="duong_hong", answers={"road_class": "village"})
    send_report(category="duong_hong")
    before = db.session.scalars(select(func.count()).select_from(RoutingRule)).one()
    tried = rules.rehearse(None, NATIONAL)
    (move,) = tried.moves
    assert (move.before.code, move.after.code, move.number) == ("UBND_19333", "MTDT_DH", 2)
    assert set(move.codes) == {report.code for report in city}
    assert (tried.reports, tried.helped_otherwise, tried.broken) == (4, 0, [])
    later = rules.rehearse(None, replace(NATIONAL, valid_from=date(2027, 1, 1)))
    assert later.moves[0].number == 2, "as if they were sent on the first day of the rule"
    helped = rules.rehearse(None, replace(NATIONAL, lead="UBND_XA"))
    assert (helped.moves, helped.helped_otherwise) == ([], 2)
    with pytest.raises(Conflict):
        rules.rehearse(None, replace(NATIONAL, conditions="colour=red"))
    assert db.session.scalars(select(func.count()).select_from(RoutingRule)).one() == before


def test_ending_a_rule_shows_where_its_reports_would_go(app: Flask) -> None:
    send_report(category="cap_nuoc")
    rule = (
        db.session.query(RoutingRule)
        .filter_by(category_code="cap_nuoc", conditions="", valid_until=None)
        .one()
    )
    words = {name: getattr(rule, name) for name in RuleWords.__dataclass_fields__}
    (move,) = rules.rehearse(rule.id, RuleWords(**words | {"valid_until": date(2026, 12, 31)})).moves
    assert (move.before.code, move.after.code, move.number) == ("NUOC_QT", "IOC", 1)


def test_a_rule_that_breaks_a_case_is_not_saved(app: Flask, admin: Seat) -> None:
    cases.create("Đường phố Đông Hà", CASE, by=admin, now=MONDAY_8AM)
    assert cases.create("Đường phố Đông Hà", CASE, by=admin, now=MONDAY_8AM).name == "Đường phố Đông Hà"
    assert rules.rehearse(None, NATIONAL).broken[0].got == ("MTDT_DH",)
    with pytest.raises(Conflict) as refused:
        rules.create(NATIONAL, by=admin, now=MONDAY_8AM)
    [(name, expected, got)] = refused.value.details["cases"]
    assert name == "Đường phố Đông Hà"
    assert ([unit.code for unit in expected], [unit.code for unit in got]) == (["UBND_19333"], ["MTDT_DH"])
    assert db.session.query(RoutingRule).filter_by(legal_basis="thử nghiệm").count() == 0
    assert routed("duong_hong", "19333", TODAY, road_class="urban").unit.code == "UBND_19333"
    kept = cases.case("Đường phố Đông Hà")
    with pytest.raises(Stale):
        cases.remove(kept.name, seen="x", by=admin, now=MONDAY_8AM)
    cases.remove(kept.name, seen=records.version(kept), by=admin, now=MONDAY_8AM)
    cases.remove("Đường phố Đông Hà", seen="", by=admin, now=MONDAY_8AM)
    assert rules.create(NATIONAL, by=admin, now=MONDAY_8AM).lead == "MTDT_DH"
    assert routed("duong_hong", "19333", TODAY, road_class="urban").unit.code == "MTDT_DH"


def test_a_case_that_speaks_of_nothing_is_refused_at_the_field(app: Flask, admin: Seat) -> None:
    for changes, field in (
        ({"category_code": "khong_co"}, "category_code"),
        ({"area_code": "00000"}, "area"),
        ({"at": datetime(2025, 6, 30, tzinfo=VIETNAM)}, "day"),
        ({"lead": "KHONG_CO"}, "lead"),
        ({"cooperating": "KHONG_CO"}, "cooperating"),
        ({"facts": "road_class=lunar"}, "facts"),
    ):
        with pytest.raises(Conflict) as refused:
            cases.create("Sai", replace(CASE, **changes), by=admin, now=MONDAY_8AM)
        assert refused.value.details["field"] == field
    assert db.session.get(RoutingCase, "Sai") is None


def test_a_rule_that_cannot_be_used_is_shown_and_the_next_decides(app: Flask, admin: Seat) -> None:
    rule = rules.create(NATIONAL, by=admin, now=MONDAY_8AM)
    for values, reason in (
        ({"lead": "KHONG_CO"}, "unit_unknown KHONG_CO"),
        ({"lead": "UBND_461"}, "unit_gone UBND_461"),
        ({"lead": "CAT", "cooperating": "KHONG_CO"}, "unit_unknown KHONG_CO"),
        ({"cooperating": "", "conditions": "loại=gì"}, "conditions"),
        ({"conditions": "road_class=lunar"}, "conditions"),
    ):
        breaks(rule, **values)
        report = send_report(category="duong_hong", answers={"road_class": "urban"})
        assert report.lead_unit.code == "UBND_19333"
        assert report.decision["faults"] == [{"rule": rule.id, "reason": reason}]
        assert f"quy tắc số {rule.id} có lỗi" in report.decision["sentence"]
        db.session.refresh(rule)
        assert (rule.fault, rule.fault_at) == (reason, report.submitted_at)
    assert (rule.fault_count, rules.faulty()) == (5, 1)
    assert [found.id for found in rules.listed(1, TODAY, state="faulty").items] == [rule.id]
    seen = records.version(rule)
    send_report(category="duong_hong", answers={"road_class": "urban"})
    db.session.refresh(rule)
    assert records.version(rule) == seen, "a fault is no change that an administrator would overwrite"
    rules.change(rule.id, NATIONAL, seen=seen, by=admin, now=MONDAY_8AM)
    assert (rule.fault, rule.fault_count, rules.faulty()) == ("", 0, 0)
    assert send_report(category="duong_hong", answers={"road_class": "urban"}).lead_unit.code == "MTDT_DH"


def test_what_a_failed_save_tried_is_not_remembered(app: Flask, admin: Seat) -> None:
    assert routed("duong_hong", "19333", TODAY).unit.code == "UBND_19333"
    with pytest.raises(RuntimeError), transaction():
        territory.revise()
        db.session.query(RoutingRule).delete()
        assert routed("duong_hong", "19333", TODAY).unit.code == "IOC"
        raise RuntimeError
    with transaction():
        territory.revise()
    assert routed("duong_hong", "19333", TODAY).unit.code == "UBND_19333"


def test_a_thousand_reports_are_rehearsed_within_a_second(app: Flask) -> None:
    first = send_report(category="duong_hong", answers={"road_class": "urban"})
    columns = {c.key: getattr(first, c.key) for c in Report.__table__.columns if c.key != "id"}
    with transaction():
        keys = ("code", "submission_key")
        copies = [columns | dict.fromkeys(keys, f"{n}") for n in range(1000)]
        db.session.execute(db.insert(Report), copies)
    began = time.process_time()
    assert rules.rehearse(None, NATIONAL).moves[0].number == 1000
    assert time.process_time() - began < 1


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples lie beside the project only where it is made")
def test_every_sample_goes_where_it_is_expected_in_both_structures(app: Flask) -> None:
    wrong = []
    for row in csv.DictReader(SAMPLES.read_text(encoding="utf-8").splitlines()):
        told = next((facts for words, facts in ANSWERS.items() if words in row["note"]), {})
        before = date(2025, 6, 16) if row["old_district_code"] == "450" else date(2024, 5, 15)
        for day, area, expected in (
            (before, row["old_ward_code"], row["expected_lead_2023"]),
            (date(2025, 11, 17), row["new_ward_code"], row["expected_lead_2025"]),
        ):
            place = {"UBND_XA": f"UBND_{area}", "UBND_HUYEN": f"UBND_{row['old_district_code']}"}
            unit = routed(row["category"], area, day, **told).unit.code
            if unit != place.get(expected, expected):
                wrong.append((row["id"], day, unit, expected))
    assert wrong == []
