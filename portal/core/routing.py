"""Who leads? All rules are looked at, the most specific wins; there is always an answer and its reason.

A rule that names the category beats one that names only an area; the smaller area beats the larger.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

COMMUNE_OF_PLACE = "UBND_XA"
DISTRICT_OF_PLACE = "UBND_HUYEN"  # until 30 June 2025; there are no districts since

FALLBACK = "fallback"
_FINENESS = {None: 0, "province": 1, "district": 2, "commune": 3}


@dataclass(frozen=True)
class Rule:
    """`lead` takes the reports that fit: the code of a unit, or COMMUNE_OF_PLACE, DISTRICT_OF_PLACE.

    None means any category, any place, no first or no last day; both days are included. The code of
    an area means another area after a reform: a rule with an area must not outlive it. Raises
    ValueError for an area without its level, a level without its area, an unknown level.
    """

    id: int
    lead: str
    category: str | None = None
    area_level: str | None = None
    area: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if (self.area is None) != (self.area_level is None) or self.area_level not in _FINENESS:
            raise ValueError(f"rule {self.id}: an area and its level belong together")

    @property
    def specificity(self) -> tuple[bool, int]:
        """The greater wins."""
        return self.category is not None, _FINENESS[self.area_level]

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
            and (self.valid_from or date.min) <= facts.on <= (self.valid_until or date.max)
        )


@dataclass(frozen=True)
class Facts:
    """What is known of a report: its category, its day in Vietnam, and its place.

    `areas`: level ('commune', 'district', 'province') → code in the vintage in force on that day.
    """

    category: str
    on: date
    areas: Mapping[str, str]


@dataclass(frozen=True)
class Decision:
    """Who leads and why: the rule that won, and all that fitted, the most specific first."""

    lead: str
    rule_id: int | None
    matched: tuple[int, ...]
    why: str


def decide(rules: Iterable[Rule], facts: Facts, fallback: str) -> Decision:
    """The most specific rule that fits, among equals the lowest id; else `fallback`, a unit code."""
    fitting = sorted((rule for rule in rules if rule.fits(facts)), key=_order)
    if not fitting:
        return Decision(fallback, None, (), FALLBACK)
    best = fitting[0]
    return Decision(best.lead, best.id, tuple(rule.id for rule in fitting), best.why)


def ties(rules: Iterable[Rule]) -> list[tuple[Rule, Rule]]:
    """Pairs that say who leads in the same case on the same day: only one of them can be meant."""
    by_case: dict[tuple[str | None, ...], list[Rule]] = {}
    for rule in sorted(rules, key=_order):
        by_case.setdefault((rule.category, rule.area_level, rule.area), []).append(rule)
    pairs = (pair for alike in by_case.values() for pair in combinations(alike, 2))
    return [(one, other) for one, other in pairs if _on_the_same_day(one, other)]


def _order(rule: Rule) -> tuple[bool, int, int]:
    category, fineness = rule.specificity
    return not category, -fineness, rule.id


def _on_the_same_day(one: Rule, other: Rule) -> bool:
    starts = max(one.valid_from or date.min, other.valid_from or date.min)
    return starts <= min(one.valid_until or date.max, other.valid_until or date.max)
