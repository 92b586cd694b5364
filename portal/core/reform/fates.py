"""What a reform makes of one report: a pure decision from the changes of its unit, its category and its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.core.reform.changes import Change
from portal.core.routing import COMMUNE_OF_PLACE, DISTRICT_OF_PLACE

LEVELS_OF = {COMMUNE_OF_PLACE: ("commune",), DISTRICT_OF_PLACE: ("district",)}


class Undecided(StrEnum):
    """Why nobody but a person can say who has the report now."""

    NO_SUCCESSOR = "no_successor"
    PLACE_UNKNOWN = "place_unknown"
    NO_PART = "no_part"
    NO_UNIT_THERE = "no_unit_there"
    CONCERNED = "concerned"  # it is about the people of whoever would have it


@dataclass(frozen=True)
class Fate:
    """`unit`: the code of the unit that has it from the day on, None where the report stays; `change`: the row that
    says so; `undecided`: why it cannot be said.
    """

    unit: str | None = None
    change: Change | None = None
    undecided: Undecided | None = None


STAYS = Fate()


def fate(
    changes: Sequence[Change], category: str | None, areas: Mapping[str, str], serving: Mapping[str, str]
) -> Fate:
    """What becomes of a report that lies with the unit of these changes.

    `areas`: level → code of its place from the day on, empty where that is not known; `serving`: the unit of each
    commune or district on that day, by the area's code.
    """
    given = [row for row in changes if not row.ends and row.category_code == category]
    ending = given or [row for row in changes if row.ends]
    if not ending:
        return STAYS
    parts = [row for row in ending if row.area_code]
    if parts and not areas:
        return Fate(None, parts[0], Undecided.PLACE_UNKNOWN)
    here = [row for row in parts if row.area_code in areas.values()]
    rest = [row for row in ending if not row.area_code]
    if not here and not rest:
        return Fate(None, parts[0], Undecided.NO_PART)
    return _given_by(_smallest(here, areas) if here else rest[0], areas, serving)


def _smallest(parts: Sequence[Change], areas: Mapping[str, str]) -> Change:
    order = [areas.get(level) for level in ("commune", "district", "province")]
    return min(parts, key=lambda row: order.index(row.area_code))


def _given_by(row: Change, areas: Mapping[str, str], serving: Mapping[str, str]) -> Fate:
    if row.heir is None:
        return Fate(None, row, Undecided.NO_SUCCESSOR)
    if row.heir not in LEVELS_OF:
        return Fate(row.heir, row)
    if not areas:
        return Fate(None, row, Undecided.PLACE_UNKNOWN)
    there = (serving.get(areas.get(level, "")) for level in LEVELS_OF[row.heir])
    unit = next(filter(None, there), None)
    return Fate(unit, row) if unit else Fate(None, row, Undecided.NO_UNIT_THERE)
