"""Reading only: how long do residents wait, and who lets them wait?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, func, select

from portal.core import statistics
from portal.core.deadlines import VIETNAM
from portal.core.statistics import Case, Figure
from portal.core.workflow import OPEN
from portal.models import Category, Report, Unit, db

Grouping = Literal["unit", "category"]


@dataclass(frozen=True)
class Row:
    """The figures of one unit or category, or of all.

    `median_minutes` are working minutes from sending to the answer, pauses left out, of the reports whose
    category keeps office hours. Only where there is no such report are they minutes round the clock, and
    `round_the_clock` says so. None where nothing was answered.
    """

    thing: Unit | Category | None
    received: int
    closed: int
    on_time: int
    on_time_percent: float | None
    median_minutes: float | None
    round_the_clock: bool
    open: int
    overdue: int


@dataclass(frozen=True)
class ResponseTimes:
    """Rows with at least one report, their total, and what lies open from before the period."""

    rows: list[Row]
    total: Row
    open_before: int
    overdue_before: int


class _Told(NamedTuple):
    """What one report tells: to which row it belongs, and how it went."""

    case: Case
    round_the_clock: bool


def response_times(since: date, until: date, by: Grouping, *, now: datetime) -> ResponseTimes:
    """How the reports of a period went, per unit that leads them now, or per category.

    A report counts if it was submitted in [`since` 00:00, the day after `until` 00:00), Vietnam's time. Each is
    either closed (resolved or refused) or open, as of `now`. On time: closed by its resolve date, which pauses
    for the reporter's answer have moved. Overdue: open, and the clock that runs (receive or resolve) has passed
    its date; while the reporter is asked no clock runs. A reopened report is open until it is closed again.
    """
    start, end = _midnight(since), _midnight(until + timedelta(days=1))
    told = _told(start, end, by, now)
    figures = statistics.figures(each.case for each in told)
    in_hours = _medians(each.case for each in told if not each.round_the_clock)
    things = _things(by, [str(figure.key) for figure in figures])
    rows = [_row(things[str(figure.key)], figure, in_hours.get(figure.key)) for figure in figures]
    everything = [each.case for each in told]
    office = statistics.total(each.case for each in told if not each.round_the_clock)
    total = _row(None, statistics.total(everything), office.median_minutes)
    return ResponseTimes(rows, total, *_open_before(start, now))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)


def _told(start: datetime, end: datetime, by: Grouping, now: datetime) -> list[_Told]:
    group = Report.lead_unit_id if by == "unit" else Report.category_code
    query = (
        select(
            group,
            Report.closed_at,
            Report.resolve_due_at,
            Report.next_due_at,
            Report.handled_minutes,
            Category.round_the_clock,
        )
        .join(Category, Report.category_code == Category.code)
        .where(Report.submitted_at >= start, Report.submitted_at < end)
    )
    return [
        _Told(
            Case(
                group=str(key),
                minutes=minutes if closed else None,
                on_time=closed <= promised if closed else None,
                open=closed is None,
                overdue=next_due is not None and next_due < now,
            ),
            round_the_clock,
        )
        for key, closed, promised, next_due, minutes, round_the_clock in db.session.execute(query)
    ]


def _medians(cases: Iterable[Case]) -> dict[statistics.Key, float | None]:
    return {figure.key: figure.median_minutes for figure in statistics.figures(cases)}


def _things(by: Grouping, keys: list[str]) -> dict[str, Unit | Category]:
    if by == "unit":
        units = db.session.scalars(select(Unit).where(Unit.id.in_([int(key) for key in keys])))
        return {str(unit.id): unit for unit in units}
    return {category.code: category for category in db.session.scalars(select(Category))}


def _row(thing: Unit | Category | None, figure: Figure, in_hours: float | None) -> Row:
    return Row(
        thing=thing,
        received=figure.received,
        closed=figure.answered,
        on_time=figure.on_time,
        on_time_percent=figure.on_time_percent,
        median_minutes=figure.median_minutes if in_hours is None else in_hours,
        round_the_clock=in_hours is None and figure.median_minutes is not None,
        open=figure.open,
        overdue=figure.overdue,
    )


def _open_before(start: datetime, now: datetime) -> tuple[int, int]:
    """How many reports from before the period are open, and how many of them overdue."""
    open_: ColumnElement[bool] = Report.status.in_(OPEN)
    query = select(func.count(), func.count().filter(Report.next_due_at < now))
    row = db.session.execute(query.where(open_, Report.submitted_at < start)).one()
    return row[0], row[1]
