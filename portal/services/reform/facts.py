"""What a reform looks at: the units as they will be when it is done, the map of its day, and who serves which place."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select

from portal.core import reform as law
from portal.core.errors import NotFound
from portal.core.reform import Change, Fate, Kind, Known, Period, Undecided
from portal.core.reform.checks import PLACEHOLDERS
from portal.core.routing import COMMUNE_OF_PLACE, DISTRICT_OF_PLACE
from portal.core.routing.roster import Roster, Term
from portal.models import Area, Category, Territory, Unit, db
from portal.services import places
from portal.services.geography import Map
from portal.services.routing import books

ONE_DAY = timedelta(days=1)
MOST_SUCCESSIONS = 10
OF_A_PLACE = ("commune", "district")


@dataclass(frozen=True)
class UnitThen:
    """A unit with the validity that it has when the reform is done; `id` is negative while it is only planned."""

    id: int
    code: str
    name: str
    kind: str
    area_code: str | None
    valid_from: date
    valid_until: date | None
    successor: str | None
    parent: str | None

    def on(self, day: date) -> bool:
        return self.valid_from <= day <= (self.valid_until or date.max)


@dataclass(frozen=True)
class Now:
    """Who has a report from now on: the unit, the row of the reform that says so if one does, and, where nobody but
    a person can decide, why the coordination centre has it meanwhile.
    """

    unit: UnitThen
    change: Change | None = None
    undecided: Undecided | None = None


class Facts:
    """Everything that is asked for each report, rule and account, read once. `today` is the day it is done on."""

    def __init__(self, changes: Sequence[Change], effective: date, today: date) -> None:
        self.effective, self.today = effective, max(effective, today)
        self.by_unit: dict[str, list[Change]] = defaultdict(list)
        for row in changes:
            self.by_unit[row.unit].append(row)
        self.map = Map(places.vintage_on(effective))
        self.units = {unit.id: unit for unit in _units(changes, effective)}
        self._by_code: dict[str, list[UnitThen]] = defaultdict(list)
        for unit in self.units.values():
            self._by_code[unit.code].append(unit)
        then = [unit for unit in self.units.values() if unit.on(effective)]
        self.serving = {
            unit.area_code: unit.code for unit in then if unit.area_code and unit.kind in OF_A_PLACE
        }
        self.has_districts = any(unit.kind == "district" for unit in then)
        self.centre = self._centre()
        self._kinship = books.kinship(changes)

    def on(self, code: str, day: date) -> UnitThen | None:
        """The unit of that code on that day."""
        return next((unit for unit in self._by_code.get(code, ()) if unit.on(day)), None)

    def last(self, code: str) -> UnitThen | None:
        """The unit of that code on the eve of the reform or, where it had ended before, whoever followed it."""
        eve = self.effective - ONE_DAY
        if found := self.on(code, eve):
            return found
        over = [unit for unit in self._by_code.get(code, ()) if unit.valid_until and unit.valid_until < eve]
        return self.follow(max(over, key=lambda unit: unit.valid_from), eve) if over else None

    def follow(self, unit: UnitThen, day: date) -> UnitThen | None:
        """The unit itself as long as it lasts, then its successor, until that day; None where there is none."""
        followed: UnitThen | None = unit
        for _ in range(MOST_SUCCESSIONS):
            if followed is None or followed.valid_until is None or followed.valid_until >= day:
                return followed
            followed = self.on(followed.successor or "", followed.valid_until + ONE_DAY)
        return None

    def now(self, unit: UnitThen, category: str | None, areas: Mapping[str, str]) -> Now:
        """Who has what `unit` had, of that category and place. See core.reform.fate."""
        before = unit if unit.valid_from >= self.effective else self.follow(unit, self.effective - ONE_DAY)
        if before is None:
            return Now(self.centre, None, Undecided.NO_SUCCESSOR)
        fate = self._fate(before, category, areas)
        if fate.undecided:
            return Now(self.centre, fate.change, fate.undecided)
        then = self.on(fate.unit, self.effective) if fate.unit else self.follow(before, self.effective)
        last = self.follow(then, self.today) if then else None
        if last is None:
            return Now(self.centre, fate.change, Undecided.NO_SUCCESSOR)
        return Now(last, fate.change)

    def concerns(self, about: int | None, unit: UnitThen) -> bool:
        """Is a report about the people of that office about this unit's, then?"""
        return about is not None and unit.code in self._kinship.heirs(self.units[about].code)

    def instead(self, about: int) -> UnitThen | None:
        """Who has a report about the people of that office, which nobody of it may read: the coordination centre, or
        who leads such a report where that is of the office too; None where there is nobody else.
        """
        if not self.concerns(about, self.centre):
            return self.centre
        terms = (
            Term(u.id, u.code, u.kind, u.area_code, u.successor, u.valid_from, u.valid_until, u.parent)
            for u in self.units.values()
        )
        code = self.units[about].code
        found = Roster(terms).instead(code, self._kinship.heirs(code), self.centre.code, self.today)
        return self.units[found.id] if found else None

    def _fate(self, before: UnitThen, category: str | None, areas: Mapping[str, str]) -> Fate:
        rows = self.by_unit.get(before.code, []) if before.valid_from < self.effective else []
        return law.fate(rows, category, areas, self.serving)

    def heir(self, code: str, later: bool = False) -> str | None:
        """By which code to name, from the day on, whoever follows that unit; None where there is no one successor.

        `later`: the code stands in something that begins on the day or later, so it means the unit that is there then.
        """
        if code in PLACEHOLDERS:
            return COMMUNE_OF_PLACE if code == DISTRICT_OF_PLACE and not self.has_districts else code
        before = self.last(code)
        if before is None or (later and self.on(code, self.effective)):
            return code if self.on(code, self.effective) else None
        heirs = {row.heir for row in self.by_unit.get(before.code, []) if row.ends}
        if heirs:
            return heirs.pop() if len(heirs) == 1 else None
        after = self.follow(before, self.effective)
        return after.code if after else None

    def _centre(self) -> UnitThen:
        code = db.session.scalars(select(Territory.fallback_unit)).one()
        there = self.on(code, self.today)
        if there is None:
            raise NotFound(unit=code)
        return there


