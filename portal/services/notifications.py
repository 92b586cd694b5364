"""Telling the reporter. `post` runs inside somebody else's transaction; `deliver_next` is the worker's deed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal.adapters.channels import Channel, NotSent
from portal.models import Contact, Event, Message, Report, db, transaction

MOST_TRIES = 6
LEASE = timedelta(minutes=2)


def post(report: Report, event: Event, *, now: datetime) -> None:
    """Put one message for each way to reach the reporter into the outbox; nothing where there is none."""
    contact = db.session.get(Contact, report.id)
    for channel in ("sms", "mail"):
        if contact and address(contact, channel):
            db.session.add(
                Message(
                    report_id=report.id,
                    event_id=event.id,
                    channel=channel,
                    kind=event.step,
                    language=report.language,
                    due_at=now,
                )
            )


def address(contact: Contact, channel: str) -> str:
    """The phone number (+84…) or e-mail address of a contact, '' where it has none."""
    return contact.phone if channel == "sms" else contact.email


def deliver_next(
    channels: Mapping[str, Channel], words: Callable[[Message], str], *, now: datetime
) -> Message | None:
    """Send one message that is due and return it, or None when there is none.

    The message is taken on a lease: should this process die, another one sends it after two minutes. One that
    the gateway refuses is tried six times, at growing distances, and then counted as failed.
    """
    message = _claim(now)
    if message is None:
        return None
    contact = db.session.get(Contact, message.report_id)
    state, due_at = "sent", message.due_at
    if contact is None or not address(contact, message.channel):
        state = "failed"  # erased meanwhile: there is nobody to tell
    else:
        try:
            channels[message.channel].send(address(contact, message.channel), words(message))
        except NotSent:
            state = "waiting" if message.tries < MOST_TRIES else "failed"
            due_at = now + timedelta(minutes=2**message.tries)
    with transaction():
        message.state, message.due_at = state, due_at
        message.sent_at = now if state == "sent" else None
    return message


def _claim(now: datetime) -> Message | None:
    """Take one due message so that no other worker sends it too: whoever moves its due moment owns it."""
    due = select(Message.id, Message.due_at).where(Message.state == "waiting", Message.due_at <= now)
    while found := db.session.execute(due.order_by(Message.due_at, Message.id).limit(1)).first():
        with transaction():
            taken = db.session.execute(
                update(Message)
                .where(Message.id == found.id, Message.state == "waiting", Message.due_at == found.due_at)
                .values(due_at=now + LEASE, tries=Message.tries + 1)
            )
        if taken.rowcount == 1:
            return db.session.get_one(Message, found.id)
    return None
