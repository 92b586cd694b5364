"""Telling the reporter. `post` runs inside somebody else's transaction; `deliver_next` is the worker's deed."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text, update

from portal.adapters.channels import Channel, NotSent, Refused
from portal.adapters.vault import Vault
from portal.models import Event, Message, Report, db, end_reading, transaction
from portal.models.notifications import TO_SEND
from portal.services import residents
from portal.services.cooperation import mentions
from portal.services.privacy import identity
from portal.services.privacy.identity import Way

log = logging.getLogger(__name__)

MOST_TRIES = 6
LEASE = timedelta(minutes=2)


@dataclass(frozen=True)
class Claim:
    """A message that this process may deliver until `lease`; `tries` counts this one."""

    id: int
    tries: int
    at: datetime
    lease: datetime


def post(report: Report, event: Event, *, besides: Collection[Way] = (), now: datetime) -> set[Way]:
    """Put one message for each way to reach the reporter into the outbox, `besides` those that were told already.

    Return the ways, channel and blind index of the address.
    """
    ways = [way for way in identity.ways(report.id) if way not in besides]
    for channel, _index in ways:
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
    return set(ways)


def unreached(report_id: int) -> list[str]:
    """The channels by which the last message did not reach the reporter, who wants to be told: 'sms', 'mail'."""
    tried = Message.report_id == report_id, Message.state != "waiting"
    last = select(func.max(Message.id)).where(*tried).group_by(Message.channel)
    failed = set(
        db.session.scalars(select(Message.channel).where(Message.id.in_(last), Message.state == "failed"))
    )
    return [channel for channel, _index in identity.ways(report_id) if channel in failed]


def foretold(report: Report, event: Event) -> list[Message]:
    """The messages of an event that has not happened, for a preview; no session keeps them."""
    return [
        Message(report=report, event=event, channel=channel, kind=event.step, language=report.language)
        for channel in channels_to(report)
    ]


def channels_to(report: Report) -> list[str]:
    """The ways by which its reporter can be reached: 'sms', 'mail', both or none."""
    return [channel for channel, _index in identity.ways(report.id)]


def told_together(message: Message) -> list[Report]:
    """The reports that this one message speaks of, first its own: a reform sends one for all of a person's reports."""
    report, event = message.report, message.event
    if report is None or event is None:
        return []
    if message.kind != "reform":
        return [report]
    query = (
        select(Report)
        .join(Event, Event.report_id == Report.id)
        .where(Report.id.in_(identity.of_the_same(report.id, message.channel)))
        .where(Event.step == event.step, Event.at == event.at, Event.public)
    )
    return list(db.session.scalars(query.order_by(Report.id != report.id, Report.id)))


def deliver_next(
    channels: Mapping[str, Channel], words: Callable[[Message], str], *, vault: Vault, now: datetime
) -> bool:
    """Try to send one message that is due; False when there is none.

    The message is taken on a lease: should this process die, another one sends it after two minutes. One that
    cannot be sent is tried six times, at growing distances, and then counted as failed; so is, at once, one that is
    refused for good, and, without a try, one whose reporter's contact was erased, whose request was decided, or
    whose officer may not read the ticket any more, meanwhile.
    """
    claim = _claim(now)
    if claim is None:
        return False
    try:
        channel, to, said = _prepared(claim, words, vault)
        end_reading()
        if to:
            channels[channel].send(to, said, key=_key(claim, to, said, vault))
        _finish(claim, "sent" if to else "failed", now)
    except Refused as refusal:
        log.warning("message %s will not be sent: %s", claim.id, refusal)
        _finish(claim, "failed", now)
    except NotSent as refusal:
        log.warning("message %s was not sent (try %s): %s", claim.id, claim.tries, refusal)
        _try_later(claim, now)
    except Exception:  # one message that cannot be written must not hold up the others
        log.exception("message %s was not sent (try %s)", claim.id, claim.tries)
        _try_later(claim, now)
    return True


def _claim(now: datetime) -> Claim | None:
    """Take one due message so that no other worker sends it too: whoever moves its due moment owns it."""
    waiting = text(TO_SEND)
    due = select(Message.id, Message.due_at, Message.tries).where(waiting, Message.due_at <= now)
    while found := db.session.execute(due.order_by(Message.due_at, Message.id).limit(1)).first():
        claim = Claim(found.id, found.tries + 1, now, now + LEASE)
        with transaction():
            taken = db.session.execute(
                update(Message)
                .where(Message.id == found.id, waiting, Message.due_at == found.due_at)
                .values(due_at=claim.lease, tries=claim.tries)
            )
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            continue
        if claim.tries <= MOST_TRIES:
            return claim
        _finish(claim, "failed", now)  # six processes died over it
    return None


def _prepared(claim: Claim, words: Callable[[Message], str], vault: Vault) -> tuple[str, str, str]:
    """Channel, address and text of a message; no address where the contact was erased."""
    message = db.session.get_one(Message, claim.id)
    if message.contact_code:
        to = residents.recipient(message.contact_code, vault=vault, now=claim.at)
    elif message.report_id is None:
        to = _address_of(message, claim.at)
    else:
        to = identity.address(message.report_id, message.channel, vault=vault)
    return message.channel, to, words(message) if to else ""


def _key(claim: Claim, to: str, said: str, vault: Vault) -> str:
    """The same at every try, unless the words are others: a code drawn anew must not pass for the one that went before.

    The digest tells nothing of the words, and a row of another database, or of a restored one, has another.
    """
    return f"{claim.id}-{vault.index('message', f'{to} {said}')}"


def _address_of(message: Message, now: datetime) -> str:
    """Where a member of staff gets it; '' for nobody, for whoever has no open account or no address any more, where
    there is nothing left to decide, and for whom a note names who may not read it any more.
    """
    person, asked, note = message.account, message.data_request, message.note
    if person is None or not person.active or (asked and asked.state != "open"):
        return ""
    if note and not mentions.reaches(note, person, now=now):
        return ""
    return person.email or ""


def _finish(claim: Claim, state: str, now: datetime) -> None:
    with transaction():
        db.session.execute(
            update(Message)
            .where(Message.id == claim.id, Message.state == "waiting")
            .values(state=state, sent_at=now if state == "sent" else None)
        )


def _try_later(claim: Claim, now: datetime) -> None:
    """Wait 2, 4, 8, 16 and 32 minutes between tries; after the sixth the message has failed."""
    if claim.tries >= MOST_TRIES:
        _finish(claim, "failed", now)
        return
    with transaction():
        db.session.execute(
            update(Message)
            .where(Message.id == claim.id, Message.state == "waiting", Message.due_at == claim.lease)
            .values(due_at=now + timedelta(minutes=2**claim.tries))
        )
