"""One-time codes: asked for by anybody, sent to whoever has reported with that number or address, entered once.

What happens while somebody waits is the same for every number: one row, one message. Only the worker, when it writes
the message, sees whether anybody has reported with it, and draws the code then (docs/adr/0023).
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update

from portal.adapters.limits import Limits
from portal.adapters.vault import Vault
from portal.core.errors import CodeRefused
from portal.models import ContactCode, Message, db, transaction
from portal.services import audit
from portal.services.privacy import identity
from portal.services.residents import devices

DIGITS: Final = 6
LASTS: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
KEPT: Final = timedelta(days=1)
KINDS: Final = {"sms": "phone", "mail": "email"}


@dataclass(frozen=True)
class Asked:
    """What the browser that asked keeps: which code, and the token that becomes its device's when the code is right."""

    id: int
    token: str


def ask(
    channel: str, to: str, *, language: str, vault: Vault, limits: Limits, address: str, now: datetime
) -> Asked:
    """Send a code to this phone number ('sms') or e-mail address ('mail'), if somebody has reported with it.

    `address` is the network address that asks. Raises TooOften where this number was sent too many, and ValueError for
    what is no number.
    """
    index = vault.index(KINDS[channel], to)
    limits.spend("code to contact", index)
    code = ContactCode(
        channel=channel,
        contact_index=index,
        recipient=vault.seal(to),
        asked_at=now,
        expires_at=now + LASTS,
    )
    with transaction():
        db.session.add(code)
        db.session.flush()
        db.session.add(
            Message(contact_code_id=code.id, channel=channel, kind="code", language=language, due_at=now)
        )
        audit.note("ask_code", address=address, subject=("contact_code", code.id), now=now)
        asked = Asked(code.id, secrets.token_urlsafe(32))
    return asked


def recipient(code: ContactCode, *, vault: Vault, now: datetime) -> str:
    """Where the message goes; '' where the code has expired, or nobody has reported with this number or address."""
    known = db.session.scalar(identity.reports_at(code.channel, code.contact_index).limit(1))
    return vault.unseal(code.recipient) if known and now < code.expires_at else ""


def fresh(code: ContactCode, *, vault: Vault) -> str:
    """Draw the code for the message that is being written; one that was drawn for an earlier try is none any more."""
    drawn = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    with transaction():
        db.session.execute(
            update(ContactCode)
            .where(ContactCode.id == code.id, ContactCode.used_at.is_(None))
            .values(digest=_digest(code.id, drawn, vault))
        )
    return drawn


def enter(
    asked: Asked,
    typed: str,
    *,
    former: str = "",
    agent: str,
    vault: Vault,
    limits: Limits,
    address: str,
    now: datetime,
) -> None:
    """Let this browser see the reports of whoever the code was sent to, for a year; the same form again does no harm.

    `former`: the token of what the browser showed until now, which is signed out. Raises CodeRefused, and TooOften
    where too many codes of this number were tried.
    """
    code = db.session.get(ContactCode, asked.id)
    if code is None:
        raise CodeRefused(reason="expired")
    index = code.contact_index
    limits.spend("code of contact", index)
    digest = _digest(code.id, typed, vault)
    with transaction():
        left = _spend_try(asked, digest, now)
        code = db.session.get_one(ContactCode, asked.id, populate_existing=True)
        if code.used_at:
            return
        right = hmac.compare_digest(code.digest, digest)
        if right:
            code.used_at = now
            devices.start(asked.token, code, former, agent, now=now)
        deed = "enter_code" if right else "code_refused"
        audit.note(deed, address=address, subject=("contact_code", code.id), now=now)
    if not right:
        raise CodeRefused(reason="wrong" if left else "spent", left=left)
    limits.forgive("code of contact", index)


def forget(*, now: datetime) -> None:
    """Delete the codes of yesterday with their messages, and phones whose year is over."""
    old = select(ContactCode.id).where(ContactCode.asked_at < now - KEPT)
    if db.session.scalar(old.limit(1)) is None and not devices.has_old(now):
        return
    with transaction():
        db.session.execute(delete(Message).where(Message.contact_code_id.in_(old)))
        db.session.execute(delete(ContactCode).where(ContactCode.asked_at < now - KEPT))
        devices.forget(now=now)


def _spend_try(asked: Asked, digest: str, now: datetime) -> int:
    """Take one try and return how many are left; conditional, so that no two requests use the same one.

    A form that was sent twice needs none: its first sending has made the device of this token.
    """
    taken = db.session.execute(
        update(ContactCode)
        .where(
            ContactCode.id == asked.id,
            ContactCode.tries < MOST_TRIES,
            ContactCode.used_at.is_(None),
            ContactCode.expires_at > now,
        )
        .values(tries=ContactCode.tries + 1)
        .returning(ContactCode.tries)
    ).scalar_one_or_none()
    if taken is not None:
        return MOST_TRIES - taken
    code = db.session.get_one(ContactCode, asked.id, populate_existing=True)
    if code.used_at is None:
        raise CodeRefused(reason="spent" if code.tries >= MOST_TRIES else "expired")
    if hmac.compare_digest(code.digest, digest) and devices.device_of(asked.token, now=now):
        return MOST_TRIES
    raise CodeRefused(reason="used")


def _digest(code_id: int, typed: str, vault: Vault) -> str:
    return vault.index("code", f"{code_id} {typed}")
