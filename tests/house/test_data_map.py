"""Every column was decided: it tells of a person and stands in the data map, or it does not and is listed."""

import re
from pathlib import Path

from portal.models import db

HERE = Path(__file__)
ROW = re.compile(r"^\| `(\w+)`: ([\w, ]+) \|", re.MULTILINE)
Column = tuple[str, str]


def mapped() -> list[Column]:
    page = HERE.parents[2].joinpath("docs", "security.md").read_text(encoding="utf-8")
    section = page.split("\n## Data map\n")[1].split("\n## ")[0]
    return [(table, column) for table, columns in ROW.findall(section) for column in columns.split(", ")]


def listed() -> list[Column]:
    lines = HERE.with_name("not_personal.txt").read_text(encoding="utf-8").splitlines()
    return [
        (table, column)
        for table, _, rest in (line.partition(": ") for line in lines)
        for column in rest.split()
    ]


def test_every_column_is_in_the_data_map_or_listed_as_not_personal() -> None:
    columns = {(name, column.name) for name, table in db.metadata.tables.items() for column in table.columns}
    decided = mapped() + listed()
    assert len(set(decided)) == len(decided), "decided twice"
    assert columns - set(decided) == set(), (
        "say in docs/security.md what it holds, or list it in not_personal.txt"
    )
    assert set(decided) - columns == set(), "no such column any more"
