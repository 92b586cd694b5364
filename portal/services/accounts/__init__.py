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
from portal.services.accounts.sessions import (
    end_session,
    end_sessions,
    note_deed,
    note_factor,
    open_sessions,
    session_of,
    start_session,
)
from portal.services.accounts.signing_in import LOCKED_FOR, may_enter, sign_in, unchanged

__all__ = [
    "LETTERS",
    "LOCKED_FOR",
    "Person",
    "change",
    "create",
    "end_session",
    "end_sessions",
    "everybody",
    "give_password",
    "initial_password",
    "may_enter",
    "note_deed",
    "note_factor",
    "of_ids",
    "open_sessions",
    "person",
    "session_of",
    "set_active",
    "sign_in",
    "start_session",
    "unchanged",
]
