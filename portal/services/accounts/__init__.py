"""Staff accounts: who may come in, and who keeps the list."""

from portal.services.accounts.keeping import (
    LETTERS,
    Person,
    change,
    create,
    everybody,
    give_password,
    initial_password,
    of_ids,
    person,
    set_active,
)
from portal.services.accounts.signing_in import LOCKED_FOR, sign_in, signed_in

__all__ = [
    "LETTERS",
    "LOCKED_FOR",
    "Person",
    "change",
    "create",
    "everybody",
    "give_password",
    "initial_password",
    "of_ids",
    "person",
    "set_active",
    "sign_in",
    "signed_in",
]
