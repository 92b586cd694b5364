"""A page of the inbox by the clock that runs out next, and the counts of all its tabs.

Pages are found by the place of a row in the order, never by counting the rows before it: what comes or goes meanwhile
neither doubles nor hides a row, and the last page costs what the first one does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Subquery, and_, func, or_, select, true, tuple_
from sqlalchemy.orm import joinedload, selectinload

from portal.core.workflow import Status
from portal.models import Category, Report, Seat, db
from portal.services import clocks
from portal.services.clocks import Countdown, alarms
from portal.services.cooperation import tasks
from portal.services.inbox.choosing import Filters, Predicates, Tab, in_tab, narrowed, tabs

PAGE_SIZE = 25
MOMENTS = {
    Tab.WAITING: Report.waiting_since,
    Tab.DONE: Report.closed_at,
}  # most others go by the next due one
MIXED = {Tab.MINE, Tab.HELPING, Tab.WIDER}  # a clock runs or stands still; those that stand still come last
NEWEST_FIRST = {Tab.DONE}


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: behind a row of the tab's order, or before it where `back`. A row is its moment and id."""

    back: bool
    moment: datetime | None
    number: int


@dataclass(frozen=True)
class Wish:
    """What an officer asks to see: a tab under filters, from the cursor on or from its beginning."""

    tab: Tab = Tab.TODO
    filters: Filters = field(default_factory=Filters)
    cursor: Cursor | None = None


@dataclass(frozen=True)
class Listing:
    """One page of a tab, `counts` of every tab under the same filters, and the `due` clocks by report id:
    where the unit helps, those of its own tasks.

    `before` and `behind`: the cursors of the pages around it, None where there is none.
    """

    tab: Tab
    counts: dict[Tab, int]
    reports: Sequence[Report]
    due: dict[int, Countdown]
    before: Cursor | None
    behind: Cursor | None


def listing(seat: Seat, wish: Wish, *, now: datetime) -> Listing:
    """The page of the inbox that the officer asks for."""
    reports, before, behind = _page(seat, wish, now)
    reminded = alarms.reminded(reports)
    due = {
        report.id: replace(
            clocks.countdown(report, report.next_due_at, now=now),
            reminded=report.id in reminded,
            clock=clocks.next_clock(report),
        )
        for report in reports
        if report.next_due_at
    }
    if wish.tab is Tab.HELPING:
        due |= tasks.due(reports, seat.unit_id, now=now)
    return Listing(wish.tab, counts(seat, wish.filters, now=now), reports, due, before, behind)


def categories() -> list[Category]:
    """Every category that a ticket may have, also those in which nothing new is taken."""
    return list(db.session.scalars(select(Category).order_by(Category.position)))


def counts(seat: Seat, filters: Filters, *, now: datetime) -> dict[Tab, int]:
    """How many reports each tab has under these filters, in one statement that reads indexes only."""
    wanted = narrowed(filters, now=now)

    def of(tab: Tab, **also: ColumnElement[bool]) -> Subquery:
        parts = [func.count().filter(part).label(name) for name, part in also.items()]
        query = select(func.count().label(tab.value), *parts).select_from(Report)
        return query.where(*in_tab(tab, seat, now=now), *wanted).subquery(f"count_{tab}")

    wider = [of(Tab.WIDER)] if Tab.WIDER in tabs(seat) else []
    first, *others = (
        of(Tab.TODO, overdue=Report.next_due_at < now, approval=Report.status == Status.AWAITING_APPROVAL),
        of(Tab.MINE),
        of(Tab.HELPING),
        of(Tab.WAITING),
        of(Tab.DONE),
        *wider,
    )
    query = select(*first.c, *(column for part in others for column in part.c)).select_from(first)
    for part in others:
        query = query.join(part, true())
    found = db.session.execute(query).one()._mapping
    return {tab: found[tab.value] for tab in tabs(seat)}


def ordered(query: Any, tab: Tab, seat: Seat, *, back: bool = False) -> Any:
    """The query in the order of the tab, or the other way round."""
    moment = _moment(tab, seat)
    up = (tab not in NEWEST_FIRST) is not back
    keys = [moment, Report.id]
    if tab in MIXED:
        keys.insert(0, moment.is_(None))
    return query.order_by(*(key.asc() if up else key.desc() for key in keys))


def _page(seat: Seat, wish: Wish, now: datetime) -> tuple[list[Report], Cursor | None, Cursor | None]:
    wanted = [*in_tab(wish.tab, seat, now=now), *narrowed(wish.filters, now=now)]
    cursor = wish.cursor
    if cursor and cursor.back:
        found = _rows([*wanted, _beyond(wish.tab, seat, cursor)], wish.tab, seat, back=True)
        if len(found) > PAGE_SIZE:
            page = found[PAGE_SIZE - 1 :: -1]
            return [row.Report for row in page], _cursor(page[0], back=True), _cursor(page[-1])
        cursor = None  # the first page, and a whole one
    found = _rows([*wanted, *([_beyond(wish.tab, seat, cursor)] if cursor else [])], wish.tab, seat)
    page = found[:PAGE_SIZE]
    return (
        [row.Report for row in page],
        _cursor(page[0], back=True) if cursor and page else None,
        _cursor(page[-1]) if len(found) > PAGE_SIZE else None,
    )


def _rows(wanted: Predicates, tab: Tab, seat: Seat, *, back: bool = False) -> Sequence[Row[Any]]:
    """Reports with their `moment`, one more than a page has, if there are so many."""
    query = select(Report, _moment(tab, seat).label("moment")).where(*wanted)
    query = ordered(query, tab, seat, back=back).limit(PAGE_SIZE + 1)
    options = [joinedload(Report.category), joinedload(Report.area), joinedload(Report.assignee)]
    return db.session.execute(query.options(*options, selectinload(Report.photos))).all()


def _moment(tab: Tab, seat: Seat) -> Any:
    """By what the tab is ordered: where the unit helps, first of all by its own tasks."""
    if tab is Tab.HELPING:
        return func.coalesce(tasks.next_due(seat.unit_id), Report.next_due_at)
    return MOMENTS.get(tab, Report.next_due_at)


def _cursor(row: Row[Any], *, back: bool = False) -> Cursor:
    return Cursor(back, row.moment, row.Report.id)


def _beyond(tab: Tab, seat: Seat, cursor: Cursor) -> ColumnElement[bool]:
    """The rows on the cursor's side of its row. Without a moment a row stands behind all that have one."""
    moment = _moment(tab, seat)
    up = (tab not in NEWEST_FIRST) is not cursor.back
    if cursor.moment is None:
        beside = and_(moment.is_(None), Report.id > cursor.number if up else Report.id < cursor.number)
        return or_(moment.is_not(None), beside) if cursor.back else beside
    here = tuple_(moment, Report.id)
    there = tuple_(cursor.moment, cursor.number, types=[moment.type, Report.id.type])
    beyond = here > there if up else here < there
    return or_(beyond, moment.is_(None)) if tab in MIXED and not cursor.back else beyond
