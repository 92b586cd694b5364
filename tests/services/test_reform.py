"""Reforms of every kind on real tables: who has the reports, what follows, what is left to a person, and the proof."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import shapely
import time_machine
from flask import Flask
from sqlalchemy import text

from portal import worker
from portal.core.deadlines import VIETNAM
from portal.core.errors import Conflict, Stale
from portal.core.packs import PackError
from portal.core.workflow import Step
from portal.models import (
    Account,
    AnswerTemplate,
    Area,
    Boundary,
    BoundarySource,
    EscalationRule,
    Reform,
    RoutingCase,
    RoutingRule,
    ServiceLevel,
    Succession,
    Unit,
    db,
    end_reading,
    transaction,
)
from portal.services import reform as reforms
from portal.services import routing, territory
from portal.services.reform import Unproven
from tests.core.test_reform import HEADER, row
from tests.factories import hire, move, seat, send_report, step

Clock = time_machine.Traveller
DAY = date(2027, 1, 1)
BEFORE = datetime(2026, 12, 28, 8, tzinfo=VIETNAM)
THEN = datetime(2027, 1, 1, 8, tzinfo=VIETNAM)


def prepare(*rows: str, day: date = DAY) -> Reform:
    raw = (HEADER + "".join(f"{row(each)}\n" for each in rows)).encode()
    return reforms.prepare("f.csv", raw, day, "Thử", by=None, now=BEFORE)


def done(now: Clock, *rows: str) -> dict[str, Any]:
    """Carry it out on its day; give its counts, and see that the plan had said the same."""
    now.move_to(THEN, tick=False)
    kept = prepare(*rows)
    planned = reforms.plan(kept, now=THEN).said
    counts = reforms.carry_out(kept.id, now=THEN).counts
    assert {key: counts[key] for key in planned} == planned
    assert counts["before"] == counts["after"]
    return counts


def new_unit(code: str, area: str | None = None, begins: date = DAY, **values: Any) -> None:
    with transaction():
        db.session.add(
            Unit(
                code=code,
                name=f"Đơn vị {code}",
                name_folded=f"don vi {code.lower()}",
                name_en=code,
                kind="department",
                area_code=area,
                valid_from=begins,
                legal_basis="NQ 1",
                verified=True,
                **values,
            )
        )


def test_a_unit_that_is_divided_gives_each_report_by_its_place(app: Flask, now: Clock) -> None:
    now.move_to(BEFORE, tick=False)
    inside = send_report(category="dien_luc", area="19333")
    outside = send_report(category="dien_luc", area="19351")
    new_unit("DIEN_BAC"), new_unit("DIEN_NAM")
    done(now, "split PC_QT DIEN_BAC area_code=19333", "split PC_QT DIEN_NAM")
    assert (inside.lead_unit.code, outside.lead_unit.code) == ("DIEN_BAC", "DIEN_NAM")
    rules = db.session.query(RoutingRule).filter_by(category_code="dien_luc", valid_from=DAY).all()
    assert {(rule.lead, rule.area_code) for rule in rules} == {("DIEN_BAC", "19333"), ("DIEN_NAM", None)}
    assert send_report(category="dien_luc", area="19333").lead_unit.code == "DIEN_BAC"


def test_a_report_about_the_heir_goes_to_the_centre_and_about_the_centre_to_the_one_above(
    app: Flask, now: Clock
) -> None:
    now.move_to(BEFORE, tick=False)
    report, other = (send_report(category="dien_luc", area="19333") for _ in range(2))
    signal = send_report(category="den_tin_hieu", area="19333")
    with transaction():
        report.about_unit_id = routing.unit_on("CAT", BEFORE.date()).id
        signal.about_unit_id = routing.unit_on("IOC", BEFORE.date()).id
    done(now, "merge PC_QT CAT", "merge SXD IOC")
    assert (report.lead_unit.code, other.lead_unit.code) == ("IOC", "CAT")
    assert signal.lead_unit.code == "SKHCN"


def test_officers_who_do_not_go_along_leave_a_clock_and_units_that_begin_want_what_those_before_them_did(
    app: Flask, now: Clock
) -> None:
    now.move_to(BEFORE, tick=False)
    power = send_report(category="dien_luc", area="19333").lead_unit
    hire("ngoc", "PC_QT")
    report, asked, new = (send_report(category="dien_luc", area="19333") for _ in range(3))
    for one in (report, asked):
        step(one, Step.RECEIVE, by="ngoc")
    step(asked, Step.ASK, "Cột số mấy?", by="ngoc")
    new_unit("DIEN_BAC"), new_unit("DIEN_NAM"), new_unit("GOP"), new_unit("MOT")
    with transaction():
        for code in ("PC_QT", "SXD"):
            routing.unit_on(code, BEFORE.date()).needs_approval = True
    counts = done(
        now,
        "split PC_QT DIEN_BAC area_code=19333",
        "split PC_QT DIEN_NAM",
        "merge SXD GOP",
        "merge CAT GOP",
    )
    assert (counts["assignees_cleared"], report.lead_unit.code, seat("ngoc").unit_id) == (
        2,
        "DIEN_BAC",
        power.id,
    )
    assert (report.assignee_id, report.assign_from) == (None, THEN)
    assert report.next_due_at == min(report.assign_due_at, report.resolve_due_at)
    assert (asked.assignee_id, asked.next_due_at, new.next_due_at) == (None, None, new.receive_due_at)
    wants = {
        code: routing.unit_on(code, DAY).needs_approval for code in ("DIEN_BAC", "DIEN_NAM", "GOP", "MOT")
    }
    assert wants == {"DIEN_BAC": True, "DIEN_NAM": True, "GOP": False, "MOT": False}


def test_a_responsibility_moves_and_the_unit_stays(app: Flask, now: Clock) -> None:
    now.move_to(BEFORE, tick=False)
    sign, signal, forwarded = (
        send_report(category="bien_bao"),
        send_report(category="den_tin_hieu"),
        send_report(category="rac_thai"),
    )
    assert sign.lead_unit.code == signal.lead_unit.code == "SXD"
    step(forwarded, Step.FORWARD, "Kính chuyển", to_unit=sign.lead_unit_id)
    counts = done(now, "move SXD CAT category_code=bien_bao")
    assert (sign.lead_unit.code, signal.lead_unit.code) == ("CAT", "SXD")
    assert forwarded.lead_unit.code == "SXD" and counts["moved"] == 1
    assert routing.unit_on("SXD", DAY) and send_report(category="bien_bao").lead_unit.code == "CAT"
    assert send_report(category="den_tin_hieu").lead_unit.code == "SXD"


def test_a_unit_gets_another_name_and_keeps_its_people_and_clocks(app: Flask, minh: Any, now: Clock) -> None:
    now.move_to(BEFORE, tick=False)
    report = step(send_report(), Step.RECEIVE)
    done(now, "rename UBND_19333 name=UBND_phường_Thành_Cổ")
    unit = routing.unit_on("UBND_19333", DAY)
    assert (
        unit and unit.name == "UBND_phường_Thành_Cổ" and unit.valid_from == DAY and unit.area_code == "19333"
    )
    assert (
        report.lead_unit_id == unit.id
        and report.assignee
        and seat(report.assignee.username).unit_id == unit.id
    )
    former = db.session.query(Unit).filter_by(code="UBND_19333", valid_until=DAY - timedelta(days=1)).one()
    assert former.successor_code == "UBND_19333" and report.events[-1].unit_id == former.id
    assert report.code in minh.get("/can-bo/").text
    assert send_report().lead_unit_id == unit.id


def test_nobody_is_left_in_limbo(app: Flask, ha: Any, now: Clock) -> None:
    """Abolished without a successor: the coordination centre has it, the list names it, officers wait for a person."""
    now.move_to(BEFORE, tick=False)
    report = send_report(category="dien_luc", area="19333")
    tell = db.session.query(Account).filter_by(username="minh").one()
    move("minh", "PC_QT")
    counts = done(now, "abolish PC_QT")
    assert report.lead_unit.code == "IOC" and report.events[-1].details["undecided"] == "no_successor"
    assert counts["undecided"] == {"no_successor": 1}
    assert counts["listed"] == [[report.code, "no_successor", "Công ty Điện lực Quảng Trị"]]
    assert counts["officers_unclear"] == [tell.id]
    assert counts["rules_unclear"], "its rules ended and have no heir"
    assert send_report(category="dien_luc", area="19333").lead_unit.code == "IOC"


def divide_dong_ha() -> None:
    """From the first day of 2027 phường Đông Hà is two: 70001 in the north, 70002 in the south."""
    vintage = {"vintage": "2027-01-01", "valid_from": DAY, "legal_basis": "NQ 1", "point_source": "test"}
    with transaction():
        province = Area(
            code="44", name="Tỉnh Quảng Trị", name_folded="tinh quang tri", level="province", **vintage
        )
        db.session.add(province)
        db.session.flush()
        for area in db.session.query(Area).filter_by(vintage="2025-07-01"):
            area.valid_until = DAY - timedelta(days=1)
            if area.level == "commune" and area.code != "19333":
                names = {"name": area.name, "name_folded": area.name_folded, "level": "commune"}
                db.session.add(Area(code=area.code, parent_code="44", **names, **vintage))
        for code, latitude in (("70001", 16.85), ("70002", 16.80)):
            name = {"name": f"Phường {code}", "name_folded": f"phuong {code}", "level": "commune"}
            point = {"latitude": latitude, "longitude": 107.10}
            db.session.add(Area(code=code, parent_code="44", **name, **point, **vintage))
        db.session.flush()
        for area in db.session.query(Area).filter_by(vintage="2025-07-01", level="commune"):
            for code in ("70001", "70002") if area.code == "19333" else (area.code,):
                edge = {"from_vintage": area.vintage, "from_code": area.code, "to_vintage": "2027-01-01"}
                db.session.add(Succession(**edge, to_code=code, legal_basis="NQ 1"))
        territory.revise()
    for code in ("70001", "70002"):
        new_unit(f"UBND_{code}", area=code)
    with transaction():
        db.session.execute(
            text("UPDATE unit SET kind = 'commune' WHERE code IN ('UBND_70001', 'UBND_70002')")
        )


def test_a_divided_area_is_decided_by_the_point_and_without_one_by_a_person(app: Flask, now: Clock) -> None:
    now.move_to(BEFORE, tick=False)
    north = send_report(latitude=16.84, longitude=107.10)
    south = send_report(latitude=16.79, longitude=107.11)
    nowhere = send_report()
    neighbour = send_report(area="19351")
    with transaction():
        rule = {"category_code": "cay_xanh", "legal_basis": "NQ 1", "verified": True}
        local = RoutingRule(
            area_vintage="2025-07-01", area_code="19333", lead="SXD", **rule, valid_from=BEFORE.date()
        )
        db.session.add(local)
    divide_dong_ha()
    counts = done(now, "abolish UBND_19333 UBND_XA")
    assert [each.lead_unit.code for each in (north, south)] == ["UBND_70001", "UBND_70002"]
    assert (north.area_vintage, north.area_code) == ("2027-01-01", "70001")
    assert nowhere.lead_unit.code == "IOC" and nowhere.area_code == "19333"
    assert counts["listed"] == [[nowhere.code, "place_unknown", "UBND phường Đông Hà"]]
    assert neighbour.lead_unit.code == "UBND_19351" and neighbour.area_vintage == "2027-01-01"
    assert "phuong 70001" in north.words_folded, "search finds it by the new name"
    assert local.valid_until == DAY - timedelta(days=1)
    new = db.session.query(RoutingRule).filter_by(category_code="cay_xanh", valid_from=DAY).all()
    assert {(each.area_code, each.lead) for each in new} == {("70001", "SXD"), ("70002", "SXD")}


def test_a_divided_area_is_decided_by_its_boundary_where_there_is_one(app: Flask, now: Clock) -> None:
    """The border lies north of the middle between the known points."""
    now.move_to(BEFORE, tick=False)
    south = send_report(latitude=16.84, longitude=107.10)
    outside = send_report(latitude=16.95, longitude=107.10)
    divide_dong_ha()
    with transaction():
        source = {"file": "f", "source": "test", "licence": "none", "sha256": "0" * 64, "imported_at": BEFORE}
        db.session.add(BoundarySource(vintage="2027-01-01", **source))
        db.session.flush()
        for code, low, high in (("70001", 16.845, 16.9), ("70002", 16.75, 16.845)):
            shape = shapely.to_wkb(shapely.box(107.0, low, 107.2, high))
            db.session.add(Boundary(vintage="2027-01-01", code=code, exact=shape, web=shape))
    done(now, "abolish UBND_19333 UBND_XA")
    assert (south.lead_unit.code, outside.lead_unit.code) == ("UBND_70002", "IOC")


def test_clocks_templates_and_tests_of_rules_follow(app: Flask, now: Clock) -> None:
    now.move_to(BEFORE, tick=False)
    clock = {
        "receive_minutes": 60,
        "assign_minutes": 60,
        "resolve_minutes": 120,
        "round_the_clock": False,
        "legal_basis": "NQ 1",
    }
    case = {"category_code": "dien_luc", "area_vintage": "2025-07-01", "area_code": "19333", "lead": "PC_QT"}
    with transaction():
        db.session.add(ServiceLevel(priority="urgent", unit_code="PC_QT", **clock))
        text = {"name": "Đã nối", "step": "resolve", "text": "Đã nối lại dây."}
        db.session.add(AnswerTemplate(unit_code="PC_QT", **text))
        db.session.add(EscalationRule(clock="resolve", after_minutes=60, target="PC_QT"))
        db.session.add(RoutingCase(name="Điện hôm nay", at=BEFORE, **case))
        db.session.add(RoutingCase(name="Điện năm sau", at=THEN, **case))
    new_unit("DIEN_MOI")
    counts = done(now, "merge PC_QT DIEN_MOI")
    own = db.session.query(ServiceLevel).filter(ServiceLevel.unit_code.is_not(None)).one()
    assert (
        own.unit_code
        == db.session.query(AnswerTemplate).filter_by(name="Đã nối").one().unit_code
        == "DIEN_MOI"
    )
    told = db.session.query(EscalationRule).filter_by(after_minutes=60).one()
    assert told.target == "DIEN_MOI"
    cases = {case.name: case.lead for case in db.session.query(RoutingCase)}
    assert cases["Điện hôm nay"] == "PC_QT" and cases["Điện năm sau"] == "DIEN_MOI"
    assert tuple(counts[name] for name in ("clocks", "cases", "templates", "escalations")) == (1, 1, 1, 1)


def test_not_before_its_day_and_not_when_it_was_cancelled(app: Flask, now: Clock) -> None:
    now.move_to(BEFORE, tick=False)
    kept = prepare("abolish PC_QT")
    assert reforms.due(now=BEFORE) == [] and reforms.due(now=THEN) == [kept.id]
    with pytest.raises(Conflict):
        reforms.carry_out(kept.id, now=BEFORE)
    assert reforms.cancel(kept.id, by=None, now=BEFORE).state == "cancelled"
    with pytest.raises(Conflict):
        reforms.carry_out(kept.id, now=THEN)
    assert reforms.due(now=THEN) == []
    assert prepare("abolish PC_QT").id == kept.id and kept.state == "prepared", "prepared again"
    reforms.carry_out(kept.id, now=THEN)
    with pytest.raises(Stale):
        reforms.cancel(kept.id, by=None, now=THEN)


@contextmanager
def a_meddler() -> Iterator[None]:
    """Every report that goes to another unit becomes less urgent on the way, which no reform may do."""
    sqlite = db.engine.dialect.name == "sqlite"
    language = "LANGUAGE plpgsql"
    meddle = "UPDATE report SET priority = 'normal' WHERE id = NEW.id;"
    body = f"BEGIN {meddle} END" if sqlite else "EXECUTE FUNCTION meddle()"
    with transaction():
        if not sqlite:
            db.session.execute(
                text(
                    f"CREATE FUNCTION meddle() RETURNS trigger AS $$ BEGIN {meddle} RETURN NULL; END $$ {language}"
                )
            )
        db.session.execute(
            text(f"CREATE TRIGGER meddle AFTER UPDATE OF lead_unit_id ON report FOR EACH ROW {body}")
        )
    try:
        yield
    finally:
        with transaction():
            db.session.execute(text("DROP TRIGGER meddle" if sqlite else "DROP FUNCTION meddle CASCADE"))


def test_what_cannot_be_proven_is_not_done_and_waits_for_a_person(app: Flask, now: Clock) -> None:
    now.move_to(BEFORE, tick=False)
    report = send_report(category="dien_luc")
    kept = prepare("abolish PC_QT")
    now.move_to(THEN, tick=False)
    with a_meddler():
        with pytest.raises(Unproven, match="open_digest"):
            reforms.carry_out(kept.id, now=THEN)
        worker.carry_out_reforms()
    end_reading()
    assert kept.state == "prepared" and re.search("open_digest", kept.counts["failed"])
    assert report.lead_unit.code == "PC_QT" and report.priority == "urgent" and len(report.events) == 1
    assert reforms.due(now=THEN) == [], "it is not tried again and again"
    prepare("abolish PC_QT")
    worker.carry_out_reforms()
    end_reading()
    assert kept.state == "done" and report.lead_unit.code == "IOC"


def test_what_no_longer_fits_on_the_day_is_refused_with_its_line(app: Flask, now: Clock) -> None:
    now.move_to(BEFORE, tick=False)
    new_unit("DIEN_MOI")
    kept = prepare("merge PC_QT DIEN_MOI")
    with transaction():
        db.session.delete(db.session.query(Unit).filter_by(code="DIEN_MOI").one())
    with pytest.raises(PackError, match="Thử:2 successor: no unit DIEN_MOI"):
        reforms.carry_out(kept.id, now=THEN)
    assert kept.state == "prepared"


def test_a_file_with_a_fault_leaves_nothing_behind(app: Flask) -> None:
    with pytest.raises(PackError, match=r"f\.csv:3 unit: no unit KHONG_CO"):
        prepare("abolish PC_QT", "abolish KHONG_CO")
    with pytest.raises(PackError, match="no areas are known for 2001-01-01"):
        prepare("abolish PC_QT", day=date(2001, 1, 1))
    assert db.session.query(Reform).count() == 0
