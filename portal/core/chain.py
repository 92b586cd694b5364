"""What is sealed is written in one form only, and each link holds the one before: a changed row is found by its link.

The format is described in docs/adr/0022; scripts/verify_audit.py reads it without this house.
"""

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256

BEGINNING = "0" * 64


def canonical(said: object) -> bytes:
    """The one way to write it: JSON with sorted keys, without spaces, in UTF-8."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(said: Mapping[str, object], salt: str = "") -> str:
    """SHA-256 of the salt and what is said, in hexadecimal.

    With a salt that nobody knows any more, a digest tells nothing of what was said.
    """
    return sha256(salt.encode() + canonical(said)).hexdigest()


def link(before: str, day: date, number: int, kind: str, row_id: int, row_digest: str) -> str:
    """The hash of the link with this number (from 1) in the chain of this day; `before` is that of the link before."""
    said = {"day": day.isoformat(), "number": number, "kind": kind, "row": row_id, "digest": row_digest}
    return sha256(before.encode() + canonical(said)).hexdigest()
