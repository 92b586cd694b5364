"""Vietnamese text: one canonical form for storing, one folded form for searching."""

import re
import unicodedata
from itertools import pairwise

_CONTROL_FORMAT_SURROGATE = frozenset({"Cc", "Cf", "Cs"})
_NOT_IN_XML = frozenset("\ufffe\uffff")
_JOINER = "\u200d"


def clean(raw: str) -> str:
    """The form in which everything that people type is kept.

    NFC; each control or format character becomes a space; one space between words; lines end in
    "\\n"; at most one blank line in a row; nothing blank at either end. Half surrogates, U+FFFE and
    U+FFFF go too: no database and no XML file takes them. The zero-width joiner stays in front of
    a symbol only, where it holds an emoji together.
    """
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.replace("\n", "").isprintable():  # what is printable has nothing unfit in it
        text = "".join(
            " " if _is_unfit(char, following) else char for char, following in pairwise(text + " ")
        )
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def fold(text: str) -> str:
    """'Đường Lê-Lợi, số 5' → 'duong le loi so 5': lower-case letters and digits, single spaces.

    What people type without marks and what is stored meet in this form.
    """
    lowered = unicodedata.normalize("NFC", text).lower().replace("đ", "d").replace("ð", "d")
    bare = (char for char in unicodedata.normalize("NFD", lowered) if unicodedata.category(char)[0] != "M")
    return " ".join("".join(char if char.isalnum() else " " for char in bare).split())


def _is_unfit(char: str, following: str) -> bool:
    if char == "\n":
        return False
    if char == _JOINER:
        return unicodedata.category(following) != "So"
    return char in _NOT_IN_XML or unicodedata.category(char) in _CONTROL_FORMAT_SURROGATE
