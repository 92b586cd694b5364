"""Which offices carry on which: the people of one may work in any that followed it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from portal.core.reform.changes import Change
from portal.core.reform.fates import LEVELS_OF

Pairs = Mapping[str, set[str]]


class Kinship:
    """Offices by code, whatever their periods. One that was divided is followed by each of its heirs, and one whose
    work went to "the commune of the place" by every commune.
    """

    def __init__(self, units: Iterable[tuple[str, str, str | None]], changes: Iterable[Change]) -> None:
        """`units`: code, kind and successor of every one there ever was; `changes`: of what reforms did."""
        self._before: dict[str, set[str]] = defaultdict(set)
        self._after: dict[str, set[str]] = defaultdict(set)
        of_kind: dict[str, set[str]] = defaultdict(set)
        followed = [(row.unit, row.heir) for row in changes if row.ends]
        for code, kind, successor in units:
            of_kind[kind].add(code)
            followed.append((code, successor))
        for code, heir in followed:
            heirs = of_kind[LEVELS_OF[heir][0]] if heir in LEVELS_OF else {heir} if heir else set()
            self._after[code] |= heirs
            for each in heirs:
                self._before[each].add(code)

    def forebears(self, code: str) -> set[str]:
        """The office itself and all that it carries on, through however many reforms."""
        return _walked(self._before, code)

    def heirs(self, code: str) -> set[str]:
        """The office itself and all that carry it on."""
        return _walked(self._after, code)


def _walked(steps: Pairs, code: str) -> set[str]:
    found, ahead = {code}, [code]
    while ahead:
        fresh = steps.get(ahead.pop(), set()) - found
        found |= fresh
        ahead += fresh
    return found