def known(effective: date) -> Known:
    """What a reform of that day is checked against. Raises NotFound where no areas are known for the day."""
    periods: dict[str, list[Period]] = defaultdict(list)
    units = db.session.execute(
        select(
            Unit.code, Unit.name, Unit.kind, Unit.valid_from, Unit.valid_until, Unit.successor_code
        ).order_by(Unit.valid_from)
    ).all()
    for unit in units:
        periods[unit.code].append(Period(unit.name, unit.valid_from, unit.valid_until, unit.successor_code))
    vintage = places.vintage_on(effective)
    return Known(
        units=periods,
        areas=set(db.session.scalars(select(Area.code).where(Area.vintage == vintage))),
        has_districts=any(
            unit.kind == "district" and Period("", unit.valid_from, unit.valid_until, None).on(effective)
            for unit in units
        ),
        categories=set(db.session.scalars(select(Category.code))),
        fallback=db.session.scalars(select(Territory.fallback_unit)).one(),
    )


def single_heir(rows: Sequence[Change]) -> str | None:
    """The code of the one unit that follows the unit of these rows; None for several, none, or a placeholder."""
    heirs = {row.heir for row in rows if row.ends}
    heir = heirs.pop() if len(heirs) == 1 else None
    return None if heir in PLACEHOLDERS else heir


def _units(changes: Sequence[Change], effective: date) -> list[UnitThen]:
    """Every unit there ever was, those that the reform ends as ended, those that it names anew with their new row."""
    eve = effective - ONE_DAY
    ending: dict[str, list[Change]] = defaultdict(list)
    for row in changes:
        if row.ends:
            ending[row.unit].append(row)
    found = [
        UnitThen(
            unit.id,
            unit.code,
            unit.name,
            unit.kind,
            unit.area_code,
            unit.valid_from,
            unit.valid_until,
            unit.successor_code,
            unit.parent_code,
        )
        for unit in db.session.scalars(select(Unit))
    ]
    begun = {unit.code for unit in found if unit.valid_from == effective}
    after = []
    for unit in found:
        rows = ending.get(unit.code, []) if unit.on(eve) else []
        if not rows:
            after.append(unit)
            continue
        after.append(replace(unit, valid_until=eve, successor=single_heir(rows) or unit.successor))
        if rows[0].change == Kind.RENAME and unit.code not in begun:
            until = unit.valid_until if unit.valid_until != eve else None
            after.append(
                replace(unit, id=-unit.id, name=rows[0].name, valid_from=effective, valid_until=until)
            )
    return after
