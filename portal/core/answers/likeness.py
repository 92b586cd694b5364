"""Is an answer about this report, or the one that everybody gets?

Answers are compared by their pairs of neighbouring words, without marks, case and punctuation, and without the
report's code, which says nothing. Streets, names, dates and figures make pairs that a copied answer has not.
"""

import re
from collections.abc import Hashable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from portal.core import text

NEAR_IDENTICAL = 0.5  # of all the pairs of both; measured in docs/adr/0015-evidence-and-answers.md
_CODE = re.compile(r"\b[A-Z]{2,4}-[0-9]{4}-[0-9A-Z]{4}-[0-9A-Z]\b")
_WORD = re.compile(r"\w+")
_folded = lru_cache(maxsize=20_000)(text.fold)  # Vietnamese has some seven thousand syllables


class Likeness(NamedTuple):
    """The earlier answer that is most like a new one: its place among those given, and how like, from 0 to 1."""

    place: int
    share: float


def pairs(answer: str) -> frozenset[Hashable]:
    """The pairs of neighbouring words; of a single word that word."""
    words = [_folded(word) for word in _WORD.findall(_CODE.sub(" ", answer))]
    return frozenset(pairwise(words)) or frozenset(words)


def likeness(one: frozenset[Hashable], other: frozenset[Hashable]) -> float:
    """The share of the pairs that both have, of those that at least one has."""
    both = len(one & other)
    return both / (len(one) + len(other) - both or 1)


def nearest(answer: str, earlier: Sequence[str]) -> Likeness | None:
    """The earlier answer that this one nearly repeats; None where it says something of its own."""
    own = pairs(answer)
    found = [Likeness(place, likeness(own, pairs(other))) for place, other in enumerate(earlier)]
    best = max(found, key=lambda like: like.share, default=None)
    return best if best and best.share >= NEAR_IDENTICAL else None
