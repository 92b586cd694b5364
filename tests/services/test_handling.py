"""Every step of the law as the services take it: status, clocks, history and messages together."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.deadlines import VIETNAM
from portal.core.errors import NotAllowed, NoteRequired, NotFound, ReasonRequired, Stale, UnitRequired
from portal.core.permissions import Role
from portal.core.workflow import STEPS, Actor, Condition, Effect, Reason, Status, Step
from portal.models import (
    Account,
    Contact,
    Event,
    Holiday,
    Message,
    Report,
    Seat,
    Unit,
    db,
    end_reading,
    transaction,
)
from portal.services import handling, territory
from portal.services.evidence import Evidence
from portal.services.handling import Command
from tests.factories import (
    after_photo,
    brought_to,
    hire,
    lawful_step,
    seat,
    send_report,
    step,
    unit,
    want_approval,
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


def minh() -> Seat:
    return seat("minh")


def hold(report: Report, condition: Condition) -> None:
    """Make this condition true of the report, where a fresh one does not meet it."""
    want_approval(wanted=condition is Condition.APPROVAL)
    if condition is Condition.LONG_CLOSED:
        with transaction():
            report.closed_at -= timedelta(days=31)


@pytest.mark.parametrize("status", list(Status))
def test_every_step_of_the_law_can_be_taken_and_is_remembered(app: Flask, status: Status) -> None:
    hire("ngoc", "UBND_19333")
    people = {Actor.OFFICER: "minh", Actor.APPROVER: "ngoc", Actor.RESIDENT: None}
    lines = [(taken, rule) for (seen, taken), rule in STEPS.items() if seen is status]
    for taken, rule in lines:
        for actor in rule.by.keys() & people.keys():
            report = brought_to(status)
            hold(report, rule.by[actor])
            told = db.session.query(Message).filter_by(report_id=report.id).count()
            lawful_step(report, taken, by=people[actor])
            restored = Status.SUBMITTED if rule.effect is Effect.RESTORE else status
            assert report.status == (rule.to or restored), taken
            event = report.events[-1]
            assert (event.step, event.from_status, event.to_status) == (taken, status, report.status)
            by = Actor.RESIDENT if actor is Actor.RESIDENT else Actor.OFFICER
            assert (event.actor, event.public) == (by, rule.public)
            assert event.unit.code == "UBND_19333", "who did it, not who has it now"
            messages = db.session.query(Message).filter_by(report_id=report.id).count()
            assert messages == told + rule.tells_reporter, taken


def test_what_the_law_does_not_know_is_refused(app: Flask) -> None:
    report = send_report()
    for status in Status:
        for taken in Step:
            if (status, taken) not in STEPS:
                with pytest.raises(NotAllowed):
                    handling.take_step(report, Command(taken, Actor.OFFICER, status, "x"), now=at(16, 8))
    with pytest.raises(NotAllowed):
        handling.take_step(report, Command(Step.RECEIVE, Actor.RESIDENT, Status.SUBMITTED), now=at(16, 8))
    assert [event.step for event in report.events] == ["submit"]


@pytest.mark.parametrize("note", ["", "  \n ", "\u200b\u200b", "\x00\x07"])
def test_a_note_that_says_nothing_is_no_note(app: Flask, note: str) -> None:
    report = brought_to(Status.IN_PROGRESS)
    with pytest.raises(NoteRequired):
        step(report, Step.RESOLVE, note)
    assert report.status == Status.IN_PROGRESS


def test_a_refusal_needs_a_reason_from_the_list(app: Flask) -> None:
    report = send_report()
    for reason in (None, "", "vì thích thế"):
        with pytest.raises(ReasonRequired):
            step(report, Step.REJECT, "không", reason=reason)


def test_a_report_is_forwarded_only_to_another_unit_that_exists_today(app: Flask) -> None:
    report = send_report()
    closed = db.session.scalars(select(Unit).where(Unit.valid_until < date(2026, 1, 1)).limit(1)).one()
    for wrong in (None, -1, report.lead_unit_id, closed.id):
        with pytest.raises(UnitRequired):
            step(report, Step.FORWARD, "nhầm địa bàn", to_unit=wrong)
    assert report.status == Status.SUBMITTED and report.lead_unit.code == "UBND_19333"


def test_receiving_makes_it_mine_and_starts_the_clock_to_resolve(app: Flask, now) -> None:
    report = send_report()
    assert report.next_due_at == report.receive_due_at
    now.move_to(at(16, 9))
    step(report, Step.RECEIVE)
    assert report.assignee.username == "minh"
    assert report.received_at == at(16, 9)
    assert report.next_due_at == report.resolve_due_at


def test_waiting_pauses_the_clock_and_moves_the_promise_by_the_working_time_waited(app: Flask, now) -> None:
    report = send_report()  # Monday 08:00, three working days: Thursday 08:00
    assert report.resolve_due_at == at(19, 8)
    now.move_to(at(16, 10))
    step(report, Step.RECEIVE)
    step(report, Step.ASK, "Đèn số mấy?")
    assert (report.next_due_at, report.waiting_since) == (None, at(16, 10))
    now.move_to(at(17, 19))  # 10:00–11:30, 13:30–17:30 and a whole Tuesday: 5.5 + 8 hours
    step(report, Step.REPLY, "Đèn số 12", by=None)
    assert report.paused_minutes == 13 * 60 + 30
    assert report.waiting_since is None
    assert report.resolve_due_at == at(20, 15, 30) == report.next_due_at
    now.move_to(at(18, 9, 30))  # two hours before the question and two after the answer
    step(report, Step.RESOLVE, "Đã thay bóng")
    assert report.handled_minutes == 4 * 60
    assert report.next_due_at is None and report.closed_at == at(18, 9, 30)


def test_a_note_while_waiting_does_not_start_the_clock(app: Flask, now) -> None:
    report = brought_to(Status.WAITING)
    since = report.waiting_since
    now.move_to(at(17, 10))
    step(report, Step.NOTE, "đã gọi hai lần")
    assert (report.status, report.waiting_since, report.next_due_at) == ("waiting", since, None)


def test_refusing_while_waiting_counts_only_the_time_that_was_ours(app: Flask, now) -> None:
    report = send_report()
    now.move_to(at(16, 9))
    step(report, Step.RECEIVE)
    step(report, Step.ASK, "Đèn số mấy?")
    now.move_to(at(20, 9))
    step(report, Step.REJECT, "không đủ thông tin", reason=Reason.NOT_ENOUGH)
    assert report.handled_minutes == 60
    assert (report.waiting_since, report.refusal_reason) == (None, "not_enough")


def test_forwarding_starts_only_the_clock_to_receive_again(app: Flask, now) -> None:
    report = send_report()
    now.move_to(at(16, 10))
    step(report, Step.RECEIVE)
    promised = report.resolve_due_at
    now.move_to(at(17, 8))
    step(report, Step.FORWARD, "nhầm địa bàn", to_unit=unit("UBND_19351").id)
    assert report.lead_unit.code == "UBND_19351"
    assert (report.status, report.assignee, report.received_at) == ("submitted", None, None)
    assert report.receive_due_at == report.next_due_at == at(18, 8)
    assert report.resolve_due_at == promised
    assert report.events[-1].details == {
        "from_unit": "UBND phường Đông Hà",
        "to_unit": "UBND phường Nam Đông Hà",
    }


def test_a_late_ticket_stays_late_when_it_is_forwarded(app: Flask, now) -> None:
    report = send_report()
    now.move_to(at(20, 8))
    step(report, Step.FORWARD, "nhầm địa bàn", to_unit=unit("UBND_19351").id)
    assert report.next_due_at == report.resolve_due_at == at(19, 8)


def test_reopening_gives_a_new_promise_and_counts_the_closed_time_for_nobody(app: Flask, now) -> None:
    report = send_report()
    now.move_to(at(16, 10))
    step(report, Step.RECEIVE)
    step(report, Step.RESOLVE, "Đã thay bóng")
    assert report.handled_minutes == 120
    now.move_to(at(18, 8))
    step(report, Step.REOPEN, "vẫn tối", by=None)
    assert (report.status, report.closed_at, report.handled_minutes) == ("in_progress", None, None)
    assert report.times_reopened == 1
    assert report.resolve_due_at == report.next_due_at == at(23, 8)
    now.move_to(at(18, 9))
    step(report, Step.RESOLVE, "Đã thay lại")
    assert report.handled_minutes == 180


def test_who_refuses_at_once_has_received_it(app: Flask, now) -> None:
    report = send_report()
    now.move_to(at(16, 9))
    step(report, Step.REJECT, "không thấy", reason=Reason.NOT_FOUND)
    assert report.received_at == at(16, 9)
    step(report, Step.REOPEN, "có thấy")
    assert (report.refusal_reason, report.assignee) == (None, None)
    assert report.next_due_at == report.assign_due_at == at(16, 15), "somebody has to take it"


def test_holidays_and_nights_are_not_waited(app: Flask, now) -> None:
    with transaction():
        db.session.add(
            Holiday(day=date(2026, 11, 17), name="Nghỉ", effect="off", status="official", legal_basis="thử")
        )
        territory.revise()
    report = send_report()
    assert report.resolve_due_at == at(20, 8)
    step(report, Step.RECEIVE)
    step(report, Step.ASK, "Đèn số mấy?")
    now.move_to(at(18, 7))
    step(report, Step.START)
    assert report.paused_minutes == 7 * 60 + 30


def test_an_emergency_runs_round_the_clock(app: Flask, now) -> None:
    now.move_to(at(21, 23))  # Saturday night
    report = send_report(category="thien_tai", description="Sạt lở ta luy dương, đất đá tràn xuống đường")
    with transaction():
        report.lead_unit_id = unit("UBND_19333").id
    assert report.receive_due_at == at(22, 0)
    step(report, Step.RECEIVE)
    step(report, Step.ASK, "Có ai bị nạn?")
    now.move_to(at(22, 1))
    step(report, Step.REPLY, "Không", by=None)
    assert report.paused_minutes == 120
    assert report.resolve_due_at == at(23, 1)


def test_the_second_of_two_officers_is_told_that_it_is_stale(app: Flask) -> None:
    report = brought_to(Status.IN_PROGRESS)
    given = Evidence(photos=(after_photo(report),))
    first = Command(Step.RESOLVE, Actor.OFFICER, Status.IN_PROGRESS, "xong", by=minh(), evidence=given)
    second = Command(Step.ASK, Actor.OFFICER, Status.IN_PROGRESS, "ở đâu?", by=minh())
    handling.take_step(report, first, now=at(16, 9))
    with pytest.raises(Stale):
        handling.take_step(report, second, now=at(16, 9))
    assert [event.step for event in report.events] == ["submit", "receive", "start", "resolve"]
    assert report.status == Status.RESOLVED


def test_one_form_sent_twice_is_one_step(app: Flask) -> None:
    report = send_report()
    note = Command(Step.NOTE, Actor.OFFICER, Status.SUBMITTED, "xem", request_key="a" * 20, by=minh())
    take = Command(Step.RECEIVE, Actor.OFFICER, Status.SUBMITTED, request_key="b" * 20, by=minh())
    for command in (note, note, take, take):
        handling.take_step(report, command, now=at(16, 9))
    assert [event.step for event in report.events] == ["submit", "note", "receive"]
    assert db.session.query(Message).filter_by(kind="receive").count() == 1


@pytest.mark.parametrize("taken", [Step.RECEIVE, Step.NOTE])
def test_both_taps_of_a_double_tap_at_the_same_moment_end_well(app: Flask, taken: Step) -> None:
    report = send_report()
    command = Command(taken, Actor.OFFICER, Status.SUBMITTED, "xem", request_key="c" * 20)
    code = report.code

    def tap(_number: int) -> str:
        with app.app_context():
            try:
                handling.take_step(handling.ticket(code, minh()), command, now=at(16, 9))
            finally:
                db.session.remove()
        return "done"

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(tap, range(6))) == ["done"] * 6
    end_reading()
    assert [event.step for event in report.events] == ["submit", taken]


def test_of_many_officers_at_once_exactly_one_takes_it(app: Flask) -> None:
    report = send_report()
    code = report.code

    def take(number: int) -> bool:
        command = Command(Step.RECEIVE, Actor.OFFICER, Status.SUBMITTED, request_key=f"officer-{number}")
        with app.app_context():
            try:
                handling.take_step(handling.ticket(code, minh()), command, now=at(16, 9))
            except Stale:
                return False
            finally:
                db.session.remove()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(take, range(6))) == 1
    end_reading()
    assert db.session.query(Event).filter_by(report_id=report.id, step="receive").count() == 1


def test_a_step_that_cannot_be_written_leaves_nothing_behind(app: Flask) -> None:
    report = send_report()
    stranger = Seat(
        Account(id=10**6), Role.OFFICER, report.lead_unit
    )  # no such account: the event cannot be saved
    command = Command(Step.RECEIVE, Actor.OFFICER, Status.SUBMITTED, by=stranger)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        handling.take_step(report, command, now=at(16, 9))
    end_reading()
    assert report.status == Status.SUBMITTED
    assert db.session.query(Message).filter_by(kind="receive").count() == 0


def test_a_reporter_without_contact_gets_no_message(app: Flask) -> None:
    report = send_report(phone="", consent=False)
    step(report, Step.RECEIVE)
    assert db.session.query(Message).count() == 0 and db.session.get(Contact, report.id) is None


def test_another_units_ticket_is_not_found(app: Flask) -> None:
    report = send_report()
    other = seat("tuan")
    for code in (report.code, "QT-2611-0000-0", "không phải mã", "", "x" * 5000):
        with pytest.raises(NotFound):
            handling.ticket(code, other)
    assert handling.ticket(report.code.lower(), minh()) is report
    assert handling.passed_on(report.code, other) is None
