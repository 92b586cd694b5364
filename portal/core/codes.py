"""Report codes that survive the telephone: 'QT-2611-04F7-K'.

Prefix of the territory, year and month in Vietnam, a number in four signs, a check sign. The signs
are digits and letters that nobody mistakes for each other (no I, L, O, U, W). The signs weighted by
their place from the right sum up to zero modulo 31, a prime: so one wrong sign, and two signs
swapped with their neighbour or over one place, never give another valid code.
"""

import re
from datetime import datetime

from portal.core.deadlines import VIETNAM

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVXYZ"
SPACE = len(ALPHABET) ** 4  # numbers in one month: 923,521

_LETTERS_OF_PREFIXES_ONLY = "ILOUW"
_VALUES = {sign: value for signs in (ALPHABET, _LETTERS_OF_PREFIXES_ONLY) for value, sign in enumerate(signs)}
_SEPARATORS = re.compile(r"[\s._\-\u00ad\u2010-\u2015\u2212]")
_MISHEARD = str.maketrans("OIL", "011")
_PREFIX = re.compile(r"[A-Z]{2,4}")
_TAIL_LENGTH = 9
_TAIL = re.compile(rf"([0-9]{{2}}(?:0[1-9]|1[0-2]))([{ALPHABET}]{{4}})([{ALPHABET}])")


class BadCode(ValueError):
    """No report code. `reason` is 'shape' (not like a code at all) or 'check' (a sign is wrong)."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"not a report code: {reason}")
        self.reason = reason


def make(prefix: str, moment: datetime, number: int) -> str:
    """The code of report `number` (0 ≤ number < SPACE) of the month of `moment` in Vietnam.

    Raises ValueError for a prefix other than two to four letters A–Z, a number outside the space
    and a moment without a time zone.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"a prefix is two to four letters A–Z: {prefix!r}")
    if not 0 <= number < SPACE:
        raise ValueError(f"number outside 0…{SPACE - 1}: {number}")
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    month = f"{moment.astimezone(VIETNAM):%y%m}"
    signs = _signs(number)
    return f"{prefix}-{month}-{signs}-{_check(prefix + month + signs)}"


def parse(raw: str) -> str:
    """The code as `make` wrote it, from what a person typed or noted down on the telephone.

    Forgives small letters, spaces, missing and typographic dashes, and after the prefix O for 0,
    I and L for 1. Raises BadCode.
    """
    compact = _SEPARATORS.sub("", raw).upper()
    prefix, tail = compact[:-_TAIL_LENGTH], compact[-_TAIL_LENGTH:].translate(_MISHEARD)
    match = _TAIL.fullmatch(tail)
    if match is None or not _PREFIX.fullmatch(prefix):
        raise BadCode("shape")
    month, signs, check = match.groups()
    if check != _check(prefix + month + signs):
        raise BadCode("check")
    return f"{prefix}-{month}-{signs}-{check}"


def _signs(number: int) -> str:
    signs = ""
    for _ in range(4):
        number, value = divmod(number, len(ALPHABET))
        signs = ALPHABET[value] + signs
    return signs


def _check(body: str) -> str:
    weighted = sum(place * _VALUES[sign] for place, sign in enumerate(reversed(body), start=2))
    return ALPHABET[-weighted % len(ALPHABET)]
