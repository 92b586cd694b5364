"""The list of accounts, and how administrators keep it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import selectinload

from portal.core import names, text
from portal.core.deadlines import day_of
from portal.core.errors import Conflict, NotFound
from portal.core.permissions import Deed, Role
from portal.models import Account, Appointment, Seat, Unit, db, transaction
from portal.services import audit, records
from portal.services.accounts import links, seats, sessions
from portal.services.clocks import assigning


@dataclass(frozen=True)
class Person:
    """What an administrator writes about a new colleague: the name, the role that they begin with, which belongs to a
    unit or to none, and where mail reaches them."""

    name: str
    role: str
    unit_id: int | None
    email: str | None = None


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
    held = and_(Appointment.account_id == Account.id, Appointment.on(day_of(now)))
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


def named(username: str) -> Account | None:
    """The account of that username, or None."""
    return db.session.scalar(select(Account).where(Account.username == username))


def of_ids(account_ids: Sequence[int]) -> Sequence[Account]:
    """Those of these accounts that there still are, each with its appointments, by username."""
    appointed = selectinload(Account.appointments).joinedload(Appointment.unit)
    query = select(Account).where(Account.id.in_(account_ids)).options(appointed)
    return db.session.scalars(query.order_by(Account.username)).all()


def create(
    username: str, words: Person, token: str, *, language: str, by: Seat | None, now: datetime
) -> Account:
    """Add an account without a password and return it; the same one sent twice, token and all, is added once.

    The link with this token opens it, or the one in the mail that goes to its address, where it has one.
    Raises Conflict at 'username', 'email' or 'unit_id'.
    """
    try:
        with transaction():
            records.queue(by, Deed.KEEP_PEOPLE, now=now)
            if named(username):
                raise Conflict(field="username", reason="username_taken")
            _check_email(words.email, None)
            seats.check_unit(words.role, words.unit_id, day_of(now))
            fresh = Account(username=username, name=words.name, email=words.email, created_at=now)
            fresh.password_hash = fresh.sign_in_stamp = ""
            fresh.appointments = [Appointment(role=words.role, unit_id=words.unit_id, since=day_of(now))]
            records.add(fresh, by=by, now=now)
            links.add(fresh, links.INVITATION, token, now=now)
            if fresh.email:
                links.post(fresh.id, links.INVITATION, language=language, now=now)
            return fresh
    except Conflict:
        known = named(username)
        if known and links.of_link(known, token):
            return known
        raise


def change(
    account_id: int, name: str, email: str | None, *, seen: str, by: Seat | None, now: datetime
) -> Account:
    """Change a colleague's name and address, and return the account. Raises NotFound; Stale; Conflict at 'email'."""
    with transaction():
        records.queue(by, Deed.KEEP_PEOPLE, now=now)
        kept = person(account_id)
        _check_email(email, kept)
        changes = records.amend(kept, {"name": name, "email": email}, seen=seen)
        records.sign(kept, changes, by=by, now=now)
        if any(changes.get("email", ())[:1]):  # what was sent to the old address must not open the account
            links.spend(kept, now=now)
    return kept


def address_of(account_id: int, *, reason: str, by: Seat, now: datetime) -> str:
    """Where mail reaches that person, for this once; who read it and why is written down. Raises NotFound, also where
    there is no address.
    """
    with transaction():
        kept = person(account_id)
        if not kept.email:
            raise NotFound(account=account_id)
        details = {"contact": ["email"]}
        audit.note("read", by=by, subject=("account", account_id), reason=reason, details=details, now=now)
        return kept.email


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
            seats.check_administrators(account_id, "active", by, day_of(now))
        records.sign(kept, changes, by=by, now=now)
        if changes and not active:
            assigning.release(kept, now=now)
            sessions.end_sessions(kept, by=by, now=now)
            links.spend(kept, now=now)
    return kept


def _check_email(email: str | None, kept: Account | None) -> None:
    """An address belongs to one person, for a link is sent there."""
    if email is None:
        return
    others = select(Account.id).where(Account.email == email, Account.id != (kept.id if kept else 0))
    if db.session.scalar(others):
        raise Conflict(field="email", reason="email_taken")
