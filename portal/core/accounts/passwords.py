"""Which passwords are refused, and why: NIST SP 800-63B-4, 3.1.1.2, and OWASP ASVS 5, V6.2.

Length counts and nothing of how it is composed. What is known, near at hand or a mere pattern is refused, because it is
tried first.
"""

import re
from collections.abc import Collection
from itertools import pairwise

from portal.core import text

SHORTEST, LONGEST = 12, 128
MOST_COMMON_WORDS = 3
SHORTEST_OWN = 4  # a shorter name or place stands in too many words
SHORTEST_RUN = 4


def fault(password: str, *, own: Collection[str], common: Collection[str]) -> str | None:
    """Why this password cannot be used, or None.

    'short', 'long'; 'own': it contains one of the names or places of its owner (`own`, as they are written);
    'common': three words of the list `common` (folded, without spaces) make it up, and digits; 'pattern': it repeats
    itself or runs along the alphabet or the digits.
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    bare = _bare(password)
    if any(word in bare for words in own for word in _own(words)):
        return "own"
    if bare and (_repeats(bare) or _runs(bare)):
        return "pattern"
    letters = re.sub(r"\d", "", bare)
    return "common" if letters and _words_in(letters, common) <= MOST_COMMON_WORDS else None


def _bare(words: str) -> str:
    return text.fold(words).replace(" ", "")


def _own(words: str) -> set[str]:
    """'UBND phường Đông Hà' is meant by all of it and by its last two words."""
    split = text.fold(words).split()
    return {said for said in ("".join(split), "".join(split[-2:])) if len(said) >= SHORTEST_OWN}


def _repeats(bare: str) -> bool:
    """'abcabcabc': a piece at least three times, perhaps broken off at the end."""
    return any(bare == (bare[:length] * len(bare))[: len(bare)] for length in range(1, len(bare) // 3 + 1))


def _runs(bare: str) -> bool:
    """'1234abcd9999': runs up, down or on the spot, four characters long on the average."""
    runs, step = 1, None
    for before, after in pairwise(bare):
        taken = ord(after) - ord(before)
        if (before, after) == ("9", "0"):
            taken = 1
        if taken not in (-1, 0, 1) or (step is not None and taken != step):
            runs, step = runs + 1, None
        else:
            step = taken
    return runs * SHORTEST_RUN <= len(bare)


def _words_in(letters: str, common: Collection[str]) -> float:
    """How few of these words, one behind another, make up the letters; infinite where they cannot."""
    fewest = [0.0] + [float("inf")] * len(letters)
    for end in range(1, len(letters) + 1):
        fewest[end] = 1 + min(
            (fewest[start] for start in range(end) if letters[start:end] in common), default=float("inf")
        )
    return fewest[-1]
