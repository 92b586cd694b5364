"""Vietnamese mobile numbers: read as people type them, kept as +84…, shown in groups, masked."""

import re

_SEPARATORS = re.compile(r"[\s.\-()\u2010-\u2015\u2212]")
_MOBILE = re.compile(r"(?:\+?84|0)([35789][0-9]{8})")

WRITTEN = (
    r"(?<![0-9+])(?!0[0-9] ?[ .\-] ?[01][0-9] ?[ .\-] ?(?:19|20)[0-9]{2}\b)"  # a day is none
    r"(?:\(?(?:\+|00)?84\)?[ .\-]{0,2}|\(?[0o])(?:\(0\))?(?:[ .\-()]{0,3}[35789])(?:[ .\-()]{0,3}[0-9]){8}(?![0-9])"
)
_WRITTEN = re.compile(WRITTEN, re.IGNORECASE)


def parse(raw: str) -> str:
    """'0912 345 678', '84-912.345.678' → '+84912345678'.

    Raises ValueError when it is not a Vietnamese mobile number: 03, 05, 07, 08 or 09 and eight
    digits more (the mobile ranges since the renumbering of 2018).
    """
    match = _MOBILE.fullmatch(_SEPARATORS.sub("", raw))
    if match is None:
        raise ValueError("not a Vietnamese mobile number")
    return f"+84{match[1]}"


def found_in(text: str) -> str:
    """The first mobile number in a text, as it stands there; '' where there is none."""
    match = _WRITTEN.search(text)
    return match[0] if match else ""


def show(stored: str) -> str:
    """'+84912345678' → '0912 345 678'. Takes what `parse` returned."""
    digits = _national(stored)
    return f"{digits[:4]} {digits[4:7]} {digits[7:]}"


def mask(stored: str) -> str:
    """'+84912345678' → '09xx xxx 678': its owner knows it again, nobody else can call it."""
    digits = _national(stored)
    return f"{digits[:2]}xx xxx {digits[7:]}"


def _national(stored: str) -> str:
    return "0" + stored.removeprefix("+84")
