"""The clocks of a report, receive, assign and resolve: how long, by whose hours, from when, and until when.

What a report was promised stands with it in minutes, so that every due date can be explained and counted anew:
received within `receive_minutes` since `led_since`; somebody named within `assign_minutes` since `assign_from`, while
nobody is in charge; answered within `resolve_minutes` and `put_off_minutes` since
`promised_from`. The functions here give the columns of a report that a step changes;
`settled` adds to all of them what follows for the assign clock and the moment that counts next.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import product
from typing import Any

from sqlalchemy import select

from portal.core import deadlines, workflow
from portal.core.deadlines import ALWAYS, WorkCalendar
from portal.core.errors import Conflict
from portal.core.workflow import Clock, Status
from portal.models import Category, Holiday, Report, ServiceLevel, Task, Unit, db
from portal.services import territory
from portal.services.territory import Version

ONE_MINUTE = timedelta(minutes=1)
Values = dict[str, Any]
NOBODY: Values = {"assignee_id": None, "assigned_at": None}  # is in charge
FOLLOWED = (
    "status",
    "assignee_id",
    "hours",
    "assign_minutes",
    *(f"{clock}_due_at" for clock in Clock),
)


@dataclass(frozen=True)
class Terms:
    """How long receiving, naming somebody and resolving may take, in minutes of `hours`, and by which law.

    `level` is the service level that says so; None where it is the category itself.
    """

    receive_minutes: int
    assign_minutes: int
    resolve_minutes: int
    hours: str
    level: int | None
    legal_basis: str


@dataclass(frozen=True)
class Timetable:
    """The days off and the service levels of one version of the directory."""

    days_off: frozenset[date]
    days_worked: frozenset[date]
    levels: dict[tuple[str | None, str | None, str | None], Terms]

    def calendar(self, hours: str) -> WorkCalendar:
        return deadlines.work_calendar(hours, self.days_off, self.days_worked)

    def terms(self, category: Category, priority: str, unit: Unit) -> Terms:
        """By what a report's clocks run: the most specific service level, else the category's own clocks.

        A level that names the priority goes before one that does not, whatever else they name, so that no rule for
        ordinary cases slows an emergency down; then one that names the category, then one that names the unit.
        Round the clock where the level or category says so, else by the unit's office hours.
        """
        own = Terms(
            category.receive_minutes,
            category.assign_minutes,
            category.resolve_minutes,
            ALWAYS if category.round_the_clock else "",
            None,
            category.legal_basis,
        )
        cases = product((priority, None), (category.code, None), (unit.code, None))
        found = next((self.levels[case] for case in cases if case in self.levels), own)
        return found if found.hours else Terms(**vars(found) | {"hours": unit.office_hours})


@dataclass(frozen=True)
class Countdown:
    """A promise seen from now: is it past, and how many minutes of its own time away (rounded down)?

    `reminded`: most of its time is over, and the unit has been told. `clock`: of the report, which one it is.
    """

    at: datetime
    late: bool
    minutes: int
    round_the_clock: bool
    reminded: bool = False
    clock: Clock | None = None


@dataclass(frozen=True)
class Explained:
    """Why a promise is due when it is: so many `minutes` of `hours` from `start`, in these working intervals.

    `skipped` are the holidays between, on days that would have been worked.
    """

    start: datetime
    due: datetime
    minutes: int
    hours: str
    counted: list[tuple[datetime, datetime]]
    skipped: list[Holiday]


def timetable() -> Timetable:
    """What the clocks go by today; read again only when the directory has changed."""
    return _timetable(territory.version())


@lru_cache(maxsize=4)
def _timetable(_version: Version | None) -> Timetable:
    days = db.session.execute(select(Holiday.day, Holiday.effect)).all()
    levels = {
        (level.priority, level.category_code, level.unit_code): Terms(
            level.receive_minutes,
            level.assign_minutes,
            level.resolve_minutes,
            ALWAYS if level.round_the_clock else "",
            level.id,
            level.legal_basis,
        )
        for level in db.session.scalars(select(ServiceLevel))
    }
    return Timetable(
        frozenset(day for day, effect in days if effect == "off"),
        frozenset(day for day, effect in days if effect == "work"),
        levels,
    )


def terms_of(report: Report) -> Terms:
    """By what the report's clocks would run if it began today."""
    return timetable().terms(report.category, report.priority, report.lead_unit)


