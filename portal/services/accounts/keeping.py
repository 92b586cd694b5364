"""The list of accounts, and how administrators keep it."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.adapters import passwords
from portal.core import names, text
from portal.core.deadlines import VIETNAM
from portal.core.errors import Conflict, NotFound
from portal.models import Account, Unit, db, transaction
from portal.services import records, routing
from portal.services.accounts import sessions
from portal.services.clocks import assigning

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another on paper
GROUPS = 4


@dataclass(frozen=True)
class Person:
    """What an administrator writes about a colleague; an officer has a unit, an administrator none."""

    name: str
    role: str
    unit_id: int | None


def everybody(page: int, *, search: str = "", role: str = "", state: str = "active") -> records.Page:
    """One page of accounts, by given name. `search` looks for the beginnings of words in name,
    username and unit, with or without marks.

    `state`: 'active', 'closed' or 'all'. Raises NoSuchPage.
    """
    query = select(Account.id, Account.name, Account.username, Unit.name_folded).outerjoin(Account.unit)
    if role:
        query = query.where(Account.role == role)
    if state != "all":
        query = query.where(Account.active.is_(state == "active"))
    wanted = text.fold(search).split()
    found = [
        (names.sort_key(name), username, number)
        for number, name, username, unit in db.session.execute(query)
        if all(f" {word}" in f" {text.fold(f'{name} {username}')} {unit or ''}" for word in wanted)
    ]
    shown = records.page_of_list([number for *_, number in sorted(found)], page)
    rows = {row.id: row for row in db.session.scalars(select(Account).where(Account.id.in_(shown.items)))}
    return records.Page([rows[number] for number in shown.items], shown.page, shown.pages, shown.total)


def person(account_id: int) -> Account:
    """That account; raises NotFound."""
    if (found := db.session.get(Account, account_id)) is None:
        raise NotFound(account=account_id)
    return found


def of_ids(account_ids: Sequence[int]) -> Sequence[Account]:
    """Those of these accounts that there still are, each with its unit, by username."""
    query = select(Account).where(Account.id.in_(account_ids)).options(joinedload(Account.unit))
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


def create(username: str, words: Person, password: str, *, by: Account | None, now: datetime) -> Account:
    """Add an account and return it; the same one sent twice, password and all, is added once.

    Raises Conflict at 'username' or 'unit_id'.
    """
    kept = passwords.digest(password)
    try:
        with transaction():
            records.queue(by)
            if _named(username):
                raise Conflict(field="username", reason="username_taken")
            _check_unit(words, now)
            fresh = Account(username=username, created_at=now, **asdict(words), **_key(kept))
            records.add(fresh, by=by, now=now)
            return fresh
    except Conflict:
        known = _named(username)
        if known and _says(known, words) and passwords.matches(password, known.password_hash):
            return known
        raise


def change(account_id: int, words: Person, *, seen: str, by: Account | None, now: datetime) -> Account:
    """Change a colleague's name, role or unit, and return the account.

    Raises Stale; Conflict at 'unit_id', or at 'role' for one's own role and for the last administrator's.
    """
    with transaction():
        records.queue(by)
        kept = person(account_id)
        changes = records.amend(kept, asdict(words), seen=seen)
        if changes.keys() & {"role", "unit_id"}:
            _check_unit(words, now)
        if changes.get("role", ("",))[0] == "administrator":
            _check_administrators(kept, "role", by)
        records.sign(kept, changes, by=by, now=now)
        if "unit_id" in changes:
            assigning.release(kept, now=now)
    return kept


def set_active(account_id: int, active: bool, *, seen: str, by: Account | None, now: datetime) -> Account:
    """Close an account, which ends its sessions, or open it again. Nothing of what the person did is lost; nobody is in
    charge of their open reports.

    Raises Stale; Conflict at 'active' for one's own account and for the last administrator's.
    """
    with transaction():
        records.queue(by)
        kept = person(account_id)
        changes = records.amend(kept, {"active": active}, seen=seen)
        if changes and not active and kept.role == "administrator":
            _check_administrators(kept, "active", by)
        records.sign(kept, changes, by=by, now=now)
        if changes and not active:
            assigning.release(kept, now=now)
            sessions.end_sessions(kept, now=now)
    return kept


def give_password(account_id: int, password: str, *, seen: str, by: Account | None, now: datetime) -> Account:
    """Replace a forgotten password, which ends every session opened with it and lifts a lock; return the account.

    The same one given twice changes nothing. Raises Stale.
    """
    if passwords.matches(password, person(account_id).password_hash):
        return person(account_id)
    kept = passwords.digest(password)
    with transaction():
        records.queue(by)
        account = person(account_id)
        changes = records.amend(account, _key(kept), seen=seen)
        account.failed_sign_ins, account.locked_until = 0, None
        records.sign(account, changes, by=by, now=now)
        sessions.end_sessions(account, now=now)
    return account


def _named(username: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.username == username))


def _says(account: Account, words: Person) -> bool:
    return all(getattr(account, name) == value for name, value in asdict(words).items())


def _key(password_hash: str) -> dict[str, str]:
    """A password's digest with the stamp that only sessions opened by it carry."""
    return {"password_hash": password_hash, "sign_in_stamp": secrets.token_urlsafe(12)}


def _check_unit(words: Person, now: datetime) -> None:
    """An officer belongs to a unit that exists, an administrator to none."""
    unit = db.session.get(Unit, words.unit_id) if words.unit_id else None
    today = now.astimezone(VIETNAM).date()
    if words.role == "officer" and (unit is None or routing.unit_on(unit.code, today) is not unit):
        raise Conflict(field="unit_id", reason="unit_needed")
    if words.role == "administrator" and words.unit_id is not None:
        raise Conflict(field="unit_id", reason="no_unit")


def _check_administrators(changed: Account, field: str, by: Account | None) -> None:
    """Nobody locks themself out, and somebody can always come in."""
    if by is not None and by.id == changed.id:
        raise Conflict(field=field, reason="yourself")
    left = select(func.count()).where(
        Account.role == "administrator", Account.active, Account.id != changed.id
    )
    if not db.session.scalar(left):
        raise Conflict(field=field, reason="last_administrator")
