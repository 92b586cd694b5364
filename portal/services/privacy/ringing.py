"""Requests about personal data ring before their day and after it: administrators get a mail, the reporter hears that
the day has passed. Each moment rings once, with any number of workers.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select, update

from portal.core import permissions
from portal.core.deadlines import day_of
from portal.core.permissions import Deed, Role
from portal.core.privacy import ringing
from portal.core.privacy.ringing import Ring, Rings
from portal.models import Account, Appointment, DataRequest, Event, Message, Seat, db, transaction
from portal.services import notifications, reach, routing
from portal.services.privacy import holds

TO_STAFF = "request_due"  # a mail
NEWS = "data_request"  # an event, and a message to the reporter
ANSWERING = [role for role in Role if permissions.may(Deed.ANSWER_REQUESTS, role)]


class Due(NamedTuple):
    """How many requests have rung for a day that comes, and how many wait longer than the law allows."""

    soon: int
    late: int


def moments(asked: DataRequest) -> Rings:
    """When a request rings; who was given a later day has had a reply."""
    replied = bool(asked.extended_because)
    return ringing.rings(asked.received_at, asked.reply_due_at, asked.due_at, replied=replied)


def stage(asked: DataRequest, *, now: datetime) -> Ring | None:
    """What is to be said of it at this moment."""
    return ringing.rung(moments(asked), now)


def counted(seat: Seat, *, now: datetime) -> Due:
    """What this administrator has before them, by the same rule as the list of requests."""
    late = (DataRequest.due_at <= now) | (
        (DataRequest.reply_due_at <= now) & (DataRequest.extended_because == "")
    )
    soon = ~late & DataRequest.ring_at.in_((DataRequest.reply_due_at, DataRequest.due_at))
    query = select(func.count().filter(soon), func.count().filter(late))
    mine = query.join(DataRequest.report).where(DataRequest.state == "open", reach.unconcerned(seat))
    return Due(*db.session.execute(mine).one())


def ring_next(*, now: datetime) -> bool:
    """Ring for one request whose moment has come; False without any."""
    due = select(DataRequest.id, DataRequest.report_id).where(DataRequest.ring_at <= now)
    found = db.session.execute(due.order_by(DataRequest.ring_at, DataRequest.id).limit(1)).first()
    if found is None:
        return False
    with transaction():
        holds.lock(found.report_id)
        asked = db.session.get_one(DataRequest, found.id)
        mine = DataRequest.id == asked.id, DataRequest.ring_at <= now
        later = ringing.next_ring(moments(asked), now)
        if db.session.execute(update(DataRequest).where(*mine).values(ring_at=later)).rowcount:  # type: ignore[attr-defined]
            _ring(asked, now)
    return True


def tell(asked: DataRequest, news: str, *, by: Seat | None = None, now: datetime) -> None:
    """Write what became of a request into the report's history, for the unit, and tell the reporter; inside somebody
    else's transaction.
    """
    details = {"kind": asked.kind, "news": news}
    event = Event.beside(asked.report, NEWS, at=now, details=details, by=by)
    db.session.add(event)
    db.session.flush()
    notifications.post(asked.report, event, now=now)


def _ring(asked: DataRequest, now: datetime) -> None:
    told = _administrators(asked, now)
    db.session.add_all(Message.letter(one.id, TO_STAFF, at=now, data_request=asked) for one in told)
    if stage(asked, now=now) is Ring.LATE:
        tell(asked, "late", now=now)


def _administrators(asked: DataRequest, now: datetime) -> Sequence[Account]:
    """Whoever may decide it today, and has an address."""
    theirs = Appointment.role.in_(ANSWERING) & Appointment.on(day_of(now))
    query = select(Account).where(Account.active, Account.email.is_not(None))
    impartial = routing.impartial(asked.report.about_unit_id, day_of(now))
    return db.session.scalars(query.where(Account.appointments.any(theirs), impartial)).all()
