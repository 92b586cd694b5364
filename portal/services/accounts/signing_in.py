"""Signing in: whose credentials these are, and when nobody may try."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from portal.adapters import passwords
from portal.adapters.limits import Limits
from portal.core import text
from portal.core.errors import WrongCredentials
from portal.models import Account, db, transaction
from portal.services import audit


@dataclass(frozen=True)
class KnownBrowser:
    """A browser in which this account has signed in before; `key` tells it from others."""

    account_id: int
    key: str


def unchanged(account_id: int, stamp: str) -> Account | None:
    """The active account whose stamp still is this one; None when it was closed or its password changed."""
    account = db.session.get(Account, account_id)
    return account if account and account.active and account.sign_in_stamp == stamp else None


def may_enter(account: Account, *, demonstration_allowed: bool) -> bool:
    """Is this account open? That of a demonstration is only where demonstrations are."""
    return account.active and (demonstration_allowed or not account.demonstration)


def sign_in(
    username: str,
    password: str,
    *,
    browser: KnownBrowser | None = None,
    address: str,
    limits: Limits,
    demonstration_allowed: bool,
    now: datetime,
) -> Account:
    """Return the account of these credentials.

    Raises WrongCredentials; the answer takes as long whether or not the name exists. Raises TooOften, before the
    password is looked at, where this name was tried too often, whether or not it exists. A browser that knows the way
    is counted by itself, so that nobody shuts an officer out by guessing.
    """
    typed = text.clean(username).lower()
    account = db.session.scalar(select(Account).where(Account.username == typed))
    counted = _counted(typed, account, browser)
    limits.spend(*counted)
    usable = account is not None and may_enter(account, demonstration_allowed=demonstration_allowed)
    right = passwords.matches(password, account.password_hash if account and usable else "")
    if account is None or not right:
        with transaction():
            subject = ("account", account.id) if account else None
            audit.note("sign_in_refused", address=address, subject=subject, now=now)
        raise WrongCredentials
    limits.forgive(*counted)
    if passwords.is_outdated(account.password_hash):
        _keep_anew(account, password)
    return account


def _counted(typed: str, account: Account | None, browser: KnownBrowser | None) -> tuple[str, str]:
    """Which limit a try spends, and whose."""
    if account and browser and browser.account_id == account.id:
        return "sign-in of browser", browser.key
    return "sign-in of account", typed


def _keep_anew(account: Account, password: str) -> None:
    """Keep the same password by today's parameters, unless it was changed meanwhile."""
    former, kept = account.password_hash, passwords.digest(password)
    with transaction():
        db.session.execute(
            update(Account)
            .where(Account.id == account.id, Account.password_hash == former)
            .values(password_hash=kept)
        )
