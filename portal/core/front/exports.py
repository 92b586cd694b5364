"""Tables that leave the house: no cell of them is taken for a formula by a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads Vietnamese as nonsense
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def table(lines: Iterable[Sequence[object]]) -> str:
    """These lines as the text of a CSV file; None is an empty cell."""
    out = StringIO()
    csv.writer(out).writerows([harmless(value) for value in line] for line in lines)
    return BYTE_ORDER_MARK + out.getvalue()


def harmless(value: object) -> str:
    """The cell that shows this value and does nothing; numbers stay numbers."""
    written = "" if value is None else str(value)
    if isinstance(value, (int, float)) or not written.lstrip(" ").startswith(FORMULA):
        return written
    return f"'{written}"
