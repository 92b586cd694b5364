"""One entry for one deed, written inside the transaction of the deed itself."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.core import chain
from portal.models import AuditEntry, db

# What has no name in core.permissions. The words of people for them stand in web/admin/audit.
DEEDS = frozenset(
    {
        "create",
        "change",
        "remove",
        "export",
        "forget",
        "read",
        "reveal_refused",
        "rotate",
        "sign_in",
        "sign_in_refused",
        "sign_out",
    }
)
SALT_BYTES = 16


def note(
    deed: str,
    *,
    by: Any = None,
    address: str = "",
    subject: tuple[str, object] | None = None,
    reason: str = "",
    details: Mapping[str, object] | None = None,
    now: datetime,
) -> AuditEntry:
    """Write down one deed; call it inside the caller's transaction.

    `subject` is a kind and a key, ('report', 12), never a phone number or a name; `details` hold plain JSON without
    personal data or secrets, for they stay for ever. `reason` and `address` can be forgotten later. Nobody (`by` is
    None): a resident, the command line or the system.
    """
    kind, key = subject or ("", "")
    account = getattr(by, "account", by)
    address = address or getattr(by, "address", "")
    salt = secrets.token_hex(SALT_BYTES) if address or reason else ""
    entry = AuditEntry(
        at=now,
        deed=deed,
        account_id=account.id if account else None,
        role=getattr(by, "role", ""),
        unit_id=getattr(by, "unit_id", None),
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
