"""Old and new maps: which area of another vintage an area became, or was made of.

An edge says that one area became, or became part of, another: (from vintage, from code) → (to vintage, to code).
Vintages are days in ISO form, so they sort as they followed each other.
"""

from collections import defaultdict
from collections.abc import Iterable

Key = tuple[str, str]


class Successions:
    """The edges of every reform, followed forwards and backwards."""

    def __init__(self, edges: Iterable[tuple[str, str, str, str]]) -> None:
        self._after: dict[Key, set[Key]] = defaultdict(set)
        self._before: dict[Key, set[Key]] = defaultdict(set)
        self._found: dict[tuple[Key, str], frozenset[str]] = {}
        for from_vintage, from_code, to_vintage, to_code in edges:
            self._after[from_vintage, from_code].add((to_vintage, to_code))
            self._before[to_vintage, to_code].add((from_vintage, from_code))

    def codes(self, area: Key, vintage: str) -> frozenset[str]:
        """The codes in `vintage` of what the area became, or was made of: one, several, or none that is known."""
        if (area, vintage) not in self._found:
            self._found[area, vintage] = self._follow(area, vintage)
        return self._found[area, vintage]

    def _follow(self, area: Key, vintage: str) -> frozenset[str]:
        ahead = area[0] < vintage
        edges = self._after if ahead else self._before
        reached = {area}
        while further := {key for key in reached if key[0] != vintage}:
            reached -= further
            reached |= {
                following
                for key in further
                for following in edges.get(key, ())
                if (key[0] < following[0] <= vintage if ahead else vintage <= following[0] < key[0])
            }
        return frozenset(code for _, code in reached)
