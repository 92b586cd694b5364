"""Which reports an officer asks to see: a tab of the inbox, and what narrows it.

A report shows one of three moments: `next_due_at` while a clock runs, `waiting_since` while it stands still,
`closed_at` afterwards. Each of them has an index of its own, by unit, and every tab is a part of one or two of these.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, false, func, select

from portal.core import permissions, text
from portal.core.deadlines import VIETNAM, day_of
from portal.core.permissions import Deed, Place
from portal.core.workflow import Status
from portal.models import Report, Seat, db
from portal.services import places, reach

Predicates = list[ColumnElement[bool]]


class Tab(StrEnum):
    TODO = "todo"
    MINE = "mine"
    HELPING = "helping"
    OVERDUE = "overdue"
    APPROVAL = "approval"
    WAITING = "waiting"
    DONE = "done"
    WIDER = "wider"  # what the seat may read beside its own


@dataclass(frozen=True)
class Filters:
    """What narrows every tab, '' or None where it does not.

    `category`, `area`: codes, `area` of the map in force today; `status`, `priority`, `channel` as reports have them;
    `first` and `last` day of sending in Vietnam, both within; `words` in any order, with or without marks.
    """

    category: str = ""
    area: str = ""
    status: str = ""
    priority: str = ""
    channel: str = ""
    first: date | None = None
    last: date | None = None
    words: str = ""


def in_tab(tab: Tab, seat: Seat, *, now: datetime) -> Predicates:
    """The reports of this tab: those that the unit of the seat leads, or helps with; or the open ones that others lead
    and it may read."""
    running, apart = Report.next_due_at.is_not(None), reach.unconcerned(seat)
    # Closed ones too: a reform gives them to the heir.
    ours = and_(Report.lead_unit_id == seat.unit_id, apart)
    match tab:
        case Tab.TODO:
            return [ours, running]
        case Tab.OVERDUE:
            return [ours, running, Report.next_due_at < now]
        case Tab.APPROVAL:
            return [ours, running, Report.status == Status.AWAITING_APPROVAL]
        case Tab.WAITING:
            return [ours, Report.waiting_since.is_not(None)]
        case Tab.DONE:
            return [ours, Report.closed_at.is_not(None)]
        case Tab.MINE:
            return [ours, Report.assignee_id == seat.account_id, Report.closed_at.is_(None)]
        case Tab.HELPING:
            return [reach.helped_by(seat.unit_id), apart, Report.closed_at.is_(None)]
        case Tab.WIDER:
            others = Report.lead_unit_id.is_distinct_from(seat.unit_id)
            return [reach.of(seat, Deed.READ_REPORTS), others, Report.closed_at.is_(None)]


def tabs(seat: Seat) -> tuple[Tab, ...]:
    """The tabs that this seat has: without a unit only the wide one, which needs a wide reach."""
    narrow = [tab for tab in Tab if tab is not Tab.WIDER]
    wide = permissions.places(Deed.READ_REPORTS, seat.role) - {Place.OWN, Place.COOPERATING}
    return (*(narrow if seat.unit_id else ()), *((Tab.WIDER,) if wide else ()))


def narrowed(filters: Filters, *, now: datetime) -> Predicates:
    """What the filters ask of a report."""
    exact = (
        (Report.category_code, filters.category),
        (Report.status, filters.status),
        (Report.priority, filters.priority),
        (Report.channel, filters.channel),
    )
    wanted: Predicates = [column == value for column, value in exact if value]
    if filters.area:
        vintage = places.vintage_on(day_of(now))
        wanted += [Report.area_code == filters.area, Report.area_vintage == vintage]
    if filters.first:
        wanted.append(Report.submitted_at >= _midnight(filters.first))
    if filters.last:
        wanted.append(Report.submitted_at < _midnight(filters.last) + timedelta(days=1))
    if filters.words:
        folded = text.fold(filters.words).split()
        wanted += [Report.words_folded.contains(word) for word in folded] or [false()]
    return wanted


def arrived(seat: Seat, filters: Filters, since: datetime, *, now: datetime) -> int:
    """How many reports under these filters have come to the officer's unit since that moment and still run."""
    wanted = [*in_tab(Tab.TODO, seat, now=now), *narrowed(filters, now=now), Report.led_since > since]
    return db.session.scalar(select(func.count()).where(*wanted)) or 0


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)
