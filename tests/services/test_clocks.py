"""By which clocks a report runs: category, priority, unit, office hours; what a change of them does to a promise."""

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import select

from portal.core.deadlines import ALWAYS, VIETNAM
from portal.core.workflow import Status, Step
from portal.models import Category, Report, ServiceLevel, Unit, db, transaction
from portal.services import clocks, handling, territory
from tests.factories import seat, send_report, step

CASES = {  # (category, priority, unit) of a service level, in the order in which they win
    ("den_duong", "urgent", "UBND_19333"): 10,
    ("den_duong", "urgent", None): 20,
    (None, "urgent", "UBND_19333"): 30,
    (None, "urgent", None): 40,
    ("den_duong", None, "UBND_19333"): 50,
    ("den_duong", None, None): 60,
    (None, None, "UBND_19333"): 70,
}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


def unit(code: str) -> Unit:
    return db.session.scalars(select(Unit).filter_by(code=code, valid_until=None)).one()


def keep(*rows: tuple[str | None, str | None, str | None, int], round_the_clock: bool = False) -> None:
    """Service levels as an administrator would have written them: (category, priority, unit, minutes)."""
    with transaction():
        for category, priority, code, minutes in rows:
            db.session.add(
                ServiceLevel(
                    category_code=category,
                    priority=priority,
                    unit_code=code,
                    receive_minutes=minutes,
                    assign_minutes=minutes,
                    resolve_minutes=2 * minutes,
                    round_the_clock=round_the_clock,
                    legal_basis="Quy định thử nghiệm",
                )
            )
        territory.revise()


def open_at(code: str, hours: str) -> None:
    with transaction():
        unit(code).office_hours = hours
        territory.revise()


def change(report: Report, **values: object) -> None:
    with transaction():
        for name, value in values.items():
            setattr(report, name, value)


def test_the_most_specific_service_level_wins_and_emergencies_are_never_slowed(app: Flask) -> None:
    """Taken away one after the other, the next one holds; without any, the category's own clocks do."""
    with transaction():
        db.session.query(ServiceLevel).delete()
    keep(*((*case, minutes) for case, minutes in CASES.items()))
    category = db.session.get_one(Category, "den_duong")
    for case, minutes in CASES.items():
        terms = clocks.timetable().terms(category, "urgent", unit("UBND_19333"))
        assert (terms.receive_minutes, terms.resolve_minutes) == (minutes, 2 * minutes), case
        with transaction():
            db.session.query(ServiceLevel).filter_by(id=terms.level).delete()
            territory.revise()
    terms = clocks.timetable().terms(category, "urgent", unit("UBND_19333"))
    assert (terms.receive_minutes, terms.level) == (category.receive_minutes, None)


def test_a_level_of_others_is_nobody_elses(app: Flask) -> None:
    keep(("rac_thai", None, None, 10), ("den_duong", "emergency", None, 20), (None, None, "UBND_19351", 30))
    report = send_report()
    assert report.receive_due_at == at(17, 8)
    assert report.resolve_due_at == at(19, 8)


def test_a_unit_keeps_its_own_hours_and_emergencies_keep_none(app: Flask) -> None:
    """8 hours at four a morning: Monday and Tuesday; an emergency runs through the night."""
    open_at("UBND_19333", "mon-fri 07:30-11:30; sat 07:30-09:30")
    report = send_report()
    assert (report.hours, report.receive_due_at) == (unit("UBND_19333").office_hours, at(18, 8))
    emergency = send_report(category="thien_tai")
    assert (emergency.hours, emergency.receive_due_at) == (ALWAYS, at(16, 9))


def test_a_unit_that_never_closes_works_on_holidays(app: Flask, now) -> None:
    open_at("UBND_19333", ALWAYS)
    now.move_to(at(24, 0))
    assert send_report().receive_due_at == at(24, 8)


def test_another_unit_goes_on_by_its_own_hours_from_the_first_day(app: Flask, now) -> None:
    """Two days promised on Monday 8:00; given to a unit of mornings only: 24 hours are six mornings."""
    report = send_report()
    assert report.resolve_due_at == at(19, 8)
    open_at("UBND_19351", "mon-fri 07:30-11:30")
    now.move_to(at(16, 10))
    step(report, Step.FORWARD, "Thuộc phường Nam Đông Hà", to_unit=unit("UBND_19351").id)
    assert report.led_since == at(16, 10)
    assert report.receive_due_at == at(18, 10)
    assert report.resolve_due_at == at(25, 8)
    assert report.next_due_at == at(18, 10)


def test_a_change_of_category_keeps_the_time_already_spent(app: Flask, now) -> None:
    """Asked on Tuesday for half a day; then five days instead of three, counted from Monday, and the pause stays."""
    report = send_report()
    step(report, Step.RECEIVE)
    now.move_to(at(17, 7, 30))
    step(report, Step.ASK, "Đèn số mấy?")
    now.move_to(at(17, 13, 30))
    step(report, Step.START)
    assert report.resolve_due_at == at(19, 14)
    potholes = db.session.get_one(Category, "duong_hong")
    values = clocks.resolve_due_after_change(report, category=potholes)
    values = clocks.settled(report, values, now=at(17, 13, 30))
    assert values["resolve_minutes"] == potholes.resolve_minutes == 5 * 480
    assert values["resolve_due_at"] == values["next_due_at"] == at(23, 14)
    change(report, category=potholes, **values)
    assert clocks.resolve_due_after_change(report)["resolve_due_at"] == at(23, 14)


def test_a_change_while_nothing_runs_starts_nothing(app: Flask, now) -> None:
    report = send_report()
    step(report, Step.RECEIVE)
    step(report, Step.ASK, "Đèn số mấy?")
    now.move_to(at(16, 10))
    potholes = db.session.get_one(Category, "duong_hong")
    values = clocks.settled(
        report, clocks.resolve_due_after_change(report, category=potholes), now=at(16, 10)
    )
    assert values["next_due_at"] is None
    change(report, category=potholes, **values)
    step(report, Step.START)
    assert report.resolve_due_at == report.next_due_at == at(23, 10)


def test_a_promise_is_explained_by_its_intervals_and_the_holidays_between(app: Flask, now) -> None:
    now.move_to(at(23, 15))
    report = send_report()
    why = clocks.explain(report.promised_from, report.resolve_minutes, report.hours)
    assert why.due == report.resolve_due_at
    assert [begin.day for begin, _ in why.counted] == [23, 25, 25, 26, 26, 27, 27]
    assert sum((end - begin).seconds // 60 for begin, end in why.counted) == why.minutes
    assert [holiday.day.day for holiday in why.skipped] == [24]


def test_the_law_knows_which_clocks_run(app: Flask) -> None:
    report = send_report()
    assert report.next_due_at == report.receive_due_at
    for status in (Status.WAITING, Status.RESOLVED, Status.REJECTED):
        assert clocks.settled(report, {"status": status}, now=at(16, 8))["next_due_at"] is None
    sooner = {"resolve_due_at": at(16, 9)}
    assert clocks.settled(report, sooner, now=at(16, 8))["next_due_at"] == at(16, 9)
    received = sooner | {"status": Status.RECEIVED, "receive_due_at": at(16, 8), "assignee_id": 1}
    assert clocks.settled(report, received, now=at(16, 8))["next_due_at"] == at(16, 9)
    assert handling.ticket(report.code, seat("minh")).next_due_at == report.next_due_at
    assert report.submitted_at == report.promised_from == report.led_since == datetime.now(UTC)
