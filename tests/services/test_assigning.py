"""The clock to name who is in charge: when it runs, who ends it, what starts it anew, and which clock counts next."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from random import Random
from threading import Event as Flag
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal import worker
from portal.core.deadlines import VIETNAM, day_of
from portal.core.errors import ColleagueRequired, Conflict
from portal.core.workflow import EXTENDABLE, Actor, Reason, Status, Step
from portal.models import Account, Event, Report, db, transaction
from portal.services import accounts, clocks, corrections, records, standing
from portal.services.accounts import seats
from portal.services.accounts.seats import Words
from portal.services.clocks import calendar, extensions
from portal.services.clocks.calendar import DayWords
from portal.services.corrections import Correction
from tests.factories import account, hire, lawful_step, seat, send_report, step, unit, want_approval

UNWALKED = {Step.NOTE, Step.CORRECT, Step.DUPLICATE, Step.SAME_CAUSE}
STORM = DayWords("Nghỉ tránh bão", "off", "official", "Công điện của Chủ tịch UBND tỉnh")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


def today() -> datetime:
    return datetime.now(UTC)


def unassigned() -> Report:
    return step(send_report(), Step.RECEIVE, nobody=True)


def switch(person: Account, active: bool) -> None:
    accounts.set_active(person.id, active, seen=records.version(person), by=seat("ha"), now=today())


def move(person: Account, code: str) -> None:
    [held] = [one for one in person.appointments if one.lasts_on(today().date())]
    seats.end(held.id, today().date(), seen=records.version(held), by=seat("ha"), now=today())
    seats.appoint(person.id, Words("officer", unit(code).id, today().date()), by=seat("ha"), now=today())


def runs_out(report: Report) -> datetime | None:
    """Of all clocks that run, written apart from the portal's own words."""
    due = [report.resolve_due_at]
    if report.status == "submitted":
        due.append(report.receive_due_at)
    if report.status in ("received", "in_progress") and report.assignee_id is None:
        due.append(report.assign_due_at)
    runs = report.status in ("submitted", "received", "in_progress", "awaiting_approval")
    return min(due) if runs else None


def test_who_receives_is_in_charge_or_names_a_colleague_or_nobody_yet(app: Flask, now) -> None:
    ngoc = hire("ngoc", "UBND_19333")
    mine, hers, nobodys, named = send_report(), send_report(), send_report(), send_report()
    step(mine, Step.RECEIVE)
    step(hers, Step.RECEIVE, to_account=ngoc.id)
    step(nobodys, Step.RECEIVE, nobody=True)
    step(named, Step.ASSIGN, to_account=ngoc.id)
    now.move_to(at(16, 9))
    step(named, Step.RECEIVE)
    people = [report.assignee and report.assignee.username for report in (mine, hers, nobodys, named)]
    assert people == ["minh", "ngoc", None, "ngoc"]
    assert hers.events[-1].details == {"assignee": ngoc.name}
    assert mine.assign_due_at is None and mine.next_due_at == mine.resolve_due_at
    assert (named.assigned_at, named.assign_due_at) == (at(16, 8), None)
    assert nobodys.next_due_at == nobodys.assign_due_at == at(16, 14), "four working hours, lunch apart"
    step(nobodys, Step.ASSIGN, to_account=ngoc.id)
    assert (nobodys.assigned_at, nobodys.next_due_at) == (at(16, 9), nobodys.resolve_due_at)
    step(nobodys, Step.ASSIGN, to_account=account("minh").id)
    assert nobodys.assigned_at == at(16, 9), "somebody has been in charge since"
    switch(ngoc, False)
    for stranger in (ngoc.id, account("tuan").id, 0):
        with pytest.raises(ColleagueRequired):
            step(nobodys, Step.ASSIGN, to_account=stranger)
    with pytest.raises(ColleagueRequired):
        step(send_report(), Step.RECEIVE, to_account=account("tuan").id)


def test_who_takes_up_what_is_nobodys_is_in_charge_and_an_emergency_waits_an_hour(app: Flask, now) -> None:
    hire("ngoc", "UBND_19333")
    for taken in (Step.START, Step.RESOLVE, Step.PROPOSE):
        want_approval(wanted=taken is Step.PROPOSE)
        assert lawful_step(unassigned(), taken, by="ngoc").assignee.username == "ngoc", taken
    want_approval(wanted=False)
    told = unassigned()
    for taken in (Step.ANSWER, Step.NOTE, Step.PAUSE):
        assert lawful_step(told, taken, by="ngoc").assignee is None, taken
    assert told.next_due_at is None
    assert lawful_step(told, Step.RESUME, by="ngoc").assignee.username == "ngoc"
    urgent = step(send_report(category="thien_tai"), Step.RECEIVE, nobody=True)
    assert urgent.assign_due_at == at(16, 9) <= urgent.receive_due_at


