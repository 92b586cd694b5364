"""Test cases beside the rules: such a report must go there. They run whenever a rule is saved."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select, tuple_

from portal.core.deadlines import VIETNAM, WorkCalendar, day_of
from portal.core.errors import Conflict, NotFound
from portal.core.permissions import Deed
from portal.core.routing import PLACEHOLDERS, Facts, Fault, conditions
from portal.core.routing.conditions import HOURS, PRIORITY, BadConditions
from portal.core.routing.roster import Term
from portal.models import Area, Category, RoutingCase, Seat, Unit, db, transaction
from portal.services import records
from portal.services.routing import books, deciding
from portal.services.routing.books import Books


@dataclass(frozen=True)
class CaseWords:
    """A case as it is written: `facts` as core.routing.conditions reads them, `cooperating` codes between spaces.

    Helping units are compared only where the case names any.
    """

    category_code: str
    area_vintage: str
    area_code: str
    facts: str
    at: datetime
    lead: str
    cooperating: str


@dataclass(frozen=True)
class Result:
    """What a case expects and what the rules give, as codes of units; `got` is empty where they cannot say."""

    case: RoutingCase
    expected: tuple[str, ...]
    got: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return self.expected == self.got


def results(shelf: Books) -> list[Result]:
    """Every case against these rules, by name."""
    cases = db.session.scalars(select(RoutingCase).order_by(RoutingCase.name)).all()
    priorities = dict(db.session.execute(select(Category.code, Category.priority)).all())
    office = deciding.office_hours()
    return [_result(case, shelf, priorities[case.category_code], office) for case in cases]


def broken(before: Iterable[Result], after: Iterable[Result]) -> list[Result]:
    """The cases that held before and do not hold any more."""
    held = {result.case.name for result in before if result.passed}
    return [result for result in after if not result.passed and result.case.name in held]


def demand(before: Iterable[Result], shelf: Books) -> None:
    """Raise Conflict where rules that are about to be saved break a case."""
    if gone := broken(before, results(shelf)):
        units = units_named(gone)
        said = [
            (
                result.case.name,
                *([units.get(code, code) for code in codes] for codes in (result.expected, result.got)),
            )
            for result in gone
        ]
        raise Conflict(field="", reason="cases", cases=said)


def units_named(given: Iterable[Result]) -> dict[str, Unit]:
    """The units that these results speak of, by code: of each code the one that began last."""
    codes = {code for result in given for code in (*result.expected, *result.got)}
    query = select(Unit).where(Unit.code.in_(codes)).order_by(Unit.valid_from)
    return {unit.code: unit for unit in db.session.scalars(query)}


def case(name: str) -> RoutingCase:
    """That case; raises NotFound."""
    if (found := db.session.get(RoutingCase, name)) is None:
        raise NotFound(case=name)
    return found


def units() -> list[Unit]:
    """Every unit there ever was, of each code the term that began last."""
    query = select(Unit).order_by(Unit.valid_from)
    return list({unit.code: unit for unit in db.session.scalars(query)}.values())


def areas_named(shown: Iterable[RoutingCase]) -> dict[tuple[str, str], Area]:
    """The areas of these cases, by vintage and code."""
    keys = {(case.area_vintage, case.area_code) for case in shown}
    found = db.session.scalars(select(Area).where(tuple_(Area.vintage, Area.code).in_(keys)))
    return {(area.vintage, area.code): area for area in found}


def create(name: str, words: CaseWords, *, by: Seat | None, now: datetime) -> RoutingCase:
    """Add a case, whether it holds or not; the same one sent twice is added once. Raises Conflict at a field."""
    with transaction():
        records.queue(by, Deed.KEEP_SETTINGS, now=now)
        if known := db.session.get(RoutingCase, name):
            if all(getattr(known, column) == value for column, value in asdict(words).items()):
                return known
            raise Conflict(field="name", reason="code_taken")
        fresh = RoutingCase(name=name, **asdict(words))
        _check(fresh)
        records.add(fresh, by=by, now=now)
    return fresh


def change(name: str, words: CaseWords, *, seen: str, by: Seat | None, now: datetime) -> RoutingCase:
    """Change a case and return it. Raises Stale; Conflict at a field."""
    with transaction():
        records.queue(by, Deed.KEEP_SETTINGS, now=now)
        kept = case(name)
        changes = records.amend(kept, asdict(words), seen=seen)
        _check(kept)
        records.sign(kept, changes, by=by, now=now)
    return kept


def remove(name: str, *, seen: str, by: Seat | None, now: datetime) -> None:
    """Forget a case; one that is not there is forgotten already. Raises Stale."""
    with transaction():
        records.queue(by, Deed.KEEP_SETTINGS, now=now)
        if (kept := db.session.get(RoutingCase, name)) is not None:
            records.remove(kept, seen=seen, by=by, now=now)


def _check(case: RoutingCase) -> None:
    with db.session.no_autoflush:
        if db.session.get(Category, case.category_code) is None:
            raise Conflict(field="category_code", reason="not_there")
        area = db.session.get(Area, (case.area_vintage, case.area_code))
        day = day_of(case.at)
        if area is None:
            raise Conflict(field="area", reason="not_there")
        if day < area.valid_from:
            raise Conflict(field="day", reason="before_area", day=area.valid_from)
        if area.valid_until and day > area.valid_until:
            raise Conflict(field="day", reason="after_area", day=area.valid_until)
        for field, codes in (("lead", [case.lead]), ("cooperating", case.cooperating.split())):
            for code in codes:
                unit = select(Unit.id).where(Unit.code == code).limit(1)
                if code not in PLACEHOLDERS and db.session.scalar(unit) is None:
                    raise Conflict(field=field, reason="not_there")
        _check_facts(case)


def _check_facts(case: RoutingCase) -> None:
    asked = books.current().questions.get(case.category_code, {})
    try:
        facts = conditions.parse_facts(case.facts)
        conditions.check({name: [value] for name, value in facts.items()}, books.choices_of(asked))
    except BadConditions as error:
        raise Conflict(field="facts", reason="bad_conditions", said=str(error)) from error


def _result(case: RoutingCase, shelf: Books, priority: str, office: WorkCalendar) -> Result:
    moment, area = case.at.astimezone(VIETNAM), (case.area_vintage, case.area_code)
    try:
        told = conditions.parse_facts(case.facts)
    except BadConditions:
        return Result(case, (case.lead,), ())
    known = {PRIORITY: priority} | told | {HOURS: deciding.hours(moment, office)}
    made = shelf.decide(case.category_code, area, moment.date(), known)
    facts = shelf.facts(case.category_code, area, moment.date(), known)
    lead = shelf.lead(made, moment.date()).code
    expected = [_meant(case.lead, facts, shelf)]
    if not case.cooperating:
        return Result(case, tuple(expected), (lead,))
    expected += sorted(_meant(code, facts, shelf) for code in case.cooperating.split())
    return Result(case, tuple(expected), (lead, *sorted(_codes(made.cooperating))))


def _meant(code: str, facts: Facts, shelf: Books) -> str:
    """The unit that a placeholder means there; a unit's code means that very unit."""
    try:
        return shelf.roster.appoint(code, facts).code if code in PLACEHOLDERS else code
    except Fault:
        return code


def _codes(terms: Iterable[Term]) -> list[str]:
    return [term.code for term in terms]
