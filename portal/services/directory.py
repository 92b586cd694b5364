"""Who exists and what may be reported: units and categories, read and kept."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true

from portal.core import text
from portal.core.deadlines import day_of
from portal.core.errors import Conflict, NotFound
from portal.core.permissions import Deed
from portal.core.routing import PLACEHOLDERS
from portal.models import Category, Seat, Unit, db, transaction
from portal.services import duties, former, records, routing
from portal.services.clocks import recounts
from portal.services.duties import OF_A_PLACE, ONE_DAY


@dataclass(frozen=True)
class UnitWords:
    """What an administrator may change of a unit; `valid_until` is its last day."""

    name: str
    name_en: str
    phone: str
    email: str
    address: str
    office_hours: str
    needs_approval: bool
    note: str
    valid_until: date | None
    successor_code: str | None
    legal_basis: str
    verified: bool


@dataclass(frozen=True)
class NewUnit(UnitWords):
    """A unit as it begins; `area_code` is the area that it serves, `parent_code` the unit above it."""

    code: str
    kind: str
    area_code: str | None
    parent_code: str | None
    valid_from: date


@dataclass(frozen=True)
class CategoryNames:
    """What an editor may change of a category."""

    name: str
    name_en: str
    hint: str
    hint_en: str


@dataclass(frozen=True)
class CategoryWords(CategoryNames):
    """What an administrator may change of a category; clocks in minutes of its calendar."""

    pictogram: str
    priority: str
    receive_minutes: int
    assign_minutes: int
    resolve_minutes: int
    round_the_clock: bool
    visibility: str
    evidence: str
    position: int
    active: bool
    successor_code: str | None
    legal_basis: str


def active_categories() -> list[Category]:
    """The categories that residents may choose, in the order of the form."""
    return [category for category in categories() if category.active]


def categories() -> list[Category]:
    """Every category there ever was, in the order of the form."""
    return list(db.session.scalars(select(Category).order_by(Category.position, Category.code)))


def open_units(day: date) -> list[Unit]:
    """The units that exist on that day, by name without marks: those that reports may be sent to."""
    query = select(Unit).where(*routing.exists_on(day)).order_by(Unit.name_folded, Unit.code)
    return list(db.session.scalars(query))


def units(page: int, day: date, *, search: str = "", state: str = "open", kind: str = "") -> records.Page:
    """One page of units by name. `search` looks for the beginnings of words, with or without marks, in name and
    code, and in the old names of the place that it serves; names that hold it as it was typed come first.

    `state`: 'open' on that day (also those that begin later), 'ended' before it, or 'all'. Raises
    NoSuchPage.
    """
    as_typed = case((Unit.name.contains(text.clean(search), autoescape=True), 0), else_=1)
    query: Select[Unit] = select(Unit).order_by(as_typed, Unit.name_folded, Unit.valid_from.desc(), Unit.id)
    if state == "open":
        query = query.where(_not_over(day))
    elif state == "ended":
        query = query.where(Unit.valid_until < day)
    if kind:
        query = query.where(Unit.kind == kind)
    spoken = " " + Unit.name_folded + " " + func.replace(func.lower(Unit.code), "_", " ")
    words = text.fold(search).split()
    named = and_(true(), *(spoken.contains(f" {word}") for word in words))
    query = query.where(or_(named, _serves_place_called(words, day)))
    return records.page_of(query, page)


def successors(day: date) -> list[Unit]:
    """The units that could follow another: those that exist on that day or begin later, by name."""
    query = select(Unit).where(_not_over(day)).order_by(Unit.name_folded, Unit.code)
    return list(db.session.scalars(query))


def unit(unit_id: int) -> Unit:
    """That unit; raises NotFound."""
    if (found := db.session.get(Unit, unit_id)) is None:
        raise NotFound(unit=unit_id)
    return found


def category(code: str) -> Category:
    """That category, also one that is no longer active; raises NotFound."""
    if (found := db.session.get(Category, text.clean(code))) is None:
        raise NotFound(category=code)
    return found


def category_for(code: str) -> Category:
    """The category that takes a report sent for that code: itself, or the one that took its place; else NotFound."""
    if (found := duties.heir(text.clean(code))) is None:
        raise NotFound(category=code)
    return found


def create_unit(new: NewUnit, *, by: Seat | None, now: datetime) -> Unit:
    """Add a unit and return it; the same one sent twice is added once.

    Raises Conflict at 'code', 'area_code', 'valid_until' or 'successor_code'.
    """
    values = asdict(new) | {"name_folded": text.fold(new.name)}
    with transaction():
        records.queue(by, Deed.KEEP_SETTINGS, now=now)
        known = db.session.scalar(select(Unit).filter_by(code=new.code, valid_from=new.valid_from))
        if known and all(getattr(known, name) == value for name, value in values.items()):
            return known
        if new.code in PLACEHOLDERS:
            raise Conflict(field="code", reason="placeholder")
        fresh = Unit(**values)
        _check_validity(fresh, "code")
        _check_area(fresh, "area_code")
        _check_successor(fresh)
        records.add(fresh, by=by, now=now)
    return fresh


def change_unit(unit_id: int, words: UnitWords, *, seen: str, by: Seat | None, now: datetime) -> Unit:
    """Change what may be changed of a unit, and return it.

    Raises Stale; Conflict at 'valid_until' or 'successor_code': a unit that has open reports, that rules name or
    that serves a commune ends only with a successor, and the unit for reports without a rule does not end.
    """
    with transaction():
        records.queue(by, Deed.KEEP_SETTINGS, now=now)
        kept = unit(unit_id)
        values = asdict(words) | {"name_folded": text.fold(words.name)}
        changes = records.amend(kept, values, seen=seen)
        if changes.keys() & {"valid_until", "successor_code"}:
            _check_validity(kept, "valid_until")
            _check_area(kept, "valid_until")
            _check_successor(kept)
        if "valid_until" in changes:
            duties.check_unit(kept)
        records.sign(kept, changes, by=by, now=now)
        if "office_hours" in changes:
            recounts.ask({"what": "hours", "name": kept.name}, by=by, now=now)
    return kept


def create_category(code: str, words: CategoryWords, *, by: Seat | None, now: datetime) -> Category:
    """Add a category and return it; the same one sent twice is added once. Raises Conflict at 'code'."""
    with transaction():
        records.queue(by, Deed.KEEP_SETTINGS, now=now)
        if known := db.session.get(Category, code):
            if all(getattr(known, name) == value for name, value in asdict(words).items()):
                return known
            raise Conflict(field="code", reason="code_taken")
        fresh = Category(code=code, **asdict(words))
        duties.check_category(fresh, day_of(now))
        records.add(fresh, by=by, now=now)
    return fresh


def change_category(
    code: str, words: CategoryNames, *, seen: str, by: Seat | None, now: datetime
) -> Category:
    """Change a category, for reports sent from now on: those sent before keep their clocks and their category.

    Raises NotAllowed where more than names comes from somebody who keeps no settings; Stale; Conflict at 'active'
    where no category would be left to choose, at 'successor_code' where the closed one leaves open reports, rules or
    questions behind, or where its successor takes no reports either.
    """
    with transaction():
        records.queue(by, _deed(words), now=now)
        kept = category(code)
        changes = records.amend(kept, asdict(words), seen=seen)
        if "active" in changes and not active_categories():
            raise Conflict(field="active", reason="last")
        if changes.keys() & {"active", "successor_code"}:
            duties.check_category(kept, day_of(now))
        records.sign(kept, changes, by=by, now=now)
    return kept


def _deed(words: CategoryNames) -> Deed:
    return Deed.KEEP_SETTINGS if isinstance(words, CategoryWords) else Deed.KEEP_WORDS


def _serves_place_called(words: list[str], day: date) -> ColumnElement[bool]:
    """The units of the places, on that day, that had an old name with words that begin so."""
    places = former.called(words, day)
    return and_(Unit.area_code.in_(places), Unit.kind.in_(OF_A_PLACE), _not_over(day))


def _not_over(day: date) -> ColumnElement[bool]:
    return or_(Unit.valid_until.is_(None), Unit.valid_until >= day)


def _others_at_the_time(unit: Unit) -> Select[Unit]:
    """The other units that exist on one of this unit's days at least."""
    query = select(Unit).where(_not_over(unit.valid_from), Unit.id.is_distinct_from(unit.id))
    return query.where(Unit.valid_from <= unit.valid_until) if unit.valid_until else query


def _check_validity(unit: Unit, field: str) -> None:
    if unit.valid_until and unit.valid_until < unit.valid_from:
        raise Conflict(field="valid_until", reason="before_start")
    if db.session.scalar(_others_at_the_time(unit).where(Unit.code == unit.code).limit(1)):
        raise Conflict(field=field, reason="taken")


def _check_area(unit: Unit, field: str) -> None:
    """One commune or district unit for an area at a time, or 'the unit of the place' would be two."""
    if unit.area_code is None or unit.kind not in OF_A_PLACE:
        return
    same = (
        _others_at_the_time(unit).where(Unit.area_code == unit.area_code, Unit.kind.in_(OF_A_PLACE)).limit(1)
    )
    if other := db.session.scalar(same):
        raise Conflict(field=field, reason="area_taken", unit=other.name)


def _check_successor(unit: Unit) -> None:
    """A successor exists when the unit has ended, and is another one or the same under new papers."""
    if unit.successor_code is None:
        return
    if unit.valid_until is None:
        raise Conflict(field="valid_until", reason="successor_without_end")
    if not routing.unit_on(unit.successor_code, unit.valid_until + ONE_DAY):
        raise Conflict(field="successor_code", reason="not_there")
