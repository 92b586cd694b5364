"""What a unit owes: its tickets by the clock that runs out next, counted tab by tab."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import joinedload, selectinload

from portal.core import text
from portal.core.workflow import CLOSED, STANDING, Status
from portal.models import Account, Category, Report, db
from portal.models.reports import RUNNING
from portal.services import clocks
from portal.services.clocks import Countdown, alarms

PAGE_SIZE = 25


class Tab(StrEnum):
    TODO = "todo"
    MINE = "mine"
    WAITING = "waiting"
    APPROVAL = "approval"
    OVERDUE = "overdue"
    DONE = "done"


@dataclass(frozen=True)
class Wish:
    """What an officer asks to see: a tab, its page from 1, a category's code or '', and words in the text or ''."""

    tab: Tab = Tab.TODO
    page: int = 1
    category: str = ""
    words: str = ""


@dataclass(frozen=True)
class Listing:
    """One page of a tab, `counts` of every tab under the same filters, and the `due` clocks by report id."""

    tab: Tab
    page: int
    counts: dict[Tab, int]
    reports: Sequence[Report]
    due: dict[int, Countdown]

    @property
    def total(self) -> int:
        return self.counts[self.tab]

    @property
    def pages(self) -> int:
        """At least one: an empty list is a page too."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def has_prev(self) -> bool:
        return 1 < self.page <= self.pages

    @property
    def has_next(self) -> bool:
        return self.page < self.pages


def listing(officer: Account, wish: Wish, *, now: datetime) -> Listing:
    """The page of the inbox of the officer's unit; a page beyond the last one is empty."""
    wanted = _wanted(officer, wish)
    counts = _counts(officer, wanted, now)
    reports = _reports(officer, wish, wanted, now)
    reminded = alarms.reminded(reports)
    due = {
        report.id: clocks.countdown(report, report.next_due_at, now=now, reminded=report.id in reminded)
        for report in reports
        if report.next_due_at
    }
    return Listing(wish.tab, wish.page, counts, reports, due)


def categories() -> list[Category]:
    """Every category that a ticket may have, also those in which nothing new is taken."""
    return list(db.session.scalars(select(Category).order_by(Category.position)))


def _wanted(officer: Account, wish: Wish) -> list[ColumnElement[bool]]:
    """The unit's reports of the category that hold every word, in any order and with or without marks."""
    wanted = [Report.lead_unit_id == officer.unit_id]
    if wish.category:
        wanted.append(Report.category_code == wish.category)
    if wish.words:
        folded = text.fold(wish.words).split()
        wanted += [Report.words_folded.contains(word) for word in folded] or [false()]
    return wanted


def _in_tab(tab: Tab, officer: Account, now: datetime) -> ColumnElement[bool]:
    running: Any = sql(RUNNING)
    match tab:
        case Tab.TODO:
            return running
        case Tab.MINE:
            return (Report.assignee_id == officer.id) & Report.status.not_in(CLOSED)
        case Tab.WAITING:
            return Report.status.in_(STANDING)
        case Tab.APPROVAL:
            return Report.status == Status.AWAITING_APPROVAL
        case Tab.OVERDUE:
            return running & (Report.next_due_at < now)
        case Tab.DONE:
            return Report.status.in_(CLOSED)


ORDER: dict[Tab, tuple[Any, ...]] = {
    Tab.TODO: (Report.next_due_at, Report.id),
    Tab.MINE: (Report.next_due_at.is_(None), Report.next_due_at, Report.id),
    Tab.WAITING: (Report.waiting_since, Report.id),
    Tab.APPROVAL: (Report.next_due_at, Report.id),
    Tab.OVERDUE: (Report.next_due_at, Report.id),
    Tab.DONE: (Report.closed_at.desc(), Report.id.desc()),
}


def _counts(officer: Account, wanted: list[ColumnElement[bool]], now: datetime) -> dict[Tab, int]:
    counted = [func.count().filter(_in_tab(tab, officer, now)) for tab in Tab]
    return dict(zip(Tab, db.session.execute(select(*counted).where(*wanted)).one(), strict=True))


def _reports(
    officer: Account, wish: Wish, wanted: list[ColumnElement[bool]], now: datetime
) -> Sequence[Report]:
    query = (
        select(Report)
        .where(*wanted, _in_tab(wish.tab, officer, now))
        .order_by(*ORDER[wish.tab])
        .limit(PAGE_SIZE)
        .offset((wish.page - 1) * PAGE_SIZE)
        .options(
            joinedload(Report.category),
            joinedload(Report.area),
            joinedload(Report.assignee),
            selectinload(Report.photos),
        )
    )
    return db.session.scalars(query).all()
