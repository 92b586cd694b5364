"""Staff accounts: who may come in, and who keeps the list."""

from portal.services.accounts.choosing import change_password, choose_password
from portal.services.accounts.forgetting import forget
from portal.services.accounts.keeping import (
    Person,
    address_of,
    change,
    create,
    everybody,
    named,
    of_ids,
    person,
    set_active,
)
from portal.services.accounts.links import ask_reset, drawn, fresh, hand_over, holder, send_invitation
from portal.services.accounts.sessions import (
    end_session,
    end_sessions,
    note_deed,
    note_factor,
    open_sessions,
    renew_token,
    session_of,
    start_session,
)
from portal.services.accounts.signing_in import KnownBrowser, may_enter, sign_in, unchanged

__all__ = [
    "KnownBrowser",
    "Person",
    "address_of",
    "ask_reset",
    "change",
    "change_password",
    "choose_password",
    "create",
    "drawn",
    "end_session",
    "end_sessions",
    "everybody",
    "forget",
    "fresh",
    "hand_over",
    "holder",
    "may_enter",
    "named",
    "note_deed",
    "note_factor",
    "of_ids",
    "open_sessions",
    "person",
    "renew_token",
    "send_invitation",
    "session_of",
    "set_active",
    "sign_in",
    "start_session",
    "unchanged",
]
