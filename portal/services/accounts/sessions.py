"""Sessions of staff: what the token of a browser opens, until when, and who ends it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import Date, Select, and_, bindparam, select, update
from sqlalchemy.orm import contains_eager

from portal.core.deadlines import day_of
from portal.core.errors import NotFound
from portal.models import Account, Appointment, Seat, StaffSession, db, transaction
from portal.services import audit

BETWEEN_NOTES = timedelta(minutes=5)
LONGEST_AGENT = 300


def start_session(
    person: Account, passed: Sequence[str], *, address: str, agent: str, lasts: timedelta, now: datetime
) -> tuple[StaffSession, str]:
    """Open a session for an account that has `passed` these factors; return it with its token, which is kept nowhere.

    It ends by itself after `lasts`. `address` and `agent` say from which network and browser.
    """
    token = token_urlsafe(32)
    with transaction():
        fresh = StaffSession(
            token_hash=_digest(token),
            account_id=person.id,
            passed=" ".join(passed),
            address=address,
            agent=agent[:LONGEST_AGENT],
            started_at=now,
            seen_at=now,
            expires_at=now + lasts,
        )
        db.session.add(fresh)
        audit.note("sign_in", by=person, address=address, details={"passed": fresh.passed}, now=now)
    return fresh, token


def session_of(token: str, *, now: datetime) -> tuple[StaffSession | None, Sequence[Appointment]]:
    """The open session of this token with its account, and the appointments in which the person may act, in one
    statement. None for that of a closed account, and of a person who holds nothing today.
    """
    asked = {"token_hash": _digest(token), "now": now, "day": day_of(now)}
    rows = db.session.execute(OF_TOKEN, asked).all()
    return (rows[0][0] if rows else None), [appointment for _session, appointment in rows]


def open_sessions(person: Account, *, now: datetime) -> Sequence[StaffSession]:
    """All that this person has open, the latest first."""
    query = _open(now).where(StaffSession.account_id == person.id)
    return db.session.scalars(query.order_by(StaffSession.started_at.desc(), StaffSession.id.desc())).all()


def note_deed(session: StaffSession, *, now: datetime) -> None:
    """Remember that this session did something, at most every five minutes."""
    if now - session.seen_at < BETWEEN_NOTES:
        return
    with transaction():
        db.session.execute(
            update(StaffSession)
            .where(StaffSession.id == session.id, StaffSession.seen_at < now)
            .values(seen_at=now)
        )


def note_factor(session_id: int, factor: str) -> None:
    """Remember that another factor was shown in this session; one shown twice is remembered once."""
    with transaction():
        kept = db.session.get_one(StaffSession, session_id)
        if factor not in kept.passed.split():
            kept.passed = f"{kept.passed} {factor}"


def renew_token(session: StaffSession, token: str) -> None:
    """Open this session by that token from now on, so that whoever copied the old one is out; all else stays."""
    with transaction():
        db.session.execute(
            update(StaffSession).where(StaffSession.id == session.id).values(token_hash=_digest(token))
        )


def end_session(
    session_id: int, person: Account, *, deed: str = "end_sessions", address: str, now: datetime
) -> None:
    """End one of this person's sessions; one that is over stays so. Raises NotFound for somebody else's."""
    with transaction():
        found = db.session.get(StaffSession, session_id)
        if found is None or found.account_id != person.id:
            raise NotFound(session=session_id)
        if found.ended_at is None:
            found.ended_at = now
            subject = ("staff_session", session_id)
            audit.note(deed, by=person, address=address, subject=subject, now=now)


def end_sessions(person: Account, *, but: int | None = None, by: Seat | Account | None, now: datetime) -> int:
    """End every open session of this person, except the one of the number `but`; return how many there were."""
    with transaction():
        ended = db.session.execute(
            update(StaffSession)
            .where(StaffSession.account_id == person.id, StaffSession.ended_at.is_(None))
            .where(StaffSession.expires_at > now, StaffSession.id != (but or 0))
            .values(ended_at=now)
        )
        count: int = ended.rowcount  # type: ignore[attr-defined]
        if count:
            details = {"count": count}
            audit.note("end_sessions", by=by, subject=("account", person.id), details=details, now=now)
    return count


def _open(now: Any) -> Select[StaffSession]:
    return (
        select(StaffSession)
        .join(StaffSession.account)
        .where(StaffSession.ended_at.is_(None), StaffSession.expires_at > now, Account.active)
    )


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


# Asked at every page of staff, so it is built once.
OF_TOKEN = (
    _open(bindparam("now", type_=StaffSession.expires_at.type))
    .join(
        Appointment, and_(Appointment.account_id == Account.id, Appointment.on(bindparam("day", type_=Date)))
    )
    .outerjoin(Appointment.unit)
    .add_columns(Appointment)
    .where(StaffSession.token_hash == bindparam("token_hash"))
    .order_by(Appointment.since, Appointment.id)
    .options(contains_eager(StaffSession.account), contains_eager(Appointment.unit))
)
