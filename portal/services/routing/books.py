"""Everything that decisions are made from, read at once and remembered for the version it was read from."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import or_, select

from portal.core.errors import NotFound
from portal.core.reform import Change, Kinship
from portal.core.routing import Decision, Facts, Rule, RuleBook, conditions, decide
from portal.core.routing.conditions import HOURS, BadConditions
from portal.core.routing.roster import Roster, Term
from portal.models import Area, Reform, RoutingRule, Territory, Unit, db
from portal.services import territory
from portal.services.routing import questions
from portal.services.routing.questions import Asked, Questions
from portal.services.territory import Version

AREAS = select(Area.vintage, Area.code, Area.level, Area.parent_code, Area.valid_from)
TERMS = select(
    Unit.id,
    Unit.code,
    Unit.kind,
    Unit.area_code,
    Unit.successor_code,
    Unit.valid_from,
    Unit.valid_until,
    Unit.parent_code,
)
Areas = Mapping[tuple[str, str], Any]  # the areas, or rows of AREAS, by vintage and code


@dataclass(frozen=True)
class Place:
    """An area with all above it, as core.routing.Facts wants them."""

    areas: Mapping[str, str]
    since: date


@dataclass(frozen=True)
class Books:
    """Rules by vintage, units and who carries on whom, places by (vintage, code), questions by category, and who takes
    the rest.
    """

    rules: Mapping[str, RuleBook]
    roster: Roster
    kinship: Kinship
    places: Mapping[tuple[str, str], Place]
    questions: Questions
    fallback: str

    @property
    def ask_for_hours(self) -> bool:
        return any(HOURS in book.subjects for book in self.rules.values())

    def decide(
        self, category: str, area: tuple[str, str], day: date, known: Mapping[str, str]
    ) -> Decision[Term]:
        """Who leads a report of this category in this area on this day, given what is known."""
        return decide(self.rules[area[0]], self.facts(category, area, day, known), self.roster.appoint)

    def lead(self, made: Decision[Term], day: date) -> Term:
        """The unit that the decision names, else the one that takes the rest. Raises NotFound without either."""
        lead = made.lead or self.roster.in_charge(self.fallback, day)
        if lead is None:
            raise NotFound(unit=self.fallback)
        return lead

    def facts(self, category: str, area: tuple[str, str], day: date, known: Mapping[str, str]) -> Facts:
        place = self.places[area]
        return Facts(category, day, place.areas, place.since, known)


def current() -> Books:
    """The books of the version in force. What a transaction that changes them reads is not remembered."""
    return read() if territory.revising() else _of(territory.version())


@lru_cache(maxsize=4)
def _of(_version: Version | None) -> Books:
    return read()


def read(instead: RoutingRule | None = None) -> Books:
    """The books as the database has them now; `instead` takes the place of the rule of its number, or is added."""
    areas = {(area.vintage, area.code): area for area in db.session.execute(AREAS)}
    rows = [row for row in db.session.scalars(select(RoutingRule)) if instead is None or row.id != instead.id]
    asked = questions.read()
    rules = [
        (row.area_vintage, in_law(row, areas, asked)) for row in (*rows, *([instead] if instead else []))
    ]
    return Books(
        rules=_by_vintage(rules, {vintage for vintage, _ in areas}),
        roster=Roster(Term(*row) for row in db.session.execute(TERMS)),
        kinship=kinship(),
        places=_places(areas),
        questions=asked,
        fallback=db.session.scalars(select(Territory.fallback_unit)).one(),
    )


def kinship(planned: Iterable[Change] = ()) -> Kinship:
    """Who carries on whom, as the database has it now and as if these changes were made too."""
    plans = db.session.scalars(select(Reform.plan).where(Reform.state == "done"))
    made = [Change(**row) for plan in plans for row in plan]
    units = [(unit.code, unit.kind, unit.successor_code) for unit in db.session.execute(TERMS)]
    return Kinship(units, [*made, *planned])


def in_law(row: RoutingRule, areas: Areas, asked: Questions) -> Rule:
    """The rule as the law reads it, with its fault where it cannot be read."""
    fault, held = "", {}
    try:
        held = conditions.parse(row.conditions or "")
        conditions.check(held, choices_of(asked.get(row.category_code or "", {})))
    except BadConditions:
        fault = "conditions"
    area = areas.get((row.area_vintage, row.area_code)) if row.area_vintage and row.area_code else None
    if row.area_code and area is None:
        fault = "area"
    return Rule(
        id=row.id or 0,
        lead=row.lead,
        category=row.category_code,
        area_level=area.level if area else None,
        area=area.code if area else None,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        conditions=held,
        cooperating=tuple((row.cooperating or "").split()),
        legal_basis=row.legal_basis,
        fault=fault,
    )


def choices_of(asked: Mapping[str, Asked]) -> dict[str, Collection[str]]:
    """Question → the codes that may answer it."""
    return {code: question.choices for code, question in asked.items()}


def questions_of(category: str) -> Mapping[str, Asked]:
    """What the form asks about a category, by the question's code."""
    return current().questions.get(category, {})


def check_answers(category: str, answers: Mapping[str, str]) -> None:
    """Raise NotFound for an answer that the category does not ask for or offer."""
    asked = questions_of(category)
    for question, choice in answers.items():
        if question not in asked or choice not in asked[question].choices:
            raise NotFound(answer=f"{question}={choice}")


def unit_on(code: str, day: date) -> Unit | None:
    """The unit of that code that exists on that day."""
    return db.session.scalar(select(Unit).where(Unit.code == code, *exists_on(day)))


def in_charge(code: str, day: date) -> Unit | None:
    """The unit of that code on that day or, where it has ended, the one that followed it."""
    term = current().roster.in_charge(code, day)
    return db.session.get(Unit, term.id) if term else None


def exists_on(day: date) -> tuple[Any, Any]:
    """The conditions of a unit's validity on a day."""
    return Unit.valid_from <= day, or_(Unit.valid_until.is_(None), Unit.valid_until >= day)


def _by_vintage(rules: Iterable[tuple[str | None, Rule]], vintages: set[str]) -> dict[str, RuleBook]:
    """A book for each vintage: a rule for an area speaks of its own only, for codes were given to other areas since."""
    sorted_out: dict[str, list[Rule]] = {vintage: [] for vintage in vintages}
    for vintage, rule in rules:
        for book in [vintage] if vintage in vintages else vintages:
            sorted_out[book].append(rule)
    return {vintage: RuleBook(found) for vintage, found in sorted_out.items()}


def _places(areas: Areas) -> dict[tuple[str, str], Place]:
    chains: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for key, area in areas.items():
        higher = area
        while higher is not None:
            chains[key][higher.level] = higher.code
            higher = areas.get((higher.vintage, higher.parent_code)) if higher.parent_code else None
    return {key: Place(chain, areas[key].valid_from) for key, chain in chains.items()}
