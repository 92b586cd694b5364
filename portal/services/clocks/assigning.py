"""Open reports whose officer leaves: nobody is in charge of them, and the clock to name somebody starts anew."""

from datetime import datetime

from sqlalchemy import select

from portal.models import Account, Event, Report, db
from portal.services.clocks import promises


def release(person: Account, *, now: datetime) -> None:
    """Take open reports from somebody whose account is closed, or of a unit that does not lead them; call it in the
    transaction that changes the account.
    """
    query = select(Report).where(Report.assignee_id == person.id, Report.closed_at.is_(None))
    if person.active:
        query = query.where(Report.lead_unit_id.is_distinct_from(person.unit_id))
    query = query.order_by(Report.id).with_for_update().execution_options(populate_existing=True)
    for report in db.session.scalars(query):
        for column, value in promises.settled(report, promises.NOBODY, now=now).items():
            setattr(report, column, value)
        db.session.add(_event(report, person, now))


def has_left(report: Report) -> bool:
    """Is who was in charge no officer of the unit any more?"""
    person = report.assignee
    return person is not None and not (person.active and person.unit_id == report.lead_unit_id)


def _event(report: Report, person: Account, now: datetime) -> Event:
    return Event.beside(report, "unassign", details={"left": person.name}, at=now)
