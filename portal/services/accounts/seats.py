"""What people are appointed to: the seats in which they may act, and who gives and takes them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.deadlines import day_of
from portal.core.errors import Conflict
from portal.core.permissions import OF_A_UNIT, Deed, Role
from portal.models import Account, Appointment, Seat, Unit, db, transaction
from portal.services import records, routing, territory
from portal.services.clocks import assigning

__all__ = ["Seat", "Words", "appoint", "check_administrators", "check_unit", "end", "held", "seat"]


@dataclass(frozen=True)
class Words:
    """What an appointment says: a role, in a unit where it belongs to one, and from which day until before which."""

    role: str
    unit_id: int | None
    since: date
    until: date | None = None


def held(person: Account, *, now: datetime) -> Sequence[Appointment]:
    """The appointments in which this person may act today, with their units, the oldest first."""
    query = select(Appointment).where(Appointment.account_id == person.id, Appointment.on(day_of(now)))
    query = query.order_by(Appointment.since, Appointment.id)
    return db.session.scalars(query.options(joinedload(Appointment.unit))).all()


def seat(
    appointment: Appointment, held: Sequence[Appointment], *, session_id: int | None = None, address: str = ""
) -> Seat:
    """Its person, acting in it, who holds all of these today."""
    offices = frozenset(each.unit.code for each in held if each.unit)
    role = Role(appointment.role)
    return Seat(appointment.account, role, appointment.unit, session_id, address, offices)


def appoint(account_id: int, words: Words, *, by: Seat | None, now: datetime) -> Appointment:
    """Give somebody an appointment and return it; the same one given twice is given once.

    Raises NotFound; Conflict at 'role', 'unit_id', 'since' or 'until'.
    """
    with transaction():
        records.queue(by, Deed.KEEP_PEOPLE, now=now)
        person = records.found(Account, account_id)
        same = _overlapping(person, words)
        if any(_says(each, words) for each in same):
            return next(each for each in same if _says(each, words))
        if same:
            raise Conflict(field="role", reason="appointed_already")
        if words.since < day_of(now):
            raise Conflict(field="since", reason="past")
        if words.until and words.until <= words.since:
            raise Conflict(field="until", reason="until_before_since")
        check_unit(words.role, words.unit_id, words.since)
        fresh = Appointment(account_id=account_id, **asdict(words))
        records.add(fresh, by=by, now=now)
    return fresh


def end(appointment_id: int, until: date, *, seen: str, by: Seat | None, now: datetime) -> Appointment:
    """Let an appointment hold until the day before `until`: today ends it at once. Nobody of its unit is in charge of
    that person's open reports any more; the worker sees to it when the day comes later.

    Raises NotFound, Stale; Conflict at 'until' for a day that is over, for one's own administration and for the last
    administrator's.
    """
    today = day_of(now)
    with transaction():
        records.queue(by, Deed.KEEP_PEOPLE, now=now)
        kept = records.found(Appointment, appointment_id)
        changes = records.amend(kept, {"until": until}, seen=seen)
        if changes and (until < max(today, kept.since) or (changes["until"][0] or date.max) <= today):
            raise Conflict(field="until", reason="past")
        if changes and kept.role == Role.ADMINISTRATOR:
            check_administrators(kept.account_id, "until", by, until)
        records.sign(kept, changes, by=by, now=now)
        assigning.release(kept.account, now=now)
    return kept


def check_unit(role: str, unit_id: int | None, day: date) -> None:
    """Raises Conflict at 'unit_id' where the role belongs to a unit and this one is not there on that day, or belongs
    to none. Coordinators belong to the coordination centre.
    """
    unit = db.session.get(Unit, unit_id) if unit_id else None
    if role not in OF_A_UNIT:
        if unit_id is not None:
            raise Conflict(field="unit_id", reason="no_unit")
        return
    if unit is None or routing.unit_on(unit.code, day) is not unit:
        raise Conflict(field="unit_id", reason="unit_needed")
    loaded = territory.current()
    if role == Role.COORDINATOR and loaded and unit.code != loaded.fallback_unit:
        raise Conflict(field="unit_id", reason="centre_needed")


def check_administrators(account_id: int, field: str, by: Seat | None, day: date) -> None:
    """Nobody locks themself out, and somebody can come in on that day and ever after. Raises Conflict."""
    if by is not None and by.account_id == account_id:
        raise Conflict(field=field, reason="yourself")
    lasting = Appointment.on(day) & Appointment.until.is_(None) & (Appointment.role == Role.ADMINISTRATOR)
    others = select(Appointment.id).join(Appointment.account).where(lasting, Account.active)
    if db.session.scalar(others.where(Account.id != account_id).limit(1)) is None:
        raise Conflict(field=field, reason="last_administrator")


def _overlapping(person: Account, words: Words) -> list[Appointment]:
    """The person's appointments of this role and unit that share a day with it."""
    return [
        each
        for each in person.appointments
        if (each.role, each.unit_id) == (words.role, words.unit_id)
        and each.since < (words.until or date.max)
        and words.since < (each.until or date.max)
    ]


def _says(each: Appointment, words: Words) -> bool:
    return all(getattr(each, name) == value for name, value in asdict(words).items())
