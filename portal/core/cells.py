"""Cells of a table file: text in, a typed value out. Each raises ValueError with a sentence about the cell."""

import re
from collections.abc import Callable
from datetime import date, datetime
from math import isfinite
from typing import Any

from portal.core.deadlines import VIETNAM

Parse = Callable[[str], Any]

_CODE = re.compile(r"[A-Za-z0-9_]{1,40}")
_PREFIX = re.compile(r"[A-Z]{2,4}")
_PHONE = re.compile(r"[0-9 .]{0,20}")


def label(raw: str) -> str:
    if not raw:
        raise ValueError("is empty")
    return raw


def code(raw: str) -> str:
    if not _CODE.fullmatch(raw):
        raise ValueError(f"{raw!r} is no code (letters A–Z, digits, _)")
    return raw


def prefix(raw: str) -> str:
    if not _PREFIX.fullmatch(raw):
        raise ValueError(f"{raw!r} is no prefix (two to four letters A–Z)")
    return raw


def phone(raw: str) -> str:
    if not _PHONE.fullmatch(raw):
        raise ValueError(f"{raw!r} is no telephone number (digits, spaces and dots)")
    return raw


def day(raw: str) -> date:
    try:
        if len(raw) != len("2025-07-01"):
            raise ValueError
        return date.fromisoformat(raw)
    except ValueError:
        raise ValueError(f"{raw!r} is no day (YYYY-MM-DD)") from None


def moment(raw: str) -> datetime:
    try:
        if len(raw) != len("2025-07-01T08:00"):
            raise ValueError
        return datetime.fromisoformat(raw).replace(tzinfo=VIETNAM)
    except ValueError:
        raise ValueError(f"{raw!r} is no moment (YYYY-MM-DDTHH:MM, Vietnam's time)") from None


def number(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or len(raw) > 9:
        raise ValueError(f"{raw!r} is no whole number")
    return int(raw)


def decimal(raw: str) -> float:
    try:
        value = float(raw)
    except ValueError:
        raise ValueError(f"{raw!r} is no number (decimal point, not comma)") from None
    if not isfinite(value):
        raise ValueError(f"{raw!r} is no number")
    return value


def boolean(raw: str) -> bool:
    if raw not in ("yes", "no"):
        raise ValueError(f"{raw!r} is neither yes nor no")
    return raw == "yes"


def one_of(*values: str) -> Parse:
    def parse(raw: str) -> str:
        if raw not in values:
            raise ValueError(f"{raw!r} is not one of {', '.join(values)}")
        return raw

    return parse


def optional(parse: Parse) -> Parse:
    """None where the cell is empty, else what `parse` makes of it."""
    return lambda raw: parse(raw) if raw else None
