"""The two promises of a report, receive and resolve, kept in the office's time or round the clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.core import deadlines
from portal.core.deadlines import ROUND_THE_CLOCK, WorkCalendar
from portal.models import Category, Holiday, Report, db

ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Countdown:
    """A promise seen from now: is it past, and how many minutes of its own time away (rounded down)?"""

    at: datetime
    late: bool
    minutes: int
    round_the_clock: bool


def calendar(category: Category) -> WorkCalendar:
    """The calendar by which this category's clocks run."""
    return ROUND_THE_CLOCK if category.round_the_clock else office_calendar()


def office_calendar() -> WorkCalendar:
    """Office hours with the holidays and swapped working days that are known."""
    days = db.session.execute(select(Holiday.day, Holiday.effect)).all()
    return deadlines.work_calendar(
        "",
        frozenset(day for day, effect in days if effect == "off"),
        frozenset(day for day, effect in days if effect == "work"),
    )


def receive_due(category: Category, start: datetime) -> datetime:
    return deadlines.due(start, category.receive_minutes * ONE_MINUTE, calendar(category))


def resolve_due(category: Category, start: datetime) -> datetime:
    return deadlines.due(start, category.resolve_minutes * ONE_MINUTE, calendar(category))


def worked_minutes(category: Category, start: datetime, end: datetime) -> int:
    """Whole minutes of the category's time between two moments."""
    return deadlines.worked(start, end, calendar(category)) // ONE_MINUTE


def postponed(report: Report, minutes: int) -> datetime:
    """The resolve date moved by the working minutes that the clock stood still."""
    return deadlines.due(report.resolve_due_at, minutes * ONE_MINUTE, calendar(report.category))


def countdown(category: Category, at: datetime, *, now: datetime, office: WorkCalendar) -> Countdown:
    """How far away a promised moment is; `office` is `office_calendar()`, read once for many."""
    calendar = ROUND_THE_CLOCK if category.round_the_clock else office
    away = deadlines.worked(min(at, now), max(at, now), calendar)
    return Countdown(at, at < now, away // ONE_MINUTE, category.round_the_clock)
