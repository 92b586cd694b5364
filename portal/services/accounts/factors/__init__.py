"""Second factors: what a person has, how it is added and taken away, and whether what was shown is right."""

from portal.services.accounts.factors import authenticators, identities, passkeys, recovery
from portal.services.accounts.factors.showing import LIMIT, note_refused, show_code
from portal.services.accounts.factors.standing import (
    Held,
    held,
    remove_all,
    remove_authenticator,
    remove_passkey,
)

__all__ = [
    "LIMIT",
    "Held",
    "authenticators",
    "held",
    "identities",
    "note_refused",
    "passkeys",
    "recovery",
    "remove_all",
    "remove_authenticator",
    "remove_passkey",
    "show_code",
]
