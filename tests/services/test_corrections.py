"""A report put right: who leads then, by which clocks, and what is remembered of it."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from time_machine import Traveller

from portal.core.deadlines import VIETNAM
from portal.core.errors import NotAllowed, NotFound, OutsideTerritory, Stale
from portal.core.permissions import Deed
from portal.core.places import Point
from portal.core.workflow import Status, Step
from portal.models import Category, LearnedWord, Message, Report, RoutingRule, db, transaction
from portal.services import corrections, records
from portal.services.corrections import Correction
from tests.factories import leading, seat, send_report, step

WARD_5 = Point(16.80641, 107.099068)


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=VIETNAM)


def correct(
    report: Report, key: str | None = None, seen: Status | None = None, facts: str = "", **changes: Any
) -> Report:
    """An officer in charge corrects this of the report as it stands."""
    kept = {
        "category": "",
        "area": "",
        "point": corrections.point_of(report),
        "place": report.place,
        "seen": facts or corrections.version(report),
    }
    corrections.correct(
        report,
        Correction(**kept | changes),
        seen=seen or Status(report.status),
        by=seat(leading(report)),
        request_key=key,
        now=datetime.now(VIETNAM),
    )
    return report


def terms(code: str, **minutes: Any) -> None:
    with transaction():
        category = db.session.get_one(Category, code)
        for name, value in minutes.items():
            setattr(category, name, value)


def test_the_clock_keeps_the_time_that_was_spent(app: Flask, now: Traveller) -> None:
    terms("rac_thai", receive_minutes=960, resolve_minutes=2400)
    report = send_report()
    now.move_to(at(17, 10))
    correct(report, category="rac_thai")
    assert (report.category_code, report.status) == ("rac_thai", "submitted")
    assert report.lead_unit.code == "UBND_19333"
    assert (report.receive_due_at, report.resolve_due_at) == (at(18, 8), at(23, 8)), (
        "counted from Monday, 8 o'clock"
    )
    assert report.next_due_at == report.receive_due_at

    step(report, Step.RECEIVE)
    step(report, Step.ASK, "Trụ số mấy?")
    now.move_to(at(18, 10))
    step(report, Step.START)
    received = report.received_at
    correct(report, category="den_duong")
    assert (report.status, report.received_at, report.assignee.username) == ("in_progress", received, "minh")
    assert report.resolve_due_at == at(20, 8), "three days from Monday and the one that was waited"
    assert report.next_due_at == report.resolve_due_at and report.receive_due_at == at(18, 8)


def test_another_unit_gets_its_own_time_to_receive_and_the_promise_goes_on(
    app: Flask, now: Traveller
) -> None:
    report = send_report()
    step(report, Step.RECEIVE)
    now.move_to(at(16, 10))
    step(report, Step.ASK, "Trụ số mấy?")
    now.move_to(at(17, 10))
    correct(report, area="19351")
    assert (report.status, report.lead_unit.code) == ("submitted", "UBND_19351")
    assert (report.assignee, report.received_at, report.waiting_since) == (None, None, None)
    assert report.paused_minutes == 8 * 60
    assert (report.receive_due_at, report.resolve_due_at) == (at(18, 10), at(20, 8))
    event = report.events[-1]
    assert (event.step, event.from_status, event.to_status) == ("correct", "waiting", "submitted")
    assert event.details["area"] == ["Phường Đông Hà", "Phường Nam Đông Hà"]
    assert event.details["to_unit"] == "UBND phường Nam Đông Hà"
    assert event.details["decision"] == report.decision


def test_the_point_says_where_it_is_unless_the_officer_does(app: Flask) -> None:
    report = send_report(latitude=16.8163, longitude=107.1003, located="device", place="Gần cầu")
    correct(report, point=WARD_5)
    assert (report.area_code, report.lead_unit.code) == ("19351", "UBND_19351")
    assert (report.located, report.known_by, corrections.point_of(report)) == ("pin", "estimate", WARD_5)
    assert {"phuong", "5", "cau"} <= set(report.words_folded.split()) and "thanh" not in report.words_folded
    named = send_report(latitude=16.8163, longitude=107.1003, located="device")
    correct(named, area="19333", point=WARD_5)
    assert (named.area_code, named.known_by, named.lead_unit.code) == ("19333", "resident", "UBND_19333")
    correct(named, point=None)
    assert (named.latitude, named.located) == (None, "area")
    with pytest.raises(OutsideTerritory):
        correct(named, point=Point(21.0285, 105.8542))


def test_only_what_decides_who_leads_routes_anew(app: Flask) -> None:
    report, tuan = send_report(), seat("tuan")
    step(report, Step.FORWARD, "nhầm", to_unit=tuan.unit_id)
    correct(report, place="Cổng sau chợ")
    assert report.lead_unit_id == tuan.unit_id, "who was forwarded to keeps it"
    assert "decision" not in report.events[-1].details
    assert "cong sau cho" in report.words_folded
    kinds = [message.kind for message in db.session.query(Message).order_by(Message.id)]
    assert kinds == ["submit", "forward"], "nothing that the reporter must know"


def test_nothing_is_left_of_a_correction_that_changes_nothing_or_comes_too_late(app: Flask) -> None:
    report = send_report()
    correct(report)
    correct(report, category="den_duong", area="19333")
    assert len(report.events) == 1
    for earlier in ({"facts": "as somebody else saw them"}, {"seen": Status.RECEIVED}):
        with pytest.raises(Stale):
            correct(report, place="x", **earlier)
    for unknown in ({"category": "boi_lo"}, {"area": "19348"}):
        with pytest.raises(NotFound):
            correct(report, **unknown)
    for _tap in range(2):
        correct(report, key="one-form", place="x")
    assert [event.step for event in report.events] == ["submit", "correct"]
    step(report, Step.REJECT, "Không thấy sự việc", reason="not_found")
    with pytest.raises(NotAllowed):
        correct(report, place="y")


def test_a_closed_category_takes_nothing_and_one_for_staff_alone_does(app: Flask) -> None:
    terms("rac_thai", active=False, successor_code="khac")
    codes = {category.code for category in corrections.choices()}
    assert "rac_thai" not in codes and {"ngoai_pham_vi", "den_duong"} <= codes
    report = send_report()
    with pytest.raises(NotFound):
        correct(report, category="rac_thai")
    assert correct(report, category="ngoai_pham_vi").lead_unit.code == "TIEP_CONG_DAN"


def test_the_priority_is_the_new_categorys_with_its_clocks(app: Flask) -> None:
    report = correct(send_report(), category="thien_tai")
    alike = send_report(category="thien_tai")
    assert report.priority == alike.priority == "emergency"
    assert (report.hours, report.resolve_due_at) == (alike.hours, alike.resolve_due_at)
    assert (report.lead_unit, report.receive_due_at) == (alike.lead_unit, alike.receive_due_at)


def test_what_was_sent_in_confidence_stays_so_and_the_words_are_learnt(app: Flask) -> None:
    report = send_report(category="tieng_on", description="Đèn đường trước quán hát sáng suốt ngày đêm")
    assert report.category.visibility == "private"
    correct(report, category="den_duong")
    assert report.private and report.category.visibility == "public"
    learned = {word.phrase for word in db.session.query(LearnedWord).filter_by(category_code="den_duong")}
    assert "" in learned and "suot" in learned
    assert db.session.query(LearnedWord).filter_by(category_code="tieng_on").count() == 0


def test_those_who_help_follow_the_new_decision_and_old_answers_are_dropped(app: Flask) -> None:
    with transaction():
        records.queue(None, Deed.KEEP_SETTINGS, now=datetime.now(VIETNAM))
        for rule in db.session.query(RoutingRule).filter_by(category_code="dien_luc", valid_until=None):
            rule.cooperating = "CAT"
    report = send_report()
    with transaction():
        report.answers = {"duong": "quoc_lo"}
    correct(report, area="19351")
    assert report.answers == {"duong": "quoc_lo"}
    assert [helper.unit.code for helper in report.cooperations] == ["SXD"]
    correct(report, category="dien_luc")
    assert report.answers == {} and report.lead_unit.code == "PC_QT"
    assert [helper.unit.code for helper in report.cooperations] == ["CAT"]
    correct(report, category="den_duong")
    assert [helper.unit.code for helper in report.cooperations] == ["SXD"]
