"""Links by which a person, and nobody else, chooses the password of an account: shown once or sent by mail.

The token stands in the link alone. A later link takes the place of an earlier one of its kind: whoever asks for a new
password in another's name does not spoil the invitation that an administrator handed over.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import or_, select, update

from portal.adapters.limits import Limits
from portal.core import text
from portal.core.errors import LinkSpent, NotFound, TooOften
from portal.core.permissions import Deed
from portal.models import Account, AccountLink, Message, Seat, db, transaction
from portal.services import audit, records

INVITATION, RESET = "invitation", "reset"
LASTS = {INVITATION: timedelta(hours=72), RESET: timedelta(hours=1)}


def drawn(secret: str, *occasion: str) -> str:
    """A token that nobody can guess: the same for the same occasion, so that a form sent twice shows one link.

    256 bits, from the portal's secret and the form's random key.
    """
    said = "\0".join(("link", *occasion)).encode()
    return urlsafe_b64encode(hmac.digest(secret.encode(), said, "sha256")).decode().rstrip("=")


def hand_over(account_id: int, token: str, *, by: Seat | None, now: datetime) -> Account:
    """Let this token open the account as an invitation, and return the account; the same token again changes nothing.

    Raises NotFound for an account that does not exist or is closed.
    """
    with transaction():
        records.queue(by, Deed.KEEP_PEOPLE, now=now)
        person = _open(account_id)
        if not of_link(person, token):
            add(person, INVITATION, token, now=now)
            audit.note("invite", by=by, subject=("account", person.id), now=now)
    return person


def send_invitation(account_id: int, *, language: str, by: Seat | None, now: datetime) -> Account:
    """Send a fresh link to the account's e-mail address, once however often it is asked before the mail is gone.

    Raises NotFound for an account that does not exist, is closed, or has no address.
    """
    with transaction():
        records.queue(by, Deed.KEEP_PEOPLE, now=now)
        person = _open(account_id)
        if not person.email:
            raise NotFound(account=account_id)
        if not _waits(person, INVITATION):
            post(person.id, INVITATION, language=language, now=now)
            audit.note("invite", by=by, subject=("account", person.id), details={"by": "mail"}, now=now)
    return person


def ask_reset(typed: str, *, language: str, address: str, limits: Limits, now: datetime) -> None:
    """Send a link to whoever has this username or e-mail address, and take as long where nobody has.

    Nothing is sent, and nothing said, where this was asked for the same name three times within an hour.
    """
    said = text.clean(typed).lower()
    person = db.session.execute(  # not the record, which would be read again, and take its time, where there is one
        select(Account.id, Account.username).where(
            or_(Account.username == said, Account.email == said),
            Account.active,
            Account.email.is_not(None),
            Account.demonstration.is_(False),
        )
    ).first()
    account_id, name = person or (None, said)
    try:
        limits.spend("reset of account", name)
    except TooOften:
        return
    with transaction():
        post(account_id, RESET, language=language, now=now)
        subject = ("account", account_id) if account_id else None
        audit.note("ask_reset", address=address, subject=subject, now=now)


def fresh(person: Account, kind: str, *, now: datetime) -> str:
    """A new token of this kind for the account, for the mail that is being written."""
    token = token_urlsafe(32)
    with transaction():
        add(person, kind, token, now=now)
    return token


def holder(token: str, *, now: datetime) -> Account:
    """Whose password may be chosen by this token. Raises LinkSpent."""
    link = found(token)
    if link is None or link.used_at or link.expires_at <= now or not link.account.active:
        raise LinkSpent
    return link.account


def found(token: str) -> AccountLink | None:
    return db.session.scalar(select(AccountLink).where(AccountLink.token_hash == _digest(token)))


def of_link(person: Account, token: str) -> bool:
    """Was this token ever one of this account?"""
    link = found(token)
    return link is not None and link.account_id == person.id


def add(person: Account, kind: str, token: str, *, now: datetime) -> None:
    """Let this token open the account, and no earlier one of this kind; inside a transaction."""
    spend(person, (kind,), now=now)
    db.session.add(
        AccountLink(
            account_id=person.id,
            kind=kind,
            token_hash=_digest(token),
            made_at=now,
            expires_at=now + LASTS[kind],
        )
    )


def spend(person: Account, kinds: Collection[str] = tuple(LASTS), *, now: datetime) -> None:
    """No link of these kinds opens the account any more; inside a transaction."""
    db.session.execute(
        update(AccountLink)
        .where(AccountLink.account_id == person.id, AccountLink.kind.in_(kinds))
        .where(AccountLink.used_at.is_(None))
        .values(used_at=now)
    )


def post(account_id: int | None, kind: str, *, language: str, now: datetime) -> None:
    """Put a mail with a link into the outbox, or one to nobody; inside a transaction."""
    db.session.add(Message.letter(account_id, kind, at=now, language=language))


def _waits(person: Account, kind: str) -> bool:
    waiting = select(Message.id).filter_by(account_id=person.id, kind=kind, state="waiting")
    return db.session.scalar(waiting.limit(1)) is not None


def _open(account_id: int) -> Account:
    person = db.session.get(Account, account_id)
    if person is None or not person.active:
        raise NotFound(account=account_id)
    return person


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
