"""A territory pack: the files, columns and cells of the tables that say everything about a province.

`read` takes the bytes of the files (CSV in UTF-8) and gives typed rows, or raises PackError with every problem
at once, so that whoever keeps the pack mends it in one go.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.core import evidence, tables, workflow
from portal.core.tables.cells import (
    Parse,
    boolean,
    code,
    codes,
    day,
    decimal,
    email,
    facts,
    held,
    hours,
    label,
    moment,
    number,
    one_of,
    optional,
    phone,
    prefix,
    sound,
)

LEVELS = ("province", "district", "commune")
KINDS = (
    "province",
    "department",
    "division",
    "district",
    "commune",
    "utility",
    "police",
    "coordination",
    "national",
)
PRIORITIES = ("normal", "urgent", "emergency")

VALIDITY: dict[str, Parse] = {"valid_from": day, "valid_until": optional(day)}
COLUMNS: dict[str, dict[str, Parse]] = {
    "territory.csv": {"key": code, "value": str},
    "areas.csv": {
        "vintage": lambda raw: day(raw).isoformat(),
        "code": code,
        "name": label,
        "level": one_of(*LEVELS),
        "parent_code": optional(code),
        "latitude": optional(decimal),
        "longitude": optional(decimal),
        "area_km2": optional(decimal),
        "population": optional(number),
        **VALIDITY,
        "legal_basis": label,
        "point_source": str,
    },
    "successions.csv": {
        "from_vintage": label,
        "from_code": code,
        "to_vintage": label,
        "to_code": code,
        "legal_basis": label,
    },
    "units.csv": {
        "code": code,
        "name": label,
        "name_en": label,
        "kind": one_of(*KINDS),
        "area_code": optional(code),
        "parent_code": optional(code),
        **VALIDITY,
        "successor_code": optional(code),
        "phone": phone,
        "email": email,
        "address": str,
        "office_hours": hours,
        "legal_basis": label,
        "verified": boolean,
        "note": str,
    },
    "categories.csv": {
        "code": code,
        "name": label,
        "name_en": label,
        "hint": label,
        "hint_en": label,
        "pictogram": code,
        "priority": one_of(*PRIORITIES),
        "receive_minutes": number,
        "assign_minutes": number,
        "resolve_minutes": number,
        "round_the_clock": boolean,
        "visibility": one_of("public", "private"),
        "evidence": one_of(*evidence.Demand),
        "position": number,
        "active": boolean,
        "legal_basis": label,
    },
    "questions.csv": {
        "category_code": code,
        "code": code,
        "label": label,
        "label_en": label,
        "position": number,
    },
    "choices.csv": {
        "category_code": code,
        "question_code": code,
        "code": code,
        "label": label,
        "label_en": label,
        "position": number,
    },
    "clocks.csv": {
        "category_code": optional(code),
        "priority": optional(one_of(*PRIORITIES)),
        "unit_code": optional(code),
        "receive_minutes": number,
        "assign_minutes": number,
        "resolve_minutes": number,
        "round_the_clock": boolean,
        "legal_basis": label,
    },
    "routing.csv": {
        "category_code": optional(code),
        "area_vintage": optional(label),
        "area_code": optional(code),
        "conditions": held,
        "lead": code,
        "cooperating": codes,
        **VALIDITY,
        "legal_basis": label,
        "verified": boolean,
        "note": str,
    },
    "cases.csv": {
        "name": label,
        "category_code": code,
        "area_vintage": label,
        "area_code": code,
        "facts": facts,
        "at": moment,
        "lead": code,
        "cooperating": codes,
    },
    "words.csv": {"subject": code, "phrase": label, "weight": number},
    "texts.csv": {"key": code, "text": label, "text_en": label},
    "neighbours.csv": {
        "code": code,
        "name": label,
        "name_en": label,
        "latitude": decimal,
        "longitude": decimal,
    },
    "templates.csv": {
        "step": one_of(*workflow.TEMPLATED),
        "name": label,
        "category_code": optional(code),
        "unit_code": optional(code),
        "text": label,
    },
    "escalations.csv": {
        "category_code": optional(code),
        "unit_kind": optional(one_of(*KINDS)),
        "clock": one_of(*workflow.Clock),
        "after_minutes": number,
        "target": lambda raw: code(raw) if raw else "",
    },
    "holidays.csv": {
        "day": day,
        "name": label,
        "effect": one_of("off", "work"),
        "status": one_of("official", "projected"),
        "legal_basis": label,
    },
}
TERRITORY: dict[str, Parse] = {
    "code": code,
    "name": label,
    "name_en": label,
    "code_prefix": prefix,
    "fallback_unit": code,
    "south": decimal,
    "west": decimal,
    "north": decimal,
    "east": decimal,
    "hotline": phone,
}
KEYS = {
    "territory.csv": ("key",),
    "areas.csv": ("vintage", "code"),
    "successions.csv": ("from_vintage", "from_code", "to_vintage", "to_code"),
    "units.csv": ("code", "valid_from"),
    "categories.csv": ("code",),
    "questions.csv": ("category_code", "code"),
    "choices.csv": ("category_code", "question_code", "code"),
    "clocks.csv": ("category_code", "priority", "unit_code"),
    "routing.csv": ("category_code", "area_vintage", "area_code", "conditions", "valid_from"),
    "cases.csv": ("name",),
    "words.csv": ("subject", "phrase"),
    "texts.csv": ("key",),
    "neighbours.csv": ("code",),
    "templates.csv": ("step", "name"),
    "escalations.csv": ("category_code", "unit_kind", "clock", "target"),
    "holidays.csv": ("day",),
}
FILES = tuple(COLUMNS)
NEVER_EMPTY = ("areas.csv", "units.csv", "categories.csv")
Values = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where: `line` counts from 1 (0: the whole file), `column` is '' for the whole row."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        place = ":".join([self.file, *([str(self.line)] if self.line else [])])
        return f"{place} {self.column}: {self.reason}" if self.column else f"{place}: {self.reason}"


class PackError(ValueError):
    """The pack cannot be used; `problems` has every reason."""

    def __init__(self, problems: list[Problem]) -> None:
        order = {file: number for number, file in enumerate(FILES)}
        self.problems = sorted(problems, key=lambda problem: (order.get(problem.file, 0), problem.line))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass
class Pack:
    """The typed rows of each file by line number, and the territory's own values."""

    rows: dict[str, dict[int, Values]] = field(default_factory=dict)
    territory: Values = field(default_factory=dict)

    def table(self, file: str) -> list[Values]:
        return list(self.rows[file].values())


