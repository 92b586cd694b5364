"""Routing rules: what they speak of exists for as long as they do, and no two speak of the same cases."""

from collections.abc import Iterator

from portal.core import routing
from portal.core.contradictions import areas, periods
from portal.core.packs import Pack, Problem
from portal.core.routing import PLACEHOLDERS, Rule


def check(pack: Pack) -> Iterator[Problem]:
    """What contradicts in routing.csv, each rule by itself."""
    known, units = areas.by_key(pack), periods.by_code(pack, "units.csv")
    categories = {row["code"] for row in pack.table("categories.csv")}
    for line, row in pack.rows["routing.csv"].items():
        if row["category_code"] and row["category_code"] not in categories:
            yield Problem("routing.csv", line, "category_code", f"no category {row['category_code']}")
        area = known.get((row["area_vintage"], row["area_code"]))
        if (row["area_code"] or row["area_vintage"]) and area is None:
            reason = f"no area {row['area_code']} in {row['area_vintage']}"
            yield Problem("routing.csv", line, "area_code", reason)
        elif area and not periods.covers([area], row):
            yield Problem("routing.csv", line, "valid_until", f"the rule outlives {area['name']}")
        if row["lead"] not in PLACEHOLDERS and not periods.covers(units[row["lead"]], row):
            yield Problem("routing.csv", line, "lead", f"no unit {row['lead']} on every day of the rule")


def ties(pack: Pack) -> Iterator[Problem]:
    """Rules that speak of the same cases on the same days; each rule must be sound by itself."""
    known = areas.by_key(pack)
    for earlier, later in routing.ties(
        Rule(
            id=line,
            lead=row["lead"],
            category=row["category_code"],
            area=row["area_code"],
            area_level=row["area_code"] and known[row["area_vintage"], row["area_code"]]["level"],
            valid_from=row["valid_from"],
            valid_until=row["valid_until"],
        )
        for line, row in pack.rows["routing.csv"].items()
    ):
        reason = f"speaks of the same cases on the same days as line {earlier.id}"
        yield Problem("routing.csv", later.id, "valid_from", reason)
