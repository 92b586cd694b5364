"""Tables that leave the house: no cell of them is taken for a formula by a spreadsheet."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads Vietnamese as nonsense
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# Where the decimal sign is a comma, spreadsheets end a cell at ';'.
CELL_ELSEWHERE = re.compile(r"([;\t\r\n])(?=\s*[=+\-@])")


def table(lines: Iterable[Sequence[object]]) -> str:
    """These lines as the text of a CSV file; None is an empty cell."""
    out = StringIO()
    csv.writer(out).writerows([harmless(value) for value in line] for line in lines)
    return BYTE_ORDER_MARK + out.getvalue()


def harmless(value: object) -> str:
    """The cell that shows this value and does nothing; numbers stay numbers."""
    written = "" if value is None else str(value)
    if isinstance(value, (int, float)):
        return written
    within = CELL_ELSEWHERE.sub(r"\1'", written)
    return f"'{within}" if written.lstrip(" ").startswith(FORMULA) else within
