"""A table file: the bytes of a CSV in, rows of cells out, or what is wrong with the file as such."""

import csv
from collections.abc import Collection, Iterator
from io import StringIO
from reprlib import repr as shown
from typing import NamedTuple

OTHER_SEPARATORS = (";", "\t")
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Fault(NamedTuple):
    """What is wrong, where: `line` counts from 1 (0: the whole file), `column` is '' for the whole row."""

    line: int
    column: str
    reason: str


Cells = dict[str, str]


def read(raw: bytes, columns: Collection[str]) -> tuple[dict[int, Cells], list[Fault]]:
    """The cells of each row by its line number, and every fault of the file, its header and the length of its rows.

    UTF-8 with or without a byte order mark, separated by commas; lines may end in LF, CRLF or CR. A byte that is
    no UTF-8 becomes U+FFFD in its cell.
    """
    if fault := _no_text(raw):
        return {}, [fault]
    reader = csv.reader(StringIO(raw.decode("utf-8-sig", errors="replace"), newline=""), strict=True)
    rows: dict[int, Cells] = {}
    faults: list[Fault] = []
    line = 1
    try:
        header = next(reader, [])
        faults = list(_wrong_header(header, columns))
        line = reader.line_num + 1
        for cells in () if faults else reader:
            if len(cells) == len(header):
                rows[line] = dict(zip(header, cells, strict=True))
            elif cells:
                faults.append(Fault(line, "", f"{len(cells)} cells where the header has {len(header)}"))
            line = reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault(line, "", _wrong_quotes(str(error))))
    return rows, faults


def _no_text(raw: bytes) -> Fault | None:
    if raw.startswith(UTF_16_MARKS):
        return Fault(0, "", "is UTF-16 (Excel's “Unicode text”): save it as “CSV UTF-8”")
    if b"\0" in raw:
        line = raw.count(b"\n", 0, raw.index(b"\0")) + 1
        return Fault(line, "", "a NUL byte: no text (a workbook, or UTF-16?): save it as “CSV UTF-8”")
    if not raw.removeprefix(b"\xef\xbb\xbf").strip():
        return Fault(0, "", "the file is empty")
    return None


def _wrong_header(header: list[str], columns: Collection[str]) -> Iterator[Fault]:
    for separator in OTHER_SEPARATORS:
        if len(header) == 1 and separator in header[0]:
            reason = f"the cells are separated by {separator!r}, not by commas (Excel in Vietnamese does so)"
            yield Fault(1, "", f"{reason}: save it as “CSV UTF-8” with commas")
            return
    for missing in (column for column in columns if column not in header):
        yield Fault(1, missing, "the column is missing")
    for column in dict.fromkeys(header):
        name = column if column.isidentifier() else shown(column)
        if header.count(column) > 1:
            yield Fault(1, name, "the column stands twice")
        if column not in columns:
            yield Fault(1, name, "the column is unknown")


def _wrong_quotes(error: str) -> str:
    """The csv module's error about a row, in words for whoever keeps the table."""
    if error.startswith("field larger"):
        return (
            f"a cell longer than {csv.field_size_limit()} characters (perhaps a quote that is never closed)"
        )
    if error.startswith("unexpected end"):
        return "a quote that opens here is never closed"
    return f"the quotes of this row do not pair up (one inside a cell must be doubled): {error}"
