"""The two promises of a report, receive and resolve, kept in the office's time or round the clock."""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.core import deadlines
from portal.core.deadlines import ROUND_THE_CLOCK, WorkCalendar
from portal.models import Category, Holiday, Report, db

ONE_MINUTE = timedelta(minutes=1)


def calendar(category: Category) -> WorkCalendar:
    """The calendar by which this category's clocks run."""
    if category.round_the_clock:
        return ROUND_THE_CLOCK
    days = db.session.execute(select(Holiday.day, Holiday.effect)).all()
    return WorkCalendar(
        days_off=frozenset(day for day, effect in days if effect == "off"),
        days_worked=frozenset(day for day, effect in days if effect == "work"),
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
