"""Open reports whose officer leaves: nobody is in charge of them, and the clock to name somebody starts anew."""

from datetime import datetime

from sqlalchemy import Select, select

from portal.core.deadlines import day_of
from portal.models import Account, Event, Report, db, transaction
from portal.services.clocks import promises
from portal.services.routing.conflicts import impartial


def release(person: Account, *, now: datetime) -> None:
    """Take open reports from somebody whose account is closed, or who does not work in the unit that leads them; call
    it in the transaction that changes the account or its appointments.
    """
    db.session.flush()
    query = _orphaned(now).where(Report.assignee_id == person.id).order_by(Report.id)
    for report in db.session.scalars(query.with_for_update().execution_options(populate_existing=True)):
        for column, value in promises.settled(report, promises.NOBODY, now=now).items():
            setattr(report, column, value)
        db.session.add(_event(report, person, now))


def release_next(*, now: datetime) -> bool:
    """Take the open reports from one person whose appointment has ended by its date; False where there is none."""
    with transaction():
        found = db.session.scalar(_orphaned(now).order_by(Report.id).limit(1))
        if found and found.assignee:
            release(found.assignee, now=now)
    return found is not None


def has_left(report: Report, *, now: datetime) -> bool:
    """Does who was in charge not work in the unit any more, or is it about an office of theirs?"""
    day = day_of(now)
    here = Account.works_in(report.lead_unit_id, day) & impartial(report.about_unit_id, day)
    return (
        report.assignee_id is not None
        and db.session.scalar(select(Account.id).where(Account.id == report.assignee_id, here)) is None
    )


def _orphaned(now: datetime) -> Select[Report]:
    """Open reports with somebody in charge who does not work in the unit that leads them."""
    query = select(Report).join(Report.assignee).where(Report.closed_at.is_(None))
    return query.where(~Account.works_in(Report.lead_unit_id, day_of(now)))


def _event(report: Report, person: Account, now: datetime) -> Event:
    return Event.beside(report, "unassign", details={"left": person.name}, at=now)
