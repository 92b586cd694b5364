"""Who exists and what may be reported: units, categories with their questions, clocks."""

from collections.abc import Iterator

from portal.core.contradictions import periods
from portal.core.contradictions.periods import ONE_DAY
from portal.core.packs import Pack, Problem


def check(pack: Pack) -> Iterator[Problem]:
    """What contradicts in units.csv, categories.csv and in the fallback unit of territory.csv."""
    for group in (_units, _categories, _fallback):
        yield from group(pack)


def _units(pack: Pack) -> Iterator[Problem]:
    areas, units = periods.by_code(pack, "areas.csv"), periods.by_code(pack, "units.csv")
    for line, row in pack.rows["units.csv"].items():
        start, end = row["valid_from"], row["valid_until"]
        if row["area_code"] and not periods.on(areas[row["area_code"]], start):
            yield Problem("units.csv", line, "area_code", f"no area {row['area_code']} on {start}")
        if row["parent_code"] and not periods.on(units[row["parent_code"]], start):
            yield Problem("units.csv", line, "parent_code", f"no unit {row['parent_code']} on {start}")
        if row["successor_code"] and (
            end is None or not periods.on(units[row["successor_code"]], end + ONE_DAY)
        ):
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


def _fallback(pack: Pack) -> Iterator[Problem]:
    unit = pack.territory["fallback_unit"]
    if not any(row["valid_until"] is None for row in periods.by_code(pack, "units.csv")[unit]):
        line = next(n for n, row in pack.rows["territory.csv"].items() if row["key"] == "fallback_unit")
        yield Problem("territory.csv", line, "value", f"no unit {unit} without an end")
