"""Ten codes on paper, for the day when phone and key are lost: shown once, each good for one time."""

import hmac
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from portal.adapters.vault import Vault
from portal.models import Account, RecoveryCode, Seat, db, transaction
from portal.services.accounts.factors.standing import changed

HOW_MANY = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another on paper
GROUPS = 3  # of four letters: 59 bits


def made(secret: str, person: Account, request_key: str) -> list[str]:
    """Ten codes that nobody can guess: the same for the same form, so that one sent twice gives no others."""
    occasion = f"recovery codes of account {person.id}"
    return [_drawn(secret, request_key, occasion, str(number)) for number in range(HOW_MANY)]


def give(person: Account, codes: Sequence[str], *, by: Seat | None, vault: Vault, now: datetime) -> None:
    """Let these codes be the person's, and no older ones."""
    with transaction():
        if _digests(person) == _keyed(person, codes, vault):
            return
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == person.id))
        for digest in _keyed(person, codes, vault):
            db.session.add(RecoveryCode(account_id=person.id, digest=digest))
        changed("create", ("recovery_code", person.id), person, by, now)


def give_first(
    person: Account, codes: Sequence[str], *, by: Seat | None, vault: Vault, now: datetime
) -> bool:
    """Give these codes to somebody who has none, and tell whether they are the person's now."""
    with transaction():
        if not _digests(person):
            give(person, codes, by=by, vault=vault, now=now)
        return _digests(person) == _keyed(person, codes, vault)


def passes(person: Account, code: str, *, vault: Vault, now: datetime) -> bool:
    """Is this a code of the person that was not used yet? It is used now."""
    with transaction():
        used = db.session.execute(
            update(RecoveryCode)
            .where(RecoveryCode.account_id == person.id, RecoveryCode.used_at.is_(None))
            .where(RecoveryCode.digest == _keyed_one(person, code, vault))
            .values(used_at=now)
        )
        return used.rowcount == 1  # type: ignore[attr-defined]


def _drawn(secret: str, *occasion: str) -> str:
    """A code that nobody can guess, 'k7mq-…', from the portal's secret and the form's random key."""
    number = int.from_bytes(hmac.digest(secret.encode(), "\0".join(occasion).encode(), "sha256"))
    letters = ""
    for _ in range(4 * GROUPS):
        number, letter = divmod(number, len(LETTERS))
        letters += LETTERS[letter]
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _digests(person: Account) -> set[str]:
    return set(db.session.scalars(select(RecoveryCode.digest).where(RecoveryCode.account_id == person.id)))


def _keyed(person: Account, codes: Sequence[str], vault: Vault) -> set[str]:
    return {_keyed_one(person, code, vault) for code in codes}


def _keyed_one(person: Account, code: str, vault: Vault) -> str:
    letters = "".join(letter for letter in code.lower() if letter.isalnum())
    return vault.index("recovery code", f"{person.id} {letters}")
