"""Who leads? All rules are looked at, the most specific wins; there is always an answer and its reason.

One order decides, in this sequence: a rule that names the category beats one that does not; the smaller area beats
the larger; more conditions beat fewer. Two rules that are equal in all three and can both be meant are tied
(docs/adr/0009).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Generic, TypeVar

from portal.core.routing import conditions
from portal.core.routing.conditions import Conditions

COMMUNE_OF_PLACE = "UBND_XA"
DISTRICT_OF_PLACE = "UBND_HUYEN"  # until 30 June 2025; there are no districts since
PLACEHOLDERS = (COMMUNE_OF_PLACE, DISTRICT_OF_PLACE)

FALLBACK = "fallback"
_FINENESS = {None: 0, "province": 1, "district": 2, "commune": 3}
_FINEST_FIRST = ("commune", "district", "province")

Unit = TypeVar("Unit")


class Fault(Exception):
    """A rule cannot be used: `reason` is a word for it, `subject` the code that it is about, or ''."""

    def __init__(self, reason: str, subject: str = "") -> None:
        super().__init__(f"{reason} {subject}".rstrip())


@dataclass(frozen=True)
class Rule:
    """`lead` takes the reports that fit, `cooperating` help: codes of units, or placeholders for those of the place.

    None means any category, any place, no first or no last day; both days are included. The code of
    an area means another area after a reform: a rule with an area must not outlive it. `fault` says why the rule as
    it is written cannot be used; it is taken for more specific than its equals, so that it is not passed over in
    silence. Raises ValueError for an area without its level, a level without its area, an unknown level.
    """

    id: int
    lead: str
    category: str | None = None
    area_level: str | None = None
    area: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    conditions: Conditions = field(default_factory=dict, hash=False)
    cooperating: tuple[str, ...] = ()
    legal_basis: str = ""
    fault: str = ""

    def __post_init__(self) -> None:
        if (self.area is None) != (self.area_level is None) or self.area_level not in _FINENESS:
            raise ValueError(f"rule {self.id}: an area and its level belong together")

    @property
    def specificity(self) -> tuple[bool, int, int]:
        """The greater wins."""
        return self.category is not None, _FINENESS[self.area_level], len(self.conditions)

    @property
    def why(self) -> str:
        """What the rule names: 'category+commune', 'category', 'district', … or 'any'."""
        named = ("category" if self.category is not None else None, self.area_level)
        return "+".join(word for word in named if word) or "any"

    def fits(self, facts: "Facts") -> bool:
        """Does the rule speak about such a report on that day?"""
        return (
            self.category in (None, facts.category)
            and (self.area_level is None or facts.areas.get(self.area_level) == self.area)
            and self.applies(facts)
        )

    def applies(self, facts: "Facts") -> bool:
        """The same, where category and area are known to fit."""
        return (
            (self.valid_from is None or self.valid_from <= facts.on)
            and (self.valid_until is None or self.valid_until >= facts.on)
            and (bool(self.fault) or conditions.hold(self.conditions, facts.known))
        )


@dataclass(frozen=True)
class Facts:
    """What is known of a report: its category, its day in Vietnam, its place, and what conditions ask for.

    `areas`: level ('commune', 'district', 'province') → code in the vintage in force on that day, which has meant
    this area `since` that day. `known`: HOURS, PRIORITY and the answered questions → their value.
    """

    category: str
    on: date
    areas: Mapping[str, str]
    since: date = date.min
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision(Generic[Unit]):
    """Who leads and helps, by which rule, or None where no rule could be used.

    `matched`: all that fitted, the most specific first; `faults`: rules that would have won but could not be used,
    with the reason.
    """

    lead: Unit | None
    cooperating: tuple[Unit, ...]
    rule: Rule | None
    matched: tuple[Rule, ...]
    faults: tuple[tuple[Rule, str], ...]

    @property
    def why(self) -> str:
        """What the winner names, or FALLBACK."""
        return self.rule.why if self.rule else FALLBACK


class RuleBook:
    """Rules by what they speak of, so that a decision looks at few of them."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_case: dict[tuple[str | None, str | None], list[Rule]] = defaultdict(list)
        self.subjects: set[str] = set()
        for rule in sorted(rules, key=_order):
            place = f"{rule.area_level} {rule.area}" if rule.area else None
            self._by_case[rule.category, place].append(rule)
            self.subjects |= rule.conditions.keys()
        self._by_case = dict(self._by_case)

    def fitting(self, facts: Facts) -> tuple[Rule, ...]:
        """Every rule that fits, the most specific first; among equals the lowest id."""
        places = [f"{level} {facts.areas[level]}" for level in _FINEST_FIRST if level in facts.areas]
        return tuple(
            rule
            for category in (facts.category, None)
            for place in (*places, None)
            for rule in self._by_case.get((category, place), ())
            if rule.applies(facts)
        )


def decide(book: RuleBook, facts: Facts, appoint: Callable[[str, Facts], Unit]) -> Decision[Unit]:
    """The most specific rule that fits and can be used decides.

    `appoint` gives the unit that a code or placeholder means there and then, or raises Fault.
    """
    matched, faults = book.fitting(facts), []
    for rule in matched:
        try:
            if rule.fault:
                raise Fault(rule.fault)
            lead = appoint(rule.lead, facts)
            helping = dict.fromkeys(appoint(code, facts) for code in rule.cooperating)
        except Fault as fault:
            faults.append((rule, str(fault)))
            continue
        helping.pop(lead, None)
        return Decision(lead, tuple(helping), rule, matched, tuple(faults))
    return Decision(None, (), None, matched, tuple(faults))


def ties(rules: Iterable[Rule]) -> list[tuple[Rule, Rule]]:
    """Pairs that say who leads in the same case on the same day: only one of them can be meant."""
    by_case: dict[tuple[object, ...], list[Rule]] = {}
    for rule in sorted(rules, key=_order):
        if not rule.fault:
            case = rule.category, rule.area_level, rule.area, len(rule.conditions)
            by_case.setdefault(case, []).append(rule)
    pairs = (pair for alike in by_case.values() for pair in combinations(alike, 2))
    return [
        (one, other)
        for one, other in pairs
        if _on_the_same_day(one, other) and conditions.compatible(one.conditions, other.conditions)
    ]


def _order(rule: Rule) -> tuple[bool, int, bool, int, int]:
    category, fineness, number = rule.specificity
    return not category, -fineness, not rule.fault, -number, rule.id


def _on_the_same_day(one: Rule, other: Rule) -> bool:
    starts = max(one.valid_from or date.min, other.valid_from or date.min)
    return starts <= min(one.valid_until or date.max, other.valid_until or date.max)
