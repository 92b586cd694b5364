"""Cells of a table file: text in, a typed value out. Each raises ValueError with a sentence about the cell."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from reprlib import repr as shown
from typing import Any

from portal.core import text
from portal.core.deadlines import VIETNAM, office_hours
from portal.core.routing import conditions

Parse = Callable[[str], Any]

FORMULA_SIGNS = ("=", "+", "-", "@")
MOST_CHARACTERS = 4_000

_CODE = re.compile(r"[A-Za-z0-9_]{1,40}")
_PREFIX = re.compile(r"[A-Z]{2,4}")
_PHONE = re.compile(r"[0-9 .]{0,20}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,15})?")


@lru_cache(maxsize=16_384)  # a pack has half as many different cells
def sound(raw: str) -> str:
    """The cell, if it is text that may go anywhere."""
    if len(raw) > MOST_CHARACTERS:
        raise ValueError(f"has {len(raw)} characters, more than {MOST_CHARACTERS}")
    if "\ufffd" in raw:
        raise ValueError("not UTF-8 (perhaps saved as Windows-1258 or TCVN3)")
    if not unicodedata.is_normalized("NFC", raw):
        raise ValueError("not in the composed form (NFC)")
    if raw != text.clean(raw) or "\n" in raw:
        raise ValueError("control characters, line breaks or stray spaces")
    if raw.startswith(FORMULA_SIGNS):
        raise ValueError(f"begins with {raw[0]!r}, which spreadsheets take for a formula")
    return raw


def label(raw: str) -> str:
    if not raw:
        raise ValueError("is empty")
    return raw


def code(raw: str) -> str:
    if not _CODE.fullmatch(raw):
        raise ValueError(f"{shown(raw)} is no code (letters A–Z, digits, _)")
    return raw


def codes(raw: str) -> str:
    """Codes between single spaces, perhaps none, each once and in alphabetical order."""
    each = [code(part) for part in raw.split(" ")] if raw else []
    if each != sorted(set(each)):
        raise ValueError(f"{raw!r} is not in order, write {' '.join(sorted(set(each)))}")
    return raw


def held(raw: str) -> str:
    """Conditions in their canonical form."""
    conditions.parse(raw)
    return raw


def facts(raw: str) -> str:
    """Facts, written like conditions with one value each."""
    conditions.parse_facts(raw)
    return raw


def prefix(raw: str) -> str:
    if not _PREFIX.fullmatch(raw):
        raise ValueError(f"{shown(raw)} is no prefix (two to four letters A–Z)")
    return raw


def phone(raw: str) -> str:
    if not _PHONE.fullmatch(raw):
        raise ValueError(f"{shown(raw)} is no telephone number (digits, spaces and dots)")
    return raw


def email(raw: str) -> str:
    if raw and not _EMAIL.fullmatch(raw):
        raise ValueError(f"{shown(raw)} is no e-mail address")
    return raw


def hours(raw: str) -> str:
    office_hours(raw)
    return raw


def day(raw: str) -> date:
    try:
        if not _DAY.fullmatch(raw):
            raise ValueError
        return date.fromisoformat(raw)
    except ValueError:
        raise ValueError(f"{shown(raw)} is no day (YYYY-MM-DD)") from None


def moment(raw: str) -> datetime:
    try:
        if not _MOMENT.fullmatch(raw):
            raise ValueError
        return datetime.fromisoformat(raw).replace(tzinfo=VIETNAM)
    except ValueError:
        raise ValueError(f"{shown(raw)} is no moment (YYYY-MM-DDTHH:MM, Vietnam's time)") from None


def number(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or len(raw) > 9:
        raise ValueError(f"{shown(raw)} is no whole number")
    return int(raw)


def decimal(raw: str) -> float:
    if not _DECIMAL.fullmatch(raw):
        raise ValueError(f"{shown(raw)} is no number (decimal point, not comma)")
    return float(raw)


def boolean(raw: str) -> bool:
    if raw not in ("yes", "no"):
        raise ValueError(f"{shown(raw)} is neither yes nor no")
    return raw == "yes"


def one_of(*values: str) -> Parse:
    def parse(raw: str) -> str:
        if raw not in values:
            raise ValueError(f"{shown(raw)} is not one of {', '.join(values)}")
        return raw

    return parse


def optional(parse: Parse) -> Parse:
    """None where the cell is empty, else what `parse` makes of it."""
    return lambda raw: parse(raw) if raw else None