def test_who_leaves_leaves_their_open_tickets_to_be_assigned_anew(app: Flask, now) -> None:
    ngoc = hire("ngoc", "UBND_19333")
    held, asked, done, others = (step(send_report(), Step.RECEIVE, by="ngoc") for _ in range(4))
    step(asked, Step.ASK, "Đèn số mấy?", by="ngoc")
    step(done, Step.RESOLVE, "Đã thay bóng", by="ngoc")
    step(others, Step.ASSIGN, to_account=account("minh").id)
    now.move_to(at(16, 9))
    switch(ngoc, False)
    assert [report.assignee_id for report in (held, asked)] == [None, None]
    assert done.assignee_id == ngoc.id and others.assignee.username == "minh"
    assert held.next_due_at == held.assign_due_at == at(16, 15)
    assert held.events[-1].step == "unassign" and not held.events[-1].public
    assert (asked.assign_due_at, asked.next_due_at) == (None, None)
    step(asked, Step.REPLY, "Số 12", by=None)
    assert asked.next_due_at == asked.assign_due_at == at(16, 15), "counted from when it goes on"
    step(done, Step.REOPEN, "Lại tắt", by=None)
    assert (done.assignee_id, done.next_due_at) == (None, at(16, 15))
    other = step(send_report(), Step.RECEIVE)
    switch(ngoc, True)
    step(others, Step.ASSIGN, to_account=ngoc.id)
    step(others, Step.DUPLICATE, original=other.code)
    switch(ngoc, False)
    step(others, Step.SEPARATE)
    assert (others.status, others.assignee_id, others.next_due_at) == ("received", None, at(16, 15))
    switch(ngoc, True)
    step(held, Step.ASSIGN, to_account=ngoc.id)
    now.move_to(at(17, 8))
    move(ngoc, "UBND_19351")
    assert held.next_due_at == held.assign_due_at == at(17, 14), "anew, though the first time was kept"
    step(held, Step.FORWARD, "Thuộc phường khác", to_unit=unit("UBND_19351").id)
    assert (held.assign_from, held.assign_due_at, held.next_due_at) == (None, None, held.receive_due_at)


def test_its_alarms_are_for_the_unit_alone_and_ring_once(app: Flask, now) -> None:
    report = unassigned()
    worker.alarm()
    for moment in (at(16, 11), at(16, 14), at(16, 15)):
        now.move_to(moment)
        worker.alarm()
    system = select(Event).where(Event.report_id == report.id, Event.actor == "system").order_by(Event.id)
    said = [(event.step, event.details["clock"], event.public) for event in db.session.scalars(system)]
    assert said == [("reminder", "assign", False), ("breach", "assign", False)]
    step(report, Step.ASSIGN, to_account=account("minh").id)
    late = step(send_report(), Step.RECEIVE)
    with transaction():
        late.resolve_due_at = late.next_due_at = at(16, 9)
    worker.alarm()
    switch(account("minh"), False)
    assert late.next_due_at == at(16, 9), "the answer is due before"
    now.move_to(at(18, 8))
    worker.alarm()
    rung = [event.details["clock"] for event in late.events if event.step == "breach"]
    assert rung == ["resolve", "assign"], "laid although the next moment stayed the same"


def test_a_changed_calendar_moves_it_and_a_corrected_category_counts_from_the_same_moment(
    app: Flask, now
) -> None:
    now.move_to(at(16, 16))
    report = unassigned()
    assert report.assign_due_at == at(17, 10)
    calendar.add_day(date(2026, 11, 17), STORM, by=seat("ha"), now=today())
    worker.recount(Flag())
    db.session.expire_all()
    assert report.next_due_at == report.assign_due_at == at(18, 10)
    now.move_to(at(18, 9))
    wanted = Correction(
        "ngap_ung", "", corrections.point_of(report), report.place, corrections.version(report)
    )
    corrections.correct(report, wanted, seen=Status.RECEIVED, by=seat("minh"), request_key=None, now=today())
    assert (report.category_code, report.assign_from, report.assign_due_at) == (
        "ngap_ung",
        at(16, 16),
        at(18, 10),
    )
    assert report.next_due_at == runs_out(report)


