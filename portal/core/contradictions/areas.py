"""Areas, what became of them, and the places around the territory."""

from collections.abc import Iterator

from portal.core.packs import LEVELS, Pack, Problem, Values


def check(pack: Pack) -> Iterator[Problem]:
    """What contradicts in areas.csv and successions.csv."""
    yield from _areas(pack)
    yield from _successions(pack)


def by_key(pack: Pack) -> dict[tuple[str, str], Values]:
    """The areas by (vintage, code)."""
    return {(row["vintage"], row["code"]): row for row in pack.table("areas.csv")}


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


def _successions(pack: Pack) -> Iterator[Problem]:
    areas = by_key(pack)
    for line, row in pack.rows["successions.csv"].items():
        for end in ("from", "to"):
            if (row[f"{end}_vintage"], row[f"{end}_code"]) not in areas:
                reason = f"no area {row[f'{end}_code']} in {row[f'{end}_vintage']}"
                yield Problem("successions.csv", line, f"{end}_code", reason)
