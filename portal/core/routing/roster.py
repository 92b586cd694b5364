"""Which unit is meant? Codes and placeholders to the unit in charge on a day, along its successors."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from portal.core.routing.deciding import COMMUNE_OF_PLACE, DISTRICT_OF_PLACE, Facts, Fault

MOST_SUCCESSIONS = 10
OF_A_PLACE = ("commune", "district")  # kinds of units that serve the area they have
# Kinds of units that decide, the highest first.
AUTHORITIES = ("province", "department", "district", "commune")
_LEVELS = {COMMUNE_OF_PLACE: ("commune", "district"), DISTRICT_OF_PLACE: ("district", "commune")}


class Term(NamedTuple):
    """A unit from its first to its last day, both included; `id` is its number."""

    id: int
    code: str
    kind: str
    area_code: str | None
    successor_code: str | None
    valid_from: date
    valid_until: date | None
    parent_code: str | None = None

    def on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or self.valid_until >= day)


class Roster:
    """All units with their terms."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._by_code: dict[str, list[Term]] = defaultdict(list)
        self._by_area: dict[str, list[Term]] = defaultdict(list)
        for term in sorted(terms, key=lambda term: term.valid_from, reverse=True):
            self._by_code[term.code].append(term)
            if term.area_code and term.kind in OF_A_PLACE:
                self._by_area[term.area_code].append(term)

    def ids(self, codes: Iterable[str]) -> list[int]:
        """The numbers of the units that have or had one of these codes, in order."""
        return sorted(term.id for code in codes for term in self._by_code.get(code, ()))

    def in_charge(self, code: str, day: date) -> Term | None:
        """The unit of that code on that day or, where it has ended, the one that followed it."""
        for _ in range(MOST_SUCCESSIONS):
            terms = self._by_code.get(code, ())
            if found := next((term for term in terms if term.on(day)), None):
                return found
            ended = next((term for term in terms if term.valid_until and term.valid_until < day), None)
            if ended is None or ended.successor_code is None:
                return None
            code = ended.successor_code
        return None

    def instead(self, concerned: str, kin: Collection[str], centre: str, day: date) -> Term | None:
        """Who leads a report about the people of an office, none of the `kin` that carry it on: the nearest unit above
        it, else the coordination centre or the nearest above that, else the highest authority that there is, else
        whoever there is; None where there is nobody else.
        """
        for code in (*self._above(concerned, day), centre, *self._above(centre, day)):
            found = self.in_charge(code, day)
            if found and found.code not in kin:
                return found
        terms = (term for of_code in self._by_code.values() for term in of_code)
        return min((term for term in terms if term.on(day) and term.code not in kin), key=_rank, default=None)

    def appoint(self, code: str, facts: Facts) -> Term:
        """The unit that a rule means by this code or placeholder, for such a report. Raises routing.Fault."""
        found = self._of_place(code, facts) if code in _LEVELS else self.in_charge(code, facts.on)
        if found is None:
            reason = "unit_gone" if code in _LEVELS or code in self._by_code else "unit_unknown"
            raise Fault(reason, code)
        return found

    def _above(self, code: str, day: date) -> Iterator[str]:
        """The codes of the units above, the nearest first."""
        passed = {code}
        while (term := self._last(code, day)) and term.parent_code and term.parent_code not in passed:
            passed.add(code := term.parent_code)
            yield code

    def _last(self, code: str, day: date) -> Term | None:
        """The unit of that code on that day or, where it has ended, as it was at last."""
        return next((term for term in self._by_code.get(code, ()) if term.valid_from <= day), None)

    def _of_place(self, placeholder: str, facts: Facts) -> Term | None:
        """Who serves the place: the last unit that had this area, or the one that followed it."""
        for level in _LEVELS[placeholder]:
            served = (
                term.code
                for term in self._by_area.get(facts.areas.get(level, ""), ())
                if term.valid_from <= facts.on and (term.valid_until or date.max) >= facts.since
            )
            if (code := next(served, None)) and (found := self.in_charge(code, facts.on)):
                return found
        return None


def _rank(term: Term) -> tuple[int, str]:
    higher = AUTHORITIES.index(term.kind) if term.kind in AUTHORITIES else len(AUTHORITIES)
    return higher, term.code
