"""The pack as a whole: repeated keys, periods, and all that the rooms find."""

from collections.abc import Iterator
from typing import Any

from portal.core.contradictions import areas, directory, periods, rules, service, words
from portal.core.packs import KEYS, Pack, PackError, Problem, Values


def check(pack: Pack) -> None:
    """Raise PackError with all that contradicts: repeated keys, periods, references within the pack, ties."""
    problems = list(_rows_that_contradict(pack))
    if not problems:
        problems += rules.ties(pack)
    if problems:
        raise PackError(problems)


def _rows_that_contradict(pack: Pack) -> Iterator[Problem]:
    for file, rows in pack.rows.items():
        yield from _repeated(file, rows)
        for line, row in rows.items():
            if "valid_until" in row and not periods.in_order(row):
                yield Problem(file, line, "valid_until", "lies before valid_from")
    for room in (areas, directory, rules, words, service):
        yield from room.check(pack)


def _repeated(file: str, rows: dict[int, Values]) -> Iterator[Problem]:
    seen: dict[tuple[Any, ...], int] = {}
    for line, row in rows.items():
        key = tuple(row[column] for column in KEYS[file])
        if (first := seen.setdefault(key, line)) != line:
            yield Problem(file, line, ", ".join(KEYS[file]), f"repeats line {first}")
