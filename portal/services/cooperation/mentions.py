"""Colleagues named in an internal note by `@username`: told in their inbox, as long as they may read the ticket, and
by mail."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select, update
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.core import names, text
from portal.core.deadlines import day_of
from portal.core.errors import NotFound
from portal.core.permissions import Deed
from portal.core.workflow import Step
from portal.models import (
    Account,
    Appointment,
    Cooperation,
    Event,
    Mention,
    Message,
    Report,
    Seat,
    Unit,
    db,
    transaction,
)
from portal.services import reach, routing

MOST = 50

_own = aliased(Event)
_since = _own.report_id == Event.report_id, _own.account_id == Mention.account_id, _own.id > Event.id
_first = select(func.min(_own.at)).where(*_since).correlate(Event, Mention).scalar_subquery()
# When the officer said so, or else first did something there since.
_SEEN_AT = func.coalesce(Mention.seen_at, _first)


def nameable(report: Report, *, now: datetime) -> Sequence[tuple[Account, Unit]]:
    """The officers whom a note about this report may name: of the unit that leads it and of those beside, each with
    the unit, by name.
    """
    query = select(Account, Unit).join(Appointment.account).join(Appointment.unit).distinct()
    rows = [(row[0], row[1]) for row in db.session.execute(query.where(_beside(report, now)))]
    return sorted(rows, key=lambda row: names.sort_key(row[0].name))


def unknown(report: Report, words: str, *, now: datetime) -> list[str]:
    """The names in these words that none of them has."""
    wanted = names.mentioned(text.clean(words))
    if not wanted:
        return []
    known = {officer.username for officer in _named(report, wanted, now)}
    return [name for name in wanted if name not in known]


def remember(report: Report, event: Event) -> None:
    """Keep the event of a step, and tell whom its note names: in the inbox, and by mail who has an address. Who was in
    charge of what is withdrawn finds it in the inbox.

    Inside somebody's transaction.
    """
    db.session.add(event)
    db.session.flush()
    if event.step == Step.NOTE and (wanted := names.mentioned(event.note)):
        named = [one for one in _named(report, wanted, event.at) if one.id != event.account_id]
        db.session.add_all(Mention(event_id=event.id, account_id=one.id) for one in named)
        told = [one.id for one in named if one.email]
        db.session.add_all(Message.letter(one, "mention", at=event.at, note=event) for one in told)
    if event.step == Step.WITHDRAW and report.assignee_id:
        db.session.add(Mention(event_id=event.id, account_id=report.assignee_id))


def ticket(note: Event) -> Report:
    """The report that the note is about."""
    return db.session.get_one(Report, note.report_id)


def reaches(note: Event, officer: Account, *, now: datetime) -> bool:
    """Could the note still name this officer?"""
    return bool(_named(ticket(note), [officer.username], now))


def unseen(seat: Seat) -> int:
    """How often the officer was named and has not seen it."""
    query = _of(select(func.count()).select_from(Mention), seat).where(_SEEN_AT.is_(None))
    return db.session.scalar(query) or 0


def listed(seat: Seat) -> Sequence[Row[Mention, Report, datetime | None]]:
    """Where the officer was named, with the report and when it was seen: what is not seen first, then the newest; the
    first 50.
    """
    written_by = contains_eager(Mention.event).options(joinedload(Event.account), joinedload(Event.unit))
    seen_at = _SEEN_AT.label("seen_at")
    query = _of(select(Mention, Report, seen_at), seat).options(written_by, joinedload(Report.category))
    newest = query.order_by(seen_at.is_not(None), Mention.event_id.desc())
    return db.session.execute(newest.limit(MOST)).all()


def see(event_id: int, *, by: Seat, now: datetime) -> None:
    """The officer has seen it; the second time nothing changes. Raises NotFound where they were not named there, or
    read the ticket no more.
    """
    found = _of(select(Mention.event_id), by).where(Mention.event_id == event_id)
    with transaction():
        if db.session.scalar(found) is None:
            raise NotFound(mention=event_id)
        mine = Mention.account_id == by.account_id, Mention.event_id == event_id, Mention.seen_at.is_(None)
        db.session.execute(update(Mention).where(*mine).values(seen_at=now))


def _of(query: Any, seat: Seat) -> Any:
    """Of the mentions only this officer's, in reports that their unit may still read."""
    return (
        query.join(Event, Event.id == Mention.event_id)
        .join(Report, Report.id == Event.report_id)
        .where(Mention.account_id == seat.account_id, reach.of(seat, Deed.READ_REPORTS))
    )


def _beside(report: Report, now: datetime) -> ColumnElement[bool]:
    """Of the appointments those of who may be named."""
    beside = select(Cooperation.unit_id).where(Cooperation.report_id == report.id)
    theirs = or_(Appointment.unit_id == report.lead_unit_id, Appointment.unit_id.in_(beside))
    day = day_of(now)
    unbiased = routing.impartial(report.about_unit_id, day)
    return theirs & Account.active & Appointment.handling(day) & unbiased


def _named(report: Report, wanted: list[str], now: datetime) -> list[Account]:
    query = select(Account).join(Account.appointments).where(_beside(report, now)).distinct()
    return list(db.session.scalars(query.where(Account.username.in_(wanted))))
