"""One entry for one deed, written inside the transaction of the deed itself."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.core import chain
from portal.models import AuditEntry, db

# What has no name in core.permissions. The words of people for them stand in web/admin/audit.
DEEDS = frozenset({"create", "change", "remove", "forget", "sign_in", "sign_in_refused", "sign_out"})
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
) -> None:
    """Write down one deed; call it inside the caller's transaction.

    `subject` is a kind and a key, ('report', 12), never a phone number or a name; `details` hold plain JSON without
    personal data or secrets, for they stay for ever. `reason` and `address` can be forgotten later. Nobody (`by` is
    None): a resident, the command line or the system.
    """
    kind, key = subject or ("", "")
    account = getattr(by, "account", by)
    address = address or getattr(by, "address", "")
    address_salt, address_digest = _sealed("address", address)
    reason_salt, reason_digest = _sealed("reason", reason)
    db.session.add(
        AuditEntry(
            at=now,
            deed=deed,
            account_id=account.id if account else None,
            role=getattr(by, "role", ""),
            unit_id=getattr(by, "unit_id", None),
            subject_kind=kind,
            subject_id=str(key),
            details=dict(details or {}),
            address=address,
            address_salt=address_salt,
            address_digest=address_digest,
            reason=reason,
            reason_salt=reason_salt,
            reason_digest=reason_digest,
        )
    )


def _sealed(name: str, words: str) -> tuple[str, str]:
    """A salt and the digest that stays when words and salt are forgotten."""
    if not words:
        return "", ""
    salt = secrets.token_hex(SALT_BYTES)
    return salt, chain.digest({name: words}, salt)
