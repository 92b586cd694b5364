"""Signing in: whose credentials these are, and when nobody may try."""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.adapters import passwords
from portal.core import text
from portal.core.errors import AccountLocked, WrongCredentials
from portal.models import Account, db, transaction

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)


def unchanged(account_id: int, stamp: str) -> Account | None:
    """The active account whose stamp still is this one; None when it was closed or its password changed."""
    account = db.session.get(Account, account_id)
    return account if account and account.active and account.sign_in_stamp == stamp else None


def may_enter(account: Account, *, demonstration_allowed: bool) -> bool:
    """Is this account open? That of a demonstration is only where demonstrations are."""
    return account.active and (demonstration_allowed or not account.demonstration)


def sign_in(username: str, password: str, *, demonstration_allowed: bool, now: datetime) -> Account:
    """Return the account of these credentials.

    Raises AccountLocked after five failures in a row (for fifteen minutes) and WrongCredentials otherwise;
    the answer takes as long whether or not the name exists.
    """
    account = db.session.scalar(select(Account).where(Account.username == text.clean(username).lower()))
    usable = account is not None and may_enter(account, demonstration_allowed=demonstration_allowed)
    if account and account.locked_until and account.locked_until > now:
        raise AccountLocked(until=account.locked_until)
    right = passwords.matches(password, account.password_hash if account and usable else None)
    if account is None:
        raise WrongCredentials
    _remember_try(account, right, now)
    if not right:
        raise WrongCredentials
    return account


def _remember_try(account: Account, right: bool, now: datetime) -> None:
    if right and not account.failed_sign_ins:
        return
    with transaction():
        kept = db.session.get_one(Account, account.id, with_for_update=True, populate_existing=True)
        failures = 0 if right else kept.failed_sign_ins + 1
        kept.failed_sign_ins = failures % MOST_FAILURES
        kept.locked_until = now + LOCKED_FOR if failures >= MOST_FAILURES else kept.locked_until
