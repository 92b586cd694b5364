"""Passkeys: how one is added, and whose key has answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from portal.adapters import passkeys as keys
from portal.adapters.passkeys import BadAnswer, Site
from portal.adapters.vault import Vault
from portal.core.errors import WrongFactor
from portal.models import Account, Passkey, Seat, db, transaction
from portal.services.accounts.factors import recovery
from portal.services.accounts.factors.standing import changed, held

LONGEST_NAME = 60


@dataclass(frozen=True)
class Challenge:
    """Random bytes that a key has to sign, and when they were asked: an answer to an older question is refused."""

    nonce: bytes
    asked_at: datetime


def question_for_new(person: Account, nonce: bytes, *, site: Site, vault: Vault) -> dict[str, Any]:
    """What the browser is asked to make a key, for this person and on a device that has none of theirs yet."""
    return site.ask_for_new(
        nonce,
        handle=vault.index("passkey owner", str(person.id)),
        username=person.username,
        name=person.name,
        known=[each.credential_id for each in held(person).passkeys],
    )


def question(person: Account, nonce: bytes, *, site: Site) -> dict[str, Any] | None:
    """What the browser is asked to show one of this person's keys; None where they have none."""
    known = [each.credential_id for each in held(person).passkeys]
    return site.ask(nonce, known) if known else None


def add(
    person: Account,
    answer: str,
    challenge: Challenge,
    name: str,
    *,
    codes: Sequence[str],
    site: Site,
    by: Seat | None,
    vault: Vault,
    now: datetime,
) -> bool:
    """Keep the key that the browser made. The same answer sent twice adds it once.

    Whoever has no recovery codes gets `codes`; True where they are this person's now. Raises WrongFactor.
    """
    try:
        made = site.new_key(answer, challenge.nonce)
    except BadAnswer as error:
        raise WrongFactor from error
    with transaction():
        known = _key(made.credential_id)
        if known is not None and known.account_id != person.id:
            raise WrongFactor
        if known is None:
            fresh = Passkey(
                account_id=person.id,
                credential_id=made.credential_id,
                public_key=made.public_key,
                sign_count=made.sign_count,
                name=name[:LONGEST_NAME],
                added_at=now,
                used_at=challenge.asked_at,
            )
            db.session.add(fresh)
            db.session.flush()
            changed("create", ("passkey", fresh.id), person, by, now)
        return recovery.give_first(person, codes, by=by, vault=vault, now=now)


def owner(answer: str, challenge: Challenge, *, site: Site) -> Account:
    """Whose key has answered this question. Each answer counts once. Raises WrongFactor."""
    try:
        key = _key(keys.key_of(answer))
        if key is None:
            raise WrongFactor
        count = site.check(answer, challenge.nonce, key.public_key, key.sign_count)
    except BadAnswer as error:
        raise WrongFactor from error
    with transaction():
        used = db.session.execute(
            update(Passkey)
            .where(Passkey.id == key.id, Passkey.used_at < challenge.asked_at)
            .where(Passkey.sign_count == key.sign_count)
            .values(used_at=challenge.asked_at, sign_count=count)
        )
        if used.rowcount != 1:  # type: ignore[attr-defined]
            raise WrongFactor
        return db.session.get_one(Account, key.account_id)


def _key(credential_id: str) -> Passkey | None:
    return db.session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))
