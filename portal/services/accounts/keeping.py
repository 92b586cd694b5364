"""The list of accounts, and how administrators keep it."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import selectinload

from portal.adapters import passwords
from portal.core import names, text
from portal.core.deadlines import VIETNAM
from portal.core.errors import Conflict, NotFound
from portal.core.permissions import Deed, Role
from portal.models import Account, Appointment, Seat, Unit, db, transaction
from portal.services import records
from portal.services.accounts import seats, sessions
from portal.services.clocks import assigning

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another on paper
GROUPS = 4


@dataclass(frozen=True)
class Person:
    """What an administrator writes about a new colleague: the name, and the role that they begin with, which belongs to
    a unit or to none."""

    name: str
    role: str
    unit_id: int | None


def everybody(
    page: int,
    *,
    search: str = "",
    role: str = "",
    state: str = "active",
    unit_id: int | None = None,
    now: datetime,
) -> records.Page:
    """One page of accounts, by given name. `search` looks for the beginnings of words in name, username and the units
    of today, with or without marks; `role` is one that they hold today, `unit_id` a unit in which they do.

    `state`: 'active', 'closed' or 'all'. Raises NoSuchPage.
    """
    held = and_(Appointment.account_id == Account.id, Appointment.on(_day(now)))
    query = select(Account.id, Account.name, Account.username, Unit.name_folded)
    query = query.outerjoin(Appointment, held).outerjoin(Appointment.unit)
    if role:
        query = query.where(Appointment.role == role)
    if unit_id:
        query = query.where(Appointment.unit_id == unit_id)
    if state != "all":
        query = query.where(Account.active.is_(state == "active"))
    wanted = text.fold(search).split()
    found = {
        number: (names.sort_key(name), username, number)
        for number, name, username, unit in db.session.execute(query)
        if all(f" {word}" in f" {text.fold(f'{name} {username}')} {unit or ''}" for word in wanted)
    }
    shown = records.page_of_list([number for *_, number in sorted(found.values())], page)
    rows = {row.id: row for row in of_ids(shown.items)}
    return records.Page([rows[number] for number in shown.items], shown.page, shown.pages, shown.total)


def person(account_id: int) -> Account:
    """That account; raises NotFound."""
    if (found := db.session.get(Account, account_id)) is None:
        raise NotFound(account=account_id)
    return found


def of_ids(account_ids: Sequence[int]) -> Sequence[Account]:
    """Those of these accounts that there still are, each with its appointments, by username."""
    appointed = selectinload(Account.appointments).joinedload(Appointment.unit)
    query = select(Account).where(Account.id.in_(account_ids)).options(appointed)
    return db.session.scalars(query.order_by(Account.username)).all()


def initial_password(secret: str, *occasion: str) -> str:
    """A password that nobody can guess, 'k7mq-…': the same for the same occasion, so that a form sent twice
    gives one. About 79 bits, from the portal's secret and the form's random key."""
    drawn = int.from_bytes(
        hmac.digest(secret.encode(), "\0".join(("password", *occasion)).encode(), "sha256")
    )
    groups = []
    for _ in range(GROUPS):
        group = ""
        for _ in range(4):
            drawn, letter = divmod(drawn, len(LETTERS))
            group += LETTERS[letter]
        groups.append(group)
    return "-".join(groups)


def create(username: str, words: Person, password: str, *, by: Seat | None, now: datetime) -> Account:
    """Add an account and return it; the same one sent twice, password and all, is added once.

    Raises Conflict at 'username' or 'unit_id'.
    """
    kept = passwords.digest(password)
    try:
        with transaction():
            records.queue(by, Deed.KEEP_PEOPLE, now=now)
            if _named(username):
                raise Conflict(field="username", reason="username_taken")
            seats.check_unit(words.role, words.unit_id, _day(now))
            fresh = Account(username=username, name=words.name, created_at=now, **_key(kept))
            fresh.appointments = [Appointment(role=words.role, unit_id=words.unit_id, since=_day(now))]
            records.add(fresh, by=by, now=now)
            return fresh
    except Conflict:
        known = _named(username)
        if known and _says(known, words) and passwords.matches(password, known.password_hash):
            return known
        raise


def change(account_id: int, name: str, *, seen: str, by: Seat | None, now: datetime) -> Account:
    """Change a colleague's name, and return the account. Raises NotFound, Stale."""
    with transaction():
        records.queue(by, Deed.KEEP_PEOPLE, now=now)
        kept = person(account_id)
        records.sign(kept, records.amend(kept, {"name": name}, seen=seen), by=by, now=now)
    return kept


def set_active(account_id: int, active: bool, *, seen: str, by: Seat | None, now: datetime) -> Account:
    """Close an account, which ends its sessions, or open it again. Nothing of what the person did is lost; nobody is in
    charge of their open reports.

    Raises Stale; Conflict at 'active' for one's own account and for the last administrator's.
    """
    with transaction():
        records.queue(by, Deed.KEEP_PEOPLE, now=now)
        kept = person(account_id)
        changes = records.amend(kept, {"active": active}, seen=seen)
        if changes and not active and any(one.role == Role.ADMINISTRATOR for one in kept.appointments):
            seats.check_administrators(account_id, "active", by, _day(now))
        records.sign(kept, changes, by=by, now=now)
        if changes and not active:
            assigning.release(kept, now=now)
            sessions.end_sessions(kept, now=now)
    return kept


def give_password(account_id: int, password: str, *, seen: str, by: Seat | None, now: datetime) -> Account:
    """Replace a forgotten password, which ends every session opened with it and lifts a lock; return the account.

    The same one given twice changes nothing. Raises Stale.
    """
    if passwords.matches(password, person(account_id).password_hash):
        return person(account_id)
    kept = passwords.digest(password)
    with transaction():
        records.queue(by, Deed.KEEP_PEOPLE, now=now)
        account = person(account_id)
        changes = records.amend(account, _key(kept), seen=seen)
        account.failed_sign_ins, account.locked_until = 0, None
        records.sign(account, changes, by=by, now=now)
        sessions.end_sessions(account, now=now)
    return account


def _named(username: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.username == username))


def _says(account: Account, words: Person) -> bool:
    first = account.appointments[0] if account.appointments else None
    begun = (first.role, first.unit_id) if first else None
    return account.name == words.name and begun == (words.role, words.unit_id)


def _key(password_hash: str) -> dict[str, str]:
    """A password's digest with the stamp that only sessions opened by it carry."""
    return {"password_hash": password_hash, "sign_in_stamp": secrets.token_urlsafe(12)}


def _day(now: datetime) -> date:
    return now.astimezone(VIETNAM).date()