def test_the_database_wants_a_due_moment_where_nobody_is_in_charge(app: Flask) -> None:
    wrong: tuple[tuple[Report, dict[str, Any]], ...] = (
        (unassigned(), {"assign_due_at": None, "assign_from": None}),
        (unassigned(), {"assign_from": None}),
        (unassigned(), {"assigned_at": today()}),
        (step(send_report(), Step.RECEIVE), {"assignee_id": None, "assigned_at": None}),
        (step(send_report(), Step.RECEIVE), {"assigned_at": None}),
    )
    for report, values in wrong:
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(update(Report).where(Report.id == report.id).values(**values))


def test_whatever_happens_the_next_moment_is_that_of_the_clock_that_runs_out_first(app: Flask, now) -> None:
    """Lawful steps by chance, with people who go and come, extensions and recounts between."""
    chance = Random(4)
    people = [account("minh"), hire("ngoc", "UBND_19333"), hire("an", "UBND_19351")]
    reports, moment, taken, ran = [send_report() for _ in range(3)], at(16, 8), set(), set()
    for turn in range(80):
        moment += timedelta(minutes=chance.choice((1, 30, 120, 600)))
        now.move_to(moment)
        report = chance.choice(reports)
        if turn % 8 == 7:
            _happens(chance, people, report)
        elif done := _steps(chance, people, report):
            taken.add(done)
        db.session.expire_all()
        for one in reports:
            assert one.next_due_at == runs_out(one), (turn, one.status, sorted(taken))
            ran |= set(clocks.running(one))
        if report.closed_at and chance.random() < 0.5:
            reports[reports.index(report)] = send_report()
    assert len(taken) > 12 and len(ran) == 3, "the walk went through most of the law"


def _steps(chance: Random, people: list[Account], report: Report) -> Step | None:
    """One step that is open, by an officer of the unit that leads or by the reporter."""
    ours = [
        person for person in people if person.active and seat(person.username).unit_id == report.lead_unit_id
    ]
    by = chance.choice([*ours, *ours, None])
    actor = Actor.OFFICER if by else Actor.RESIDENT
    open_ = set(standing.open_steps(report, actor, seat(by.username) if by else None, now=today())) - {
        Step.CORRECT,
        Step.DUPLICATE,
        Step.SAME_CAUSE,
    }
    if not open_:
        return None
    which = chance.choice(sorted(open_))
    if which is Step.RECEIVE:
        step(report, which, by=by.username, nobody=chance.random() < 0.6)
    elif which is Step.ASSIGN:
        step(report, which, by=by.username, to_account=chance.choice(ours).id)
    elif which in (Step.FORWARD, Step.RETURN):
        units = [seat(person.username).unit_id for person in people]
        other = next(one for one in units if one != report.lead_unit_id)
        step(report, which, "Của phường kia", by=by.username, to_unit=other, reason=Reason.OTHER_AREA)
    else:
        lawful_step(report, which, by=by.username if by else None)
    return which


def _happens(chance: Random, people: list[Account], report: Report) -> None:
    """Somebody goes or comes back, a later date is granted, or a storm gives everybody a day off."""
    match chance.randrange(3):
        case 0:
            person = chance.choice(people)
            switch(person, not person.active)
        case 1 if report.status in EXTENDABLE and report.lead_unit_id == seat("minh").unit_id:
            day = day_of(max(report.resolve_due_at, today()) + timedelta(days=9))
            with suppress(Conflict):  # a day off
                extensions.ask(report, day, "Chờ vật tư", by=seat("minh"), now=today())
                asked = extensions.waiting(report)
                extensions.decide(asked.id if asked else 0, grant=True, by=seat("ngoc"), now=today())
        case _:
            day = day_of(today() + timedelta(days=chance.randrange(1, 4)))
            with suppress(Conflict):  # off already
                calendar.add_day(day, STORM, by=seat("ha"), now=today())
            worker.recount(Flag())


def test_whose_appointment_ends_by_its_day_leaves_their_tickets_then(app: Flask, now) -> None:
    ngoc = hire("ngoc", "UBND_19333")
    held, [appointment] = step(send_report(), Step.RECEIVE, by="ngoc"), ngoc.appointments
    seen = records.version(appointment)
    seats.end(appointment.id, date(2026, 11, 18), seen=seen, by=seat("ha"), now=today())
    now.move_to(at(17, 16))
    worker.release(Flag())
    assert held.assignee_id == ngoc.id, "the last day"
    now.move_to(at(18, 8))
    worker.release(Flag())
    db.session.expire_all()
    assert (held.assignee_id, held.events[-1].step) == (None, "unassign")
