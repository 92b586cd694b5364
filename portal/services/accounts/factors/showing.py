"""A typed code as second factor: the app's, or one from paper. Guessing is counted by account, whoever guesses."""

from datetime import datetime

from portal.adapters.limits import Limits
from portal.adapters.vault import Vault
from portal.core.accounts.factors import Factor
from portal.core.errors import WrongFactor
from portal.models import Account, transaction
from portal.services import audit
from portal.services.accounts.factors import authenticators, recovery

LIMIT = "second factor of account"


def show_code(
    person: Account, typed: str, *, address: str, vault: Vault, limits: Limits, now: datetime
) -> Factor:
    """Which factor the typed code is; it is used up. Raises WrongFactor, and TooOften after a few wrong ones."""
    limits.spend(LIMIT, str(person.id))
    code = "".join(typed.split())
    if authenticators.passes(person, code, vault=vault, now=now):
        passed = Factor.CODE
    elif recovery.passes(person, code, vault=vault, now=now):
        passed = Factor.RECOVERY
    else:
        note_refused(person, "code", address=address, now=now)
        raise WrongFactor
    limits.forgive(LIMIT, str(person.id))
    return passed


def note_refused(person: Account, factor: str, *, address: str, now: datetime) -> None:
    """Write down that somebody tried to come in as this person by this factor."""
    with transaction():
        audit.note(
            "sign_in_refused",
            address=address,
            subject=("account", person.id),
            details={"factor": factor},
            now=now,
        )
