"""A territory pack to be spoilt: cells, texts and lines of its files."""

import csv
from pathlib import Path

SONG_AO = Path(__file__).parent / "territories" / "song_ao"  # an invented province
QUANG_TRI = Path(__file__).parents[1] / "portal" / "data" / "quang_tri"


def change(path: Path, line: int, column: str, value: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[line - 1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def replace(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


def add_line(path: Path, line: str) -> int:
    """Append a line; give its number."""
    content = path.read_text(encoding="utf-8") + line + "\n"
    path.write_text(content, encoding="utf-8")
    return content.count("\n")


def written(pack: Path, file: str) -> int:
    """How many rows the file has."""
    with (pack / file).open(encoding="utf-8", newline="") as opened:
        return sum(1 for _ in csv.reader(opened)) - 1
