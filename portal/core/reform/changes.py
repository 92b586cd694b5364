"""The rows of a reform: which columns there are, and which of them each kind of change wants."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from portal.core.packs import PackError, Problem, Values, rows
from portal.core.reform.faults import Fault
from portal.core.tables.cells import Parse, code, label, one_of, optional


class Kind(StrEnum):
    MERGE = "merge"
    SPLIT = "split"
    ABOLISH = "abolish"
    RENAME = "rename"
    MOVE = "move"


COLUMNS: dict[str, Parse] = {
    "change": one_of(*Kind),
    "unit": code,
    "successor": optional(code),
    "area_code": optional(code),
    "category_code": optional(code),
    "name": str,
    "name_en": str,
    "legal_basis": label,
    "note": str,
}
NEEDED = {Kind.MERGE: ("successor",), Kind.SPLIT: ("successor",), Kind.MOVE: ("successor", "category_code")}
NEEDED |= {Kind.RENAME: ("name",)}
ALLOWED = {
    Kind.MERGE: {"successor"},
    Kind.SPLIT: {"successor", "area_code"},
    Kind.ABOLISH: {"successor"},
    Kind.RENAME: {"name", "name_en"},
    Kind.MOVE: {"successor", "category_code"},
}


@dataclass(frozen=True)
class Change:
    """One row. The unit ends or, for a `move`, gives the category; `successor` is a unit's code or a placeholder of
    core.routing. The reports of a `split` that lie in `area_code` go to its successor, without it all others.
    """

    line: int
    change: str
    unit: str
    successor: str | None
    area_code: str | None
    category_code: str | None
    name: str
    name_en: str
    legal_basis: str
    note: str

    @property
    def ends(self) -> bool:
        """Does the unit end by it?"""
        return self.change != Kind.MOVE

    @property
    def heir(self) -> str | None:
        """The code of whoever follows: a renamed unit follows itself."""
        return self.unit if self.change == Kind.RENAME else self.successor


def read(file: str, raw: bytes) -> list[Change]:
    """The rows of a file. Raises PackError with everything that is wrong in a single row."""
    problems: list[Problem] = []
    typed = rows(file, raw, COLUMNS, problems.append)
    if not problems:
        problems += (fault for line, row in typed.items() for fault in _shape(file, line, row))
    if not problems and not typed:
        problems.append(Fault.of(file, 0, "", "nothing"))
    if problems:
        raise PackError(problems)
    return [Change(line=line, **row) for line, row in typed.items()]


def _shape(file: str, line: int, row: Values) -> Iterator[Problem]:
    kind = Kind(row["change"])
    for column in NEEDED.get(kind, ()):
        if not row[column]:
            yield Fault.of(file, line, column, "needed", change=kind)
    for column in ("successor", "area_code", "category_code", "name", "name_en"):
        if row[column] and column not in ALLOWED[kind]:
            yield Fault.of(file, line, column, "not_wanted", change=kind)
