"""Passwords are kept as Argon2id digests (OWASP: 19 MiB, two passes, one lane). A list of common ones stands beside."""

import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

COMMON = Path(__file__).resolve().parent.parent / "data" / "common_passwords.txt"

hasher = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
_NOBODY = hasher.hash("nobody has this password")


def digest(password: str) -> str:
    """What is kept of a password; keyboards that compose marks in another way give the same."""
    return hasher.hash(unicodedata.normalize("NFC", password))


def matches(password: str, kept: str) -> bool:
    """Tell whether the password belongs to the kept digest; takes as long where there is none ('')."""
    try:
        return hasher.verify(kept or _NOBODY, unicodedata.normalize("NFC", password)) and kept != ""
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Was this digest made with other parameters than today's?"""
    return hasher.check_needs_rehash(kept)


@cache
def common() -> frozenset[str]:
    """The words of which passwords are made that everybody tries, folded and without spaces."""
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
