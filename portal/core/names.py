"""Names of people in the order in which Vietnamese lists have them, and names in a note: `@username`."""

import re
import unicodedata

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{place:02d}" for place, letter in enumerate(_LETTERS)}
_TONES = {tone: str(place) for place, tone in enumerate("\u0300\u0309\u0303\u0301\u0323", start=1)}
_MENTION = re.compile(r"(?<![\w.@+/-])@(\w[\w.-]{1,59})")


def sort_key(name: str) -> tuple[list[tuple[str, str]], ...]:
    """Order by the given name, which comes last, then by the words before it from the first on.

    A word is compared by its letters in the order of the alphabet (a ă â b c d đ …), and only then by its tones
    (none, huyền, hỏi, ngã, sắc, nặng).
    """
    words = [_word(word) for word in name.split()]
    return words[-1:], words[:-1]


def mentioned(words: str) -> list[str]:
    """Whom these words name by `@username`, each once, in small letters: usernames, or what somebody took for one.

    What stands in an e-mail address is none, and the full stop or dash behind a name is not part of it.
    """
    found = (name.lower().rstrip(".-") for name in _MENTION.findall(words))
    return list(dict.fromkeys(name for name in found if len(name) > 1))


def _word(word: str) -> tuple[str, str]:
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", word).lower():
        parts = unicodedata.normalize("NFD", char)
        tones.append("".join(_TONES.get(part, "") for part in parts) or "0")
        bare = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
        letters.append(_RANK.get(bare, f"99{bare}"))
    return "".join(letters), "".join(tones)
