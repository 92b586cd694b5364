"""Reading only: how long do residents wait, and who lets them wait?"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true

from portal.core import statistics
from portal.core.deadlines import VIETNAM
from portal.core.geography import Key
from portal.core.statistics import Case, Figure
from portal.core.workflow import ASSIGNED, OPEN, UNRECEIVED, Reason, Step
from portal.models import Area, Category, Event, Report, Unit, db
from portal.services.answers.generic import EXAMINED
from portal.services.evidence import RESULTS
from portal.services.geography import Geography, Map

Grouping = Literal["unit", "category", "area"]
NOWHERE = ""
EVERY = true()


@dataclass(frozen=True)
class Row:
    """The figures of one unit, category or area, or of all; no thing is also the row of unknown areas.

    `median_minutes` are working minutes from sending to the answer, pauses left out, of the reports whose
    category keeps office hours. Only where there is no such report are they minutes round the clock, and
    `round_the_clock` says so. None where nothing was answered.
    """

    thing: Unit | Category | Area | None
    received: int
    closed: int
    on_time: int
    on_time_percent: float | None
    extended: int
    median_minutes: float | None
    round_the_clock: bool
    open: int
    overdue: int
    merged: int
    recurred: int
    unassigned: int


@dataclass(frozen=True)
class ResponseTimes:
    """Rows with at least one report, their total, and what lies open from before the period."""

    rows: list[Row]
    total: Row
    open_before: int
    overdue_before: int


@dataclass(frozen=True)
class PingPong:
    """Two units that gave `reports` reports to each other and back."""

    units: tuple[Unit, Unit]
    reports: int


class Overruled(NamedTuple):
    """Of the answers to reports of a period: how many nearly repeat another, how many results rest on photos that are
    doubtful, and were sent all the same.
    """

    answers: int
    repeated: int
    results: int
    doubtful: int


class _Told(NamedTuple):
    """What one report tells: to which row it belongs, and how it went."""

    case: Case
    round_the_clock: bool


class _Sorting(NamedTuple):
    """How reports are sorted into rows: what must be known of each, and the key that follows from it."""

    columns: tuple[Any, ...]
    key: Callable[..., str]


def response_times(
    since: date,
    until: date,
    by: Grouping,
    geography: Geography | None = None,
    *,
    among: ColumnElement[bool] = EVERY,
    now: datetime,
) -> ResponseTimes:
    """How the reports of a period went, per unit that leads them now, per category, or per area of `geography`,
    which may be an older or a newer one than that of the day they were sent on; only of those `among` which one asks.

    A report counts if it was submitted in [`since` 00:00, the day after `until` 00:00), Vietnam's time, and was not
    withdrawn by its reporter. Each is
    either closed (resolved or refused), merged into another one,
    or open, as of `now`. On time: closed by its resolve date, which pauses
    for the reporter's answer have moved; extended: closed by a date to which it was put off. Overdue: open, and the
    clock that runs (receive or resolve) has passed its date; while the reporter is asked no clock runs. A reopened
    report is open until it is closed again.
    """
    start, end = _midnight(since), _midnight(until + timedelta(days=1))
    map_ = Map(geography.vintage) if geography else None
    told = _told(start, end, _sorting(by, geography, map_, start, end), among, now)
    figures = statistics.figures(each.case for each in told)
    in_hours = _medians(each.case for each in told if not each.round_the_clock)
    things = _things(by, [str(figure.key) for figure in figures], map_)
    rows = [_row(things.get(str(figure.key)), figure, in_hours.get(figure.key)) for figure in figures]
    everything = [each.case for each in told]
    office = statistics.total(each.case for each in told if not each.round_the_clock)
    total = _row(None, statistics.total(everything), office.median_minutes)
    return ResponseTimes(rows, total, *_open_before(start, among, now))


def ping_pong(since: date, until: date, *, among: ColumnElement[bool] = EVERY) -> list[PingPong]:
    """Between which units reports of a period went there and back, by whatever step; most first."""
    moves = (
        select(Event.report_id, Event.unit_id, Report.lead_unit_id)
        .join(Report, Report.id == Event.report_id)
        .where(
            Report.submitted_at >= _midnight(since),
            Report.submitted_at < _midnight(until + timedelta(days=1)),
            Report.hops >= 2,
            among,
            Event.step.in_((Step.FORWARD, Step.RETURN, Step.CORRECT)),
            Event.details["to_unit"].as_string().is_not(None),
        )
        .order_by(Event.report_id, Event.id)
    )
    paths: dict[int, list[Any]] = {}
    for report_id, unit_id, lead_id in db.session.execute(moves):
        paths[report_id] = [*paths.get(report_id, [])[:-1], unit_id, lead_id]
    pairs = statistics.there_and_back(paths.values())
    met = select(Unit).where(Unit.id.in_({unit_id for pair, _ in pairs for unit_id in pair}))
    units = {unit.id: unit for unit in db.session.scalars(met)}
    return [PingPong((units[one], units[other]), times) for (one, other), times in pairs]


def overruled(since: date, until: date, *, among: ColumnElement[bool] = EVERY) -> Overruled:
    """How often officers went on in spite of an objection, in answers to reports submitted in the period."""
    result = Event.step.in_(RESULTS)
    row = db.session.execute(
        select(
            func.count(),
            func.count(Event.details["repeats"].as_string()),
            func.count(case((result, 1))),
            func.count(Event.details["evidence_overruled"].as_string()),
        )
        .join(Report)
        .where(Event.step.in_(EXAMINED), among)
        .where(Report.submitted_at >= _midnight(since))
        .where(Report.submitted_at < _midnight(until + timedelta(days=1)))
    ).one()
    return Overruled(*row)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)


def _told(
    start: datetime, end: datetime, sorting: _Sorting, among: ColumnElement[bool], now: datetime
) -> list[_Told]:
    query = (
        select(
            Report.closed_at.is_not(None),
            Report.closed_at <= Report.resolve_due_at,
            _overdue(now),
            Report.handled_minutes,
            Report.times_extended,
            Report.duplicate_of_id.is_not(None),
            Report.times_recurred > 0,
            _unassigned(now),
            Category.round_the_clock,
            *sorting.columns,
        )
        .join(Category, Report.category_code == Category.code)
        .where(Report.submitted_at >= start, Report.submitted_at < end, among)
        .where(Report.refusal_reason.is_distinct_from(Reason.WITHDRAWN))
    )
    rows = db.session.execute(query)
    return [
        _Told(
            Case(
                group=sorting.key(*about),
                minutes=minutes if closed and not merged else None,
                on_time=on_time and not extended if closed and not merged else None,
                extended=bool(extended and on_time and not merged),
                open=not closed,
                overdue=bool(overdue),
                merged=bool(merged),
                recurred=bool(recurred),
                unassigned=bool(unassigned),
            ),
            round_the_clock,
        )
        for closed, on_time, overdue, minutes, extended, merged, recurred, unassigned, round_the_clock, *about in rows
    ]


def _sorting(
    by: Grouping, geography: Geography | None, map_: Map | None, start: datetime, end: datetime
) -> _Sorting:
    """By which columns a report finds its row."""
    if geography is None or map_ is None:
        return _Sorting((Report.lead_unit_id if by == "unit" else Report.category_code,), str)
    level, before = geography.level, _areas_before_reforms(start, end)

    def key(number: int, vintage: str, code: str, latitude: float | None, longitude: float | None) -> str:
        area = (vintage, code)
        if number in before:
            area = map_.nearest_key([*before[number], area])
        return map_.code_at(level, area, latitude, longitude) or NOWHERE

    place = (Report.area_vintage, Report.area_code, Report.latitude, Report.longitude)
    return _Sorting((Report.id, *place), key)


def _areas_before_reforms(start: datetime, end: datetime) -> Mapping[int, list[Key]]:
    """The areas that reports of the period lay in before a reform gave them new ones."""
    query = select(Event.report_id, Event.details["from_area"].as_string()).join(Report)
    query = query.where(Event.step == "reform", Report.submitted_at >= start, Report.submitted_at < end)
    found = defaultdict(list)
    for report_id, area in db.session.execute(query):
        if area:
            vintage, _, code = area.partition("/")
            found[report_id].append((vintage, code))
    return found


def _medians(cases: Iterable[Case]) -> dict[statistics.Key, float | None]:
    return {figure.key: figure.median_minutes for figure in statistics.figures(cases)}


def _things(by: Grouping, keys: list[str], map_: Map | None) -> Mapping[str, Unit | Category | Area]:
    if map_:
        return map_.areas
    if by == "unit":
        units = db.session.scalars(select(Unit).where(Unit.id.in_([int(key) for key in keys])))
        return {str(unit.id): unit for unit in units}
    return {category.code: category for category in db.session.scalars(select(Category))}


def _row(thing: Unit | Category | Area | None, figure: Figure, in_hours: float | None) -> Row:
    return Row(
        thing=thing,
        received=figure.received,
        closed=figure.answered,
        on_time=figure.on_time,
        on_time_percent=figure.on_time_percent,
        extended=figure.extended,
        median_minutes=figure.median_minutes if in_hours is None else in_hours,
        round_the_clock=in_hours is None and figure.median_minutes is not None,
        open=figure.open,
        overdue=figure.overdue,
        merged=figure.merged,
        recurred=figure.recurred,
        unassigned=figure.unassigned,
    )


def _overdue(now: datetime) -> ColumnElement[bool]:
    """Is a promise to the reporter broken? That nobody is named yet is none."""
    unreceived = and_(Report.status.in_(UNRECEIVED), Report.receive_due_at < now)
    return and_(Report.next_due_at < now, or_(unreceived, Report.resolve_due_at < now))


def _unassigned(now: datetime) -> ColumnElement[bool]:
    """Was nobody named in time to be in charge, and is nobody still? The reporter was promised nothing of it."""
    return and_(Report.status.in_(ASSIGNED), Report.assignee_id.is_(None), Report.assign_due_at < now)


def _open_before(start: datetime, among: ColumnElement[bool], now: datetime) -> tuple[int, int]:
    """How many reports from before the period are open, and how many of them overdue."""
    open_: ColumnElement[bool] = Report.status.in_(OPEN)
    query = select(func.count(), func.count().filter(_overdue(now)))
    row = db.session.execute(query.where(open_, Report.submitted_at < start, among)).one()
    return row[0], row[1]
