"""Does a reform agree with what exists, and with itself?"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.core.packs import PackError, Problem
from portal.core.reform.changes import Change, Kind
from portal.core.reform.faults import Fault
from portal.core.routing import COMMUNE_OF_PLACE, DISTRICT_OF_PLACE

PLACEHOLDERS = (COMMUNE_OF_PLACE, DISTRICT_OF_PLACE)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """One validity of a unit's code."""

    name: str
    valid_from: date
    valid_until: date | None
    successor: str | None

    def on(self, day: date) -> bool:
        return self.valid_from <= day <= (self.valid_until or date.max)


@dataclass(frozen=True)
class Known:
    """What is there: the periods of each unit's code, earliest first; areas and districts of the day; categories."""

    units: Mapping[str, Sequence[Period]]
    areas: Collection[str]
    has_districts: bool
    categories: Collection[str]
    fallback: str

    def unit_on(self, code: str, day: date) -> Period | None:
        return next((period for period in self.units.get(code, ()) if period.on(day)), None)


def check(file: str, changes: Sequence[Change], known: Known, effective: date) -> None:
    """Raise PackError with every row that contradicts another one, or what exists on that day or the day before."""
    problems = [*_against_each_other(file, changes), *_against_the_known(file, changes, known, effective)]
    if problems:
        raise PackError(problems)


def _against_each_other(file: str, changes: Sequence[Change]) -> Iterator[Problem]:
    seen: dict[tuple[str | None, ...], Change] = {}
    ending: dict[str, Change] = {}
    parts: dict[str, list[Change]] = {}
    for row in changes:
        first = seen.setdefault((row.unit, str(row.ends), row.area_code, row.category_code), row)
        end = ending.setdefault(row.unit, row) if row.ends else row
        if first is not row:
            same = (first.change, first.heir, first.name) == (row.change, row.heir, row.name)
            yield Fault.of(file, row.line, "unit", "repeats" if same else "contradicts", first=first.line)
        elif end.change != row.change:
            yield Fault.of(file, row.line, "change", "contradicts", first=end.line)
        if row.change == Kind.SPLIT:
            parts.setdefault(row.unit, []).append(row)
    for rows in parts.values():
        if len(rows) == 1 and rows[0].successor not in PLACEHOLDERS:
            yield Fault.of(file, rows[0].line, "change", "one_part")


def _against_the_known(
    file: str, changes: Sequence[Change], known: Known, effective: date
) -> Iterator[Problem]:
    ending = {row.unit: row for row in changes if row.ends}
    for row in changes:
        yield from _unit(file, row, known, effective)
        yield from _successor(file, row, ending, known, effective)
        if row.area_code and row.area_code not in known.areas:
            yield Fault.of(file, row.line, "area_code", "no_area", code=row.area_code, day=effective)
        if row.category_code and row.category_code not in known.categories:
            yield Fault.of(file, row.line, "category_code", "no_category", code=row.category_code)
    end = ending.get(known.fallback)
    if end and end.change != Kind.RENAME and not _begins(known, known.fallback, effective):
        yield Fault.of(file, end.line, "unit", "fallback", code=known.fallback, day=effective)


def _unit(file: str, row: Change, known: Known, effective: date) -> Iterator[Problem]:
    last_day = effective - ONE_DAY
    there = known.unit_on(row.unit, last_day)
    if there is None:
        yield from _never_there(file, row.line, "unit", row.unit, known, last_day)
        return
    named = row.heir if row.ends and row.change != Kind.SPLIT and row.heir not in PLACEHOLDERS else None
    if there.valid_until == last_day and there.successor and named and there.successor != named:
        yield Fault.of(file, row.line, "successor", "other_successor", code=there.successor)
    renamed = known.unit_on(row.unit, effective)
    if row.change == Kind.RENAME and renamed and renamed.valid_from == effective and renamed.name != row.name:
        yield Fault.of(file, row.line, "name", "other_name", name=renamed.name)


def _successor(
    file: str, row: Change, ending: Mapping[str, Change], known: Known, effective: date
) -> Iterator[Problem]:
    code = row.successor
    if code is None or code == COMMUNE_OF_PLACE:
        return
    if code == DISTRICT_OF_PLACE:
        if not known.has_districts:
            yield Fault.of(file, row.line, "successor", "no_districts", day=effective)
        return
    if known.unit_on(code, effective) is None:
        yield from _never_there(file, row.line, "successor", code, known, effective)
    elif _begins(known, code, effective):
        return
    elif code == row.unit:
        yield Fault.of(file, row.line, "successor", "itself", code=code, day=effective)
    elif code in ending and ending[code].change != Kind.RENAME:
        yield _round_or_over(file, row, ending, known, effective)


def _round_or_over(
    file: str, row: Change, ending: Mapping[str, Change], known: Known, effective: date
) -> Problem:
    """The successor ends by this very file: in a loop, or so that it has a successor of its own."""
    path = [row.unit, str(row.successor)]
    while path[-1] in ending and not _begins(known, path[-1], effective):
        following = ending[path[-1]].heir
        if following is None or following == path[-1]:
            break
        path.append(following)
        if following in path[:-1]:
            return Fault.of(file, row.line, "successor", "loop", path=" → ".join(path))
    first = ending[str(row.successor)].line
    return Fault.of(file, row.line, "successor", "ends_too", code=row.successor, first=first, day=effective)


def _begins(known: Known, code: str, day: date) -> bool:
    return any(period.valid_from == day for period in known.units.get(code, ()))


def _never_there(file: str, line: int, column: str, code: str, known: Known, day: date) -> Iterator[Problem]:
    periods = known.units.get(code, ())
    later = next((period for period in periods if period.valid_from > day), None)
    over = [period.valid_until for period in periods if period.valid_until and period.valid_until < day]
    if later is not None:
        yield Fault.of(file, line, column, "begins", code=code, day=later.valid_from)
    elif over:
        yield Fault.of(file, line, column, "ended", code=code, day=max(over))
    else:
        yield Fault.of(file, line, column, "no_unit", code=code)
