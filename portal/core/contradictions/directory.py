"""Who exists and what may be reported: units, categories with their questions, clocks."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from portal.core.contradictions import periods
from portal.core.contradictions.periods import ONE_DAY
from portal.core.packs import Pack, Problem, Values

FEWEST_CHOICES = 2
OF_A_PLACE = ("commune", "district")


def check(pack: Pack) -> Iterator[Problem]:
    """What contradicts in units.csv, in categories.csv and what hangs on it, and in the fallback unit."""
    for group in (_units, _parents, _rivals, _categories, _questions, _clocks, _fallback):
        yield from group(pack)


def codes(pack: Pack, file: str) -> set[str]:
    """All codes of a file."""
    return {row["code"] for row in pack.table(file)}


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


def _parents(pack: Pack) -> Iterator[Problem]:
    """No unit stands above itself on the day on which it begins."""
    units = periods.by_code(pack, "units.csv")
    for line, row in pack.rows["units.csv"].items():
        above, seen = row, {row["code"]}
        while above["parent_code"] and (
            found := periods.on_day(units[above["parent_code"]], row["valid_from"])
        ):
            above = found
            if above["code"] in seen:
                yield Problem("units.csv", line, "parent_code", f"leads round to {above['code']} again")
                break
            seen.add(above["code"])


def _rivals(pack: Pack) -> Iterator[Problem]:
    """Of the units that a rule finds by the place, an area has one at a time."""
    serving: dict[str, list[tuple[int, Values]]] = defaultdict(list)
    for line, row in pack.rows["units.csv"].items():
        if row["kind"] not in OF_A_PLACE or not row["area_code"]:
            continue
        for first, other in serving[row["area_code"]]:
            if periods.overlap(row, other):
                reason = f"{row['area_code']} has the unit of line {first} on the same days"
                yield Problem("units.csv", line, "area_code", reason)
        serving[row["area_code"]].append((line, row))


def _categories(pack: Pack) -> Iterator[Problem]:
    for line, row in pack.rows["categories.csv"].items():
        yield from _minutes("categories.csv", line, row)


def _questions(pack: Pack) -> Iterator[Problem]:
    categories = codes(pack, "categories.csv")
    choices = Counter((row["category_code"], row["question_code"]) for row in pack.table("choices.csv"))
    for line, row in pack.rows["questions.csv"].items():
        if row["category_code"] not in categories:
            yield Problem("questions.csv", line, "category_code", f"no category {row['category_code']}")
        if choices.pop((row["category_code"], row["code"]), 0) < FEWEST_CHOICES:
            yield Problem("questions.csv", line, "code", f"needs {FEWEST_CHOICES} choices in choices.csv")
    for line, row in pack.rows["choices.csv"].items():
        if (row["category_code"], row["question_code"]) in choices:
            reason = f"no question {row['question_code']} of the category {row['category_code']}"
            yield Problem("choices.csv", line, "question_code", reason)


def _clocks(pack: Pack) -> Iterator[Problem]:
    categories, units = codes(pack, "categories.csv"), codes(pack, "units.csv")
    for line, row in pack.rows["clocks.csv"].items():
        yield from _minutes("clocks.csv", line, row)
        if row["category_code"] and row["category_code"] not in categories:
            yield Problem("clocks.csv", line, "category_code", f"no category {row['category_code']}")
        if row["unit_code"] and row["unit_code"] not in units:
            yield Problem("clocks.csv", line, "unit_code", f"no unit {row['unit_code']}")
        if not (row["category_code"] or row["priority"] or row["unit_code"]):
            yield Problem("clocks.csv", line, "", "names neither category nor priority nor unit")


def _minutes(file: str, line: int, row: Values) -> Iterator[Problem]:
    if not 0 < row["receive_minutes"] <= row["resolve_minutes"]:
        reason = "must be at least receive_minutes, which must be at least 1"
        yield Problem(file, line, "resolve_minutes", reason)
    if row["assign_minutes"] < 1:
        yield Problem(file, line, "assign_minutes", "must be at least 1")


def _fallback(pack: Pack) -> Iterator[Problem]:
    unit = pack.territory["fallback_unit"]
    if not any(row["valid_until"] is None for row in periods.by_code(pack, "units.csv")[unit]):
        line = next(n for n, row in pack.rows["territory.csv"].items() if row["key"] == "fallback_unit")
        yield Problem("territory.csv", line, "value", f"no unit {unit} without an end")
