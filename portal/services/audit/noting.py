"""One entry for one deed, written inside the transaction of the deed itself."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from portal.core import chain
from portal.models import Account, AuditEntry, Seat, db

# What has no name in core.permissions. The words of people for them stand in web/admin/audit.
DEEDS = frozenset(
    (
        "create",
        "change",
        "remove",
        "read",
        "export",
        "forget",
        "reveal",
        "reveal_refused",
        "rotate",
        "sign_in",
        "sign_in_refused",
        "sign_out",
        "end_sessions",
        "invite",
        "ask_reset",
        "choose_password",
        "ask_code",
        "enter_code",
        "code_refused",
        "end_device",
        "read_audit",
        "export_audit",
        "export_proof",
    )
)
SALT_BYTES = 16


def note(
    deed: str,
    *,
    by: Seat | Account | None = None,
    address: str = "",
    subject: tuple[str, object] | None = None,
    reason: str = "",
    details: Mapping[str, object] | None = None,
    now: datetime,
) -> AuditEntry:
    """Write down one deed; call it inside the caller's transaction.

    `subject` is a kind and a key, ('report', 12), never a phone number or a name; `details` hold plain JSON without
    personal data or secrets, for they stay for ever. `reason` and `address` can be forgotten later. `by` is an account
    where nobody has taken a seat yet, and None for a resident, the command line or the system.
    """
    kind, key = subject or ("", "")
    seat, person = (by, by.account_id) if isinstance(by, Seat) else (None, by.id if by else None)
    address = address or (seat.address if seat else "")
    salt = secrets.token_hex(SALT_BYTES) if address or reason else ""
    entry = AuditEntry(
        at=now,
        deed=deed,
        account_id=person,
        role=seat.role if seat else "",
        unit_id=seat.unit_id if seat else None,
        subject_kind=kind,
        subject_id=str(key),
        details=dict(details or {}),
        words_digest=words_digest(address, reason, salt),
        address=address,
        reason=reason,
        salt=salt,
    )
    db.session.add(entry)
    return entry


def words_digest(address: str, reason: str, salt: str) -> str:
    """What is sealed of the words that may be forgotten; '' where there are none."""
    return chain.digest({"address": address, "reason": reason}, salt) if salt else ""
