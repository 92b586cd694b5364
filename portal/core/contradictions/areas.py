"""Areas, what became of them, and the places around the territory."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from portal.core.contradictions import periods
from portal.core.contradictions.periods import ONE_DAY
from portal.core.packs import LEVELS, Pack, Problem, Values

FARTHEST_DEGREES = 5.0  # a neighbour this far from the territory (some 500 km) is a mistake


def check(pack: Pack) -> Iterator[Problem]:
    """What contradicts in areas.csv, successions.csv, neighbours.csv and in the box of territory.csv."""
    for group in (_box, _areas, _vintages, _successions, _neighbours):
        yield from group(pack)


def by_key(pack: Pack) -> dict[tuple[str, str], Values]:
    """The areas by (vintage, code)."""
    return {(row["vintage"], row["code"]): row for row in pack.table("areas.csv")}


def _box(pack: Pack) -> Iterator[Problem]:
    lines = {row["key"]: line for line, row in pack.rows["territory.csv"].items()}
    for low, high, most in (("south", "north", 90), ("west", "east", 180)):
        if not -most <= pack.territory[low] < pack.territory[high] <= most:
            yield Problem(
                "territory.csv", lines[high], "value", f"{high}: must lie beyond {low}, up to {most}"
            )


def _areas(pack: Pack) -> Iterator[Problem]:
    box, areas = pack.territory, by_key(pack)
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


def _vintages(pack: Pack) -> Iterator[Problem]:
    """Each vintage is one period, in which its own day lies, and they follow each other without a gap."""
    first: dict[str, tuple[int, Values]] = {}
    for line, row in pack.rows["areas.csv"].items():
        begun, other = first.setdefault(row["vintage"], (line, row))
        for column in ("valid_from", "valid_until"):
            if row[column] != other[column]:
                reason = f"differs from line {begun} of the same vintage"
                yield Problem("areas.csv", line, column, reason)
    for line, row in first.values():
        if not periods.on([row], date.fromisoformat(row["vintage"])):
            yield Problem("areas.csv", line, "vintage", "lies outside valid_from–valid_until")
    for (_, row), (line, later) in pairwise(sorted(first.values(), key=lambda pair: pair[1]["vintage"])):
        if row["valid_until"] is None or row["valid_until"] + ONE_DAY != later["valid_from"]:
            reason = f"must be the day after the vintage {row['vintage']} ends ({row['valid_until']})"
            yield Problem("areas.csv", line, "valid_from", reason)


def _successions(pack: Pack) -> Iterator[Problem]:
    areas = by_key(pack)
    following = dict(pairwise(sorted({vintage for vintage, _ in areas})))
    for line, row in pack.rows["successions.csv"].items():
        for end in ("from", "to"):
            if (row[f"{end}_vintage"], row[f"{end}_code"]) not in areas:
                reason = f"no area {row[f'{end}_code']} in {row[f'{end}_vintage']}"
                yield Problem("successions.csv", line, f"{end}_code", reason)
        if row["to_vintage"] != (wanted := following.get(row["from_vintage"], "no later one")):
            reason = f"after the vintage {row['from_vintage']} comes {wanted}"
            yield Problem("successions.csv", line, "to_vintage", reason)
    continued = {(row["from_vintage"], row["from_code"]) for row in pack.table("successions.csv")}
    for line, row in pack.rows["areas.csv"].items():
        ended = row["level"] == "commune" and row["vintage"] in following
        if ended and (row["vintage"], row["code"]) not in continued:
            yield Problem("areas.csv", line, "code", "successions.csv does not say what became of it")


def _neighbours(pack: Pack) -> Iterator[Problem]:
    box = pack.territory
    for line, row in pack.rows["neighbours.csv"].items():
        for column, low, high in (("latitude", "south", "north"), ("longitude", "west", "east")):
            if not box[low] - FARTHEST_DEGREES <= row[column] <= box[high] + FARTHEST_DEGREES:
                yield Problem("neighbours.csv", line, column, "too far from the territory to be a neighbour")