def start(category: Category, priority: str, unit: Unit, *, now: datetime) -> Values:
    """The clocks of a new report."""
    terms = timetable().terms(category, priority, unit)
    values = {
        "led_since": now,
        "promised_from": now,
        "hours": terms.hours,
        "receive_minutes": terms.receive_minutes,
        "assign_minutes": terms.assign_minutes,
        "resolve_minutes": terms.resolve_minutes,
        "receive_due_at": later(now, terms.receive_minutes, terms.hours),
        "resolve_due_at": later(now, terms.resolve_minutes, terms.hours),
    }
    return values | {"next_due_at": _next_due(workflow.running(Status.SUBMITTED, named=False), values)}


def settled(report: Report, values: Values, *, now: datetime) -> Values:
    """These changes of a report with what follows from them: the assign clock that they start, and `next_due_at`,
    the moment at which the first of the clocks that run then runs out (None where none runs).
    """
    then = {name: values.get(name, getattr(report, name)) for name in FOLLOWED}
    runs = workflow.running(Status(then["status"]), named=then["assignee_id"] is not None)
    if Clock.ASSIGN in runs and Clock.ASSIGN not in running(report):
        started = {"assign_from": now, "assign_due_at": later(now, then["assign_minutes"], then["hours"])}
        then |= started
        values = values | started | {"alarmed_for": None}
    return values | {"next_due_at": _next_due(runs, then)}


def running(report: Report) -> tuple[Clock, ...]:
    """The clocks of the report that run."""
    return workflow.running(Status(report.status), named=report.assignee_id is not None)


def next_clock(report: Report) -> Clock | None:
    """Which clock of the report runs out next; None where none runs."""
    return min(running(report), key=lambda clock: due_of(report, clock), default=None)


def in_charge(report: Report, account_id: int, *, now: datetime) -> Values:
    """This officer is in charge of the report, from now on if nobody was before."""
    return {"assignee_id": account_id, "assigned_at": report.assigned_at or now}


def resolve_due_after_change(
    report: Report, *, category: Category | None = None, priority: str | None = None, unit: Unit | None = None
) -> Values:
    """The resolve clock of a report whose category, priority or unit has changed, by the terms that it has now.

    It counts from the first day on, so the time that was spent stays spent; pauses and extensions stay granted.
    """
    terms = timetable().terms(
        category or report.category, priority or report.priority, unit or report.lead_unit
    )
    return again(report, terms) | {"alarmed_for": None}


def after_change(report: Report) -> Values:
    """The clocks of a report whose category or priority has changed; that for receiving while it still runs."""
    values = resolve_due_after_change(report)
    if Status(report.status) in workflow.UNRECEIVED:
        terms = terms_of(report)
        values |= {
            "receive_minutes": terms.receive_minutes,
            "receive_due_at": receive_due(report, terms),
        }
    return values


def again(report: Report, terms: Terms) -> Values:
    """The resolve clock of the report by these terms, and the assign clock while nobody is in charge."""
    values = {
        "hours": terms.hours,
        "resolve_minutes": terms.resolve_minutes,
        "resolve_due_at": later(
            report.promised_from, terms.resolve_minutes + report.put_off_minutes, terms.hours
        ),
    }
    if report.assignee_id is None:
        values["assign_minutes"] = terms.assign_minutes
        if report.assign_from:
            values["assign_due_at"] = later(report.assign_from, terms.assign_minutes, terms.hours)
    return values


def receive_due(report: Report, terms: Terms) -> datetime:
    """When the unit that leads the report has to have received it."""
    return later(report.led_since, terms.receive_minutes, terms.hours)


