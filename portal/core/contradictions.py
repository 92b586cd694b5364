"""What no row of a territory pack can know by itself: whether it agrees with all the others."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from portal.core import routing
from portal.core.packs import KEYS, LEVELS, Pack, PackError, Problem, Values
from portal.core.routing import COMMUNE_OF_PLACE, DISTRICT_OF_PLACE, Rule

PLACEHOLDERS = (COMMUNE_OF_PLACE, DISTRICT_OF_PLACE)
ONE_DAY = timedelta(days=1)


def check(pack: Pack) -> None:
    """Raise PackError with all that contradicts: repeated keys, periods, references within the pack, ties."""
    problems = list(_rows_that_contradict(pack))
    if not problems:
        problems += _ties(pack)
    if problems:
        raise PackError(problems)


def _rows_that_contradict(pack: Pack) -> Iterator[Problem]:
    for file, rows in pack.rows.items():
        yield from _repeated(file, rows)
        for line, row in rows.items():
            if "valid_until" in row and not _in_order(row):
                yield Problem(file, line, "valid_until", "lies before valid_from")
    for group in (_areas, _successions, _units, _categories, _rules, _fallback):
        yield from group(pack)


def _repeated(file: str, rows: dict[int, Values]) -> Iterator[Problem]:
    seen: dict[tuple[Any, ...], int] = {}
    for line, row in rows.items():
        key = tuple(row[column] for column in KEYS[file])
        if (first := seen.setdefault(key, line)) != line:
            yield Problem(file, line, ", ".join(KEYS[file]), f"repeats line {first}")


def _in_order(row: Values) -> bool:
    return row["valid_until"] is None or row["valid_from"] <= row["valid_until"]


def _areas(pack: Pack) -> Iterator[Problem]:
    box, areas = pack.territory, _areas_by_key(pack)
    for line, row in pack.rows["areas.csv"].items():
        parent = areas.get((row["vintage"], row["parent_code"]))
        if row["parent_code"] is None and row["level"] != "province":
            yield Problem("areas.csv", line, "parent_code", "only a province has no parent")
        if row["parent_code"] is not None and parent is None:
            yield Problem(
                "areas.csv", line, "parent_code", f"no area {row['parent_code']} in {row['vintage']}"
            )
        if parent and LEVELS.index(parent["level"]) >= LEVELS.index(row["level"]):
            yield Problem("areas.csv", line, "parent_code", f"{parent['name']} is no larger area")
        if (row["latitude"] is None) != (row["longitude"] is None):
            yield Problem("areas.csv", line, "longitude", "a point needs both coordinates")
        for column, low, high in (("latitude", "south", "north"), ("longitude", "west", "east")):
            if row[column] is not None and not box[low] <= row[column] <= box[high]:
                yield Problem("areas.csv", line, column, f"outside the territory ({low}–{high})")


def _successions(pack: Pack) -> Iterator[Problem]:
    areas = _areas_by_key(pack)
    for line, row in pack.rows["successions.csv"].items():
        for end in ("from", "to"):
            if (row[f"{end}_vintage"], row[f"{end}_code"]) not in areas:
                reason = f"no area {row[f'{end}_code']} in {row[f'{end}_vintage']}"
                yield Problem("successions.csv", line, f"{end}_code", reason)


def _units(pack: Pack) -> Iterator[Problem]:
    areas, units = _periods(pack, "areas.csv"), _periods(pack, "units.csv")
    for line, row in pack.rows["units.csv"].items():
        start, end = row["valid_from"], row["valid_until"]
        if row["area_code"] and not _on(areas[row["area_code"]], start):
            yield Problem("units.csv", line, "area_code", f"no area {row['area_code']} on {start}")
        if row["parent_code"] and not _on(units[row["parent_code"]], start):
            yield Problem("units.csv", line, "parent_code", f"no unit {row['parent_code']} on {start}")
        if row["successor_code"] and (end is None or not _on(units[row["successor_code"]], end + ONE_DAY)):
            reason = f"no unit {row['successor_code']} on the day after valid_until"
            yield Problem("units.csv", line, "successor_code", reason)
        others = [other for other in units[row["code"]] if other["valid_from"] > start]
        if any(end is None or other["valid_from"] <= end for other in others):
            yield Problem(
                "units.csv", line, "valid_until", f"{row['code']} begins again before this period ends"
            )


def _categories(pack: Pack) -> Iterator[Problem]:
    for line, row in pack.rows["categories.csv"].items():
        if not 0 < row["receive_minutes"] <= row["resolve_minutes"]:
            reason = "must be at least receive_minutes, which must be at least 1"
            yield Problem("categories.csv", line, "resolve_minutes", reason)


def _rules(pack: Pack) -> Iterator[Problem]:
    areas, units = _areas_by_key(pack), _periods(pack, "units.csv")
    categories = {row["code"] for row in pack.table("categories.csv")}
    for line, row in pack.rows["routing.csv"].items():
        if row["category_code"] and row["category_code"] not in categories:
            yield Problem("routing.csv", line, "category_code", f"no category {row['category_code']}")
        area = areas.get((row["area_vintage"], row["area_code"]))
        if (row["area_code"] or row["area_vintage"]) and area is None:
            reason = f"no area {row['area_code']} in {row['area_vintage']}"
            yield Problem("routing.csv", line, "area_code", reason)
        elif area and not _covers([area], row):
            yield Problem("routing.csv", line, "valid_until", f"the rule outlives {area['name']}")
        if row["lead"] not in PLACEHOLDERS and not _covers(units[row["lead"]], row):
            yield Problem("routing.csv", line, "lead", f"no unit {row['lead']} on every day of the rule")


def _ties(pack: Pack) -> Iterator[Problem]:
    areas = _areas_by_key(pack)
    for earlier, later in routing.ties(
        Rule(
            id=line,
            lead=row["lead"],
            category=row["category_code"],
            area=row["area_code"],
            area_level=row["area_code"] and areas[row["area_vintage"], row["area_code"]]["level"],
            valid_from=row["valid_from"],
            valid_until=row["valid_until"],
        )
        for line, row in pack.rows["routing.csv"].items()
    ):
        reason = f"speaks of the same cases on the same days as line {earlier.id}"
        yield Problem("routing.csv", later.id, "valid_from", reason)


def _fallback(pack: Pack) -> Iterator[Problem]:
    unit = pack.territory["fallback_unit"]
    if not any(row["valid_until"] is None for row in _periods(pack, "units.csv")[unit]):
        line = next(n for n, row in pack.rows["territory.csv"].items() if row["key"] == "fallback_unit")
        yield Problem("territory.csv", line, "value", f"no unit {unit} without an end")


def _areas_by_key(pack: Pack) -> dict[tuple[str, str], Values]:
    return {(row["vintage"], row["code"]): row for row in pack.table("areas.csv")}


def _periods(pack: Pack, file: str) -> dict[str, list[Values]]:
    periods = defaultdict(list)
    for row in sorted(pack.table(file), key=lambda row: row["valid_from"]):
        periods[row["code"]].append(row)
    return periods


def _on(periods: list[Values], wanted: date) -> bool:
    return any(_overlap(row, {"valid_from": wanted, "valid_until": wanted}) for row in periods)


def _covers(periods: list[Values], rule: Values) -> bool:
    """Do the periods, one after the other, cover the whole validity of the rule?"""
    needed, end = rule["valid_from"], rule["valid_until"] or date.max
    for row in periods:
        if row["valid_from"] <= needed <= (row["valid_until"] or date.max):
            if (row["valid_until"] or date.max) >= end:
                return True
            needed = row["valid_until"] + ONE_DAY
    return False


def _overlap(one: Values, other: Values) -> bool:
    starts_before_end = one["valid_from"] <= (other["valid_until"] or date.max)
    return starts_before_end and other["valid_from"] <= (one["valid_until"] or date.max)
