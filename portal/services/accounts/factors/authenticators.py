"""The app that makes six-digit codes: one for each person."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from portal.adapters import one_time_codes
from portal.adapters.vault import Unsealable, Vault
from portal.core.errors import WrongFactor
from portal.models import Account, Authenticator, Seat, db, transaction
from portal.services.accounts.factors import recovery
from portal.services.accounts.factors.standing import changed


def offer(person: Account, *, vault: Vault) -> str:
    """A new secret for this person, sealed. It is kept nowhere: the form that shows it brings it back."""
    return vault.seal(f"{person.id} {one_time_codes.new_secret()}")


def offered(person: Account, sealed: str, *, vault: Vault) -> str:
    """The secret that was offered to this person. Raises WrongFactor for everything else."""
    try:
        owner, _, secret = vault.unseal(sealed).partition(" ")
    except Unsealable as error:
        raise WrongFactor from error
    if owner != str(person.id):
        raise WrongFactor
    return secret


def add(
    person: Account,
    sealed: str,
    code: str,
    *,
    codes: Sequence[str],
    by: Seat | None,
    vault: Vault,
    now: datetime,
) -> bool:
    """Take the app with the offered secret, in place of an older one, because it makes the right code. The same form
    sent twice adds it once.

    Whoever has no recovery codes gets `codes`; True where they are this person's now. Raises WrongFactor.
    """
    secret = offered(person, sealed, vault=vault)
    if (step := one_time_codes.step_of(secret, code, now)) is None:
        raise WrongFactor
    with transaction():
        kept = _of(person)
        if kept is None or vault.unseal(kept.secret) != secret:
            kept = kept or Authenticator(account_id=person.id)
            kept.secret, kept.last_step, kept.added_at = vault.seal(secret), step, now
            db.session.add(kept)
            db.session.flush()
            changed("create", ("authenticator", kept.id), person, by, now)
        return recovery.give_first(person, codes, by=by, vault=vault, now=now)


def passes(person: Account, code: str, *, vault: Vault, now: datetime) -> bool:
    """Is this the app's code of now? Each is taken once, and none that is older than the last one taken."""
    kept = _of(person)
    step = one_time_codes.step_of(vault.unseal(kept.secret), code, now) if kept else None
    if step is None:
        return False
    with transaction():
        taken = db.session.execute(
            update(Authenticator)
            .where(Authenticator.account_id == person.id, Authenticator.last_step < step)
            .values(last_step=step)
        )
        return taken.rowcount == 1  # type: ignore[attr-defined]


def _of(person: Account) -> Authenticator | None:
    return db.session.scalar(select(Authenticator).where(Authenticator.account_id == person.id))