def read(files: Mapping[str, bytes]) -> Pack:
    """The checked rows of a pack from its files' bytes by name. Raises PackError."""
    pack = Pack()
    problems: list[Problem] = []
    for file in FILES:
        if file in files:
            pack.rows[file] = rows(file, files[file], COLUMNS[file], problems.append)
            unspoilt = all(problem.file != file for problem in problems)
            if file in NEVER_EMPTY and not pack.rows[file] and unspoilt:
                problems.append(Problem(file, 0, "", "has no rows"))
        else:
            problems.append(Problem(file, 0, "", "the file is missing"))
    if not problems:
        _read_territory(pack, problems.append)
    if problems:
        raise PackError(problems)
    return pack


Report = Callable[[Problem], None]


def rows(file: str, raw: bytes, columns: Mapping[str, Parse], report: Report) -> dict[int, Values]:
    """The typed rows of one table file by line number; what is wrong is reported and left out."""
    found, faults = tables.read(raw, columns)
    for fault in faults:
        report(Problem(file, *fault))
    return {line: _values(file, line, columns, cells, report) for line, cells in found.items()}


def _values(
    file: str, line: int, columns: Mapping[str, Parse], cells: tables.Cells, report: Report
) -> Values:
    values = {}
    for column, parse in columns.items():
        try:
            values[column] = parse(sound(cells[column]))
        except ValueError as error:
            report(Problem(file, line, column, str(error)))
    return values


def _read_territory(pack: Pack, report: Report) -> None:
    rows = {row["key"]: (line, row["value"]) for line, row in pack.rows["territory.csv"].items()}
    for key in TERRITORY.keys() - rows.keys():
        report(Problem("territory.csv", 0, key, "the key is missing"))
    for key, (line, value) in rows.items():
        if key not in TERRITORY:
            report(Problem("territory.csv", line, "key", f"the key {key} is unknown"))
            continue
        try:
            pack.territory[key] = TERRITORY[key](value)
        except ValueError as error:
            report(Problem("territory.csv", line, "value", f"{key}: {error}"))
