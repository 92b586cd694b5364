"""Choosing a password: by a link, or with the old one. Nobody but its owner ever knows it."""

from collections.abc import Sequence
from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import update

from portal.adapters import passwords
from portal.adapters.limits import Limits
from portal.core.accounts.passwords import fault
from portal.core.errors import LinkSpent, Stale, WeakPassword, WrongCredentials
from portal.models import Account, AccountLink, StaffSession, db, transaction
from portal.services import audit, territory
from portal.services.accounts import links, sessions

SITE = "phản ánh"


def choose_password(token: str, password: str, *, address: str, limits: Limits, now: datetime) -> Account:
    """Let the holder of a link choose a password, once, and return the account; every session of it ends.

    The same sent twice is done once. Raises LinkSpent; WeakPassword with its reason; TooOften where a spent link was
    tried with other passwords.
    """
    link = links.found(token)
    if link is None or not link.account.active:
        raise LinkSpent
    person = link.account
    if link.used_at:
        _check_repeated(person, password, limits)
        return person
    check(person, password)
    kept = passwords.digest(password)
    with transaction():
        used = db.session.execute(
            update(AccountLink)
            .where(AccountLink.id == link.id, AccountLink.used_at.is_(None), AccountLink.expires_at > now)
            .values(used_at=now)
        )
        if used.rowcount != 1:  # type: ignore[attr-defined]
            raise LinkSpent
        _keep(person, kept, person.password_hash, now=now)
        audit.note("choose_password", by=person, address=address, details={"by": link.kind}, now=now)
    limits.forgive("sign-in of account", person.username)
    return person


def change_password(
    session: StaffSession, old: str, password: str, *, address: str, limits: Limits, now: datetime
) -> None:
    """Change the password of whoever sits in this session; every other session ends, and so does every link.

    The same sent twice is done once. Raises WrongCredentials where `old` is not the password; TooOften where that was
    tried too often; WeakPassword; Stale where it was changed meanwhile.
    """
    person, counted = session.account, ("sign-in of browser", f"session {session.id}")
    limits.spend(*counted)
    former = person.password_hash
    right = passwords.matches(old, former)
    if not right and passwords.matches(password, former):
        return
    if not right:
        raise WrongCredentials
    limits.forgive(*counted)
    check(person, password)
    kept = passwords.digest(password)
    try:
        with transaction():
            _keep(person, kept, former, but=session.id, now=now)
            audit.note("choose_password", by=person, address=address, details={"by": "old password"}, now=now)
    except Stale:
        if not passwords.matches(password, person.password_hash):
            raise


def check(person: Account, password: str) -> None:
    """Raise WeakPassword where this person may not use this password."""
    if reason := fault(password, own=_own(person), common=passwords.common()):
        raise WeakPassword(reason=reason)


def _check_repeated(person: Account, password: str, limits: Limits) -> None:
    """Raise LinkSpent where this is not the password already. A spent link must not be a quiet way to guess it."""
    limits.spend("sign-in of account", person.username)
    if not passwords.matches(password, person.password_hash):
        raise LinkSpent
    limits.forgive("sign-in of account", person.username)


def _own(person: Account) -> Sequence[str]:
    """Names that stand near: the person's, the unit's, the portal's."""
    said = [person.username, person.name, (person.email or "").partition("@")[0], SITE]
    said += [held.unit.name for held in person.appointments if held.unit]
    if loaded := territory.current():
        said.append(loaded.name)
    return said


def _keep(person: Account, kept: str, former: str, *, but: int | None = None, now: datetime) -> None:
    """Keep the digest instead of the former one, and end what was opened by that, except the session `but`."""
    changed = db.session.execute(
        update(Account)
        .where(Account.id == person.id, Account.password_hash == former)
        .values(password_hash=kept, sign_in_stamp=token_urlsafe(12))
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale(account=person.id)
    links.spend(person, now=now)
    sessions.end_sessions(person, but=but, by=person, now=now)
