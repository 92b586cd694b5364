"""How units are to serve: answer templates, and whom broken clocks are told to."""

from collections.abc import Iterator

from portal.core.answers import variables
from portal.core.contradictions.directory import codes
from portal.core.packs import Pack, Problem

REFERS = {
    "templates.csv": (("category_code", "categories.csv"), ("unit_code", "units.csv")),
    "escalations.csv": (("category_code", "categories.csv"), ("target", "units.csv")),
}
NAMES = {"categories.csv": "category", "units.csv": "unit"}


def check(pack: Pack) -> Iterator[Problem]:
    """What contradicts in templates.csv and escalations.csv."""
    for file, columns in REFERS.items():
        for column, of in columns:
            known = codes(pack, of)
            for line, row in pack.rows[file].items():
                if row[column] and row[column] not in known:
                    yield Problem(file, line, column, f"no {NAMES[of]} {row[column]}")
    for line, row in pack.rows["templates.csv"].items():
        for name in variables.unknown(row["text"]):
            reason = f"{{{name}}} is none of {', '.join(variables.VARIABLES)}"
            yield Problem("templates.csv", line, "text", reason)