def given_to(report: Report, unit: Unit, *, now: datetime) -> Values:
    """Another unit has its own time to receive and to name somebody; the promise to the reporter goes on, so a late
    ticket stays late.
    """
    terms = timetable().terms(report.category, report.priority, unit)
    return again(report, terms) | {
        **NOBODY,
        "led_since": now,
        "receive_minutes": terms.receive_minutes,
        "assign_minutes": terms.assign_minutes,
        "receive_due_at": later(now, terms.receive_minutes, terms.hours),
        "assign_from": None,
        "assign_due_at": None,
    }


def paused(*, now: datetime) -> Values:
    """The clocks stand still from now on."""
    return {"waiting_since": now}


def answer_due(report: Report, *, now: datetime) -> datetime:
    """Until when the reporter may answer what is asked now, by the office hours of the unit that asks."""
    return later(now, workflow.ANSWERED_WITHIN_MINUTES, report.lead_unit.office_hours)


def resumed(report: Report, *, now: datetime) -> Values:
    """The clocks run again: the promise moves by the working time that they stood still."""
    away = worked_minutes(report.hours, report.waiting_since or now, now)
    return {
        "waiting_since": None,
        "paused_minutes": report.paused_minutes + away,
        "put_off_minutes": report.put_off_minutes + away,
        "resolve_due_at": later(report.resolve_due_at, away, report.hours),
    }


def reopened(report: Report, *, now: datetime) -> Values:
    """A new promise from now on; the time between closing and reopening counts for nobody."""
    terms = terms_of(report)
    closed = worked_minutes(report.hours, report.closed_at or now, now)
    return {
        "promised_from": now,
        "hours": terms.hours,
        "assign_minutes": terms.assign_minutes,
        "resolve_minutes": terms.resolve_minutes,
        "put_off_minutes": 0,
        "paused_minutes": report.paused_minutes + closed,
        "resolve_due_at": later(now, terms.resolve_minutes, terms.hours),
    }


def due_of(report: Report, clock: Clock) -> datetime:
    """When this clock of the report runs out, or ran out."""
    return getattr(report, f"{clock}_due_at")


def worked_minutes(hours: str, start: datetime, end: datetime) -> int:
    """Whole minutes of these office hours between two moments."""
    return deadlines.worked(start, end, timetable().calendar(hours)) // ONE_MINUTE


def countdown(owed: Report | Task, at: datetime, *, now: datetime) -> Countdown:
    """How far away a promised moment of the report, or of a task, is."""
    away = worked_minutes(owed.hours, min(at, now), max(at, now))
    return Countdown(at, at < now, away, owed.hours == ALWAYS)


def end_of_work(day: date, hours: str) -> datetime:
    """When work ends on that day; a minute before midnight where it never ends. Raises Conflict at 'day'."""
    spans = list(timetable().calendar(hours).spans(day))
    if not spans:
        raise Conflict(field="day", reason="day_off")
    end = spans[-1][1]
    return (end - ONE_MINUTE if end.time() == time() else end).astimezone(deadlines.VIETNAM)


def later(now: datetime, minutes: int, hours: str) -> datetime:
    """The moment when so many minutes of these office hours are over."""
    return deadlines.due(now, minutes * ONE_MINUTE, timetable().calendar(hours))


def explain(start: datetime, minutes: int, hours: str) -> Explained:
    """Why a promise of so many minutes is due when it is."""
    calendar = timetable().calendar(hours)
    counted = deadlines.intervals(start, minutes * ONE_MINUTE, calendar)
    due = counted[-1][1] if counted else start
    return Explained(start, due, minutes, hours, counted, list(_skipped(calendar, start, due)))


def _skipped(calendar: WorkCalendar, start: datetime, due: datetime) -> Iterable[Holiday]:
    first, last = (moment.astimezone(deadlines.VIETNAM).date() for moment in (start, due))
    query = select(Holiday).where(Holiday.effect == "off", Holiday.day.between(first, last))
    for holiday in db.session.scalars(query.order_by(Holiday.day)):
        if calendar.week[holiday.day.weekday()] and not calendar.works_on(holiday.day):
            yield holiday


def _next_due(runs: Iterable[Clock], dues: Values) -> datetime | None:
    return min((dues[f"{clock}_due_at"] for clock in runs), default=None)
