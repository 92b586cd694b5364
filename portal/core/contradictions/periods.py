"""Rows that are true for a time: which one on a day, and whether they overlap or follow each other."""

from collections import defaultdict
from datetime import date, timedelta

from portal.core.packs import Pack, Values

ONE_DAY = timedelta(days=1)


def by_code(pack: Pack, file: str) -> dict[str, list[Values]]:
    """The rows of each code, earliest first; an empty list for an unknown one."""
    periods = defaultdict(list)
    for row in sorted(pack.table(file), key=lambda row: row["valid_from"]):
        periods[row["code"]].append(row)
    return periods


def in_order(row: Values) -> bool:
    """Does the row begin before it ends?"""
    return row["valid_until"] is None or row["valid_from"] <= row["valid_until"]


def on(periods: list[Values], wanted: date) -> bool:
    """Is one of the rows true on that day?"""
    return on_day(periods, wanted) is not None


def on_day(periods: list[Values], wanted: date) -> Values | None:
    """The row that is true on that day."""
    day = {"valid_from": wanted, "valid_until": wanted}
    return next((row for row in periods if overlap(row, day)), None)


def covers(periods: list[Values], rule: Values) -> bool:
    """Do the periods, one after the other, cover the whole validity of the rule?"""
    needed, end = rule["valid_from"], rule["valid_until"] or date.max
    for row in periods:
        if row["valid_from"] <= needed <= (row["valid_until"] or date.max):
            if (row["valid_until"] or date.max) >= end:
                return True
            needed = row["valid_until"] + ONE_DAY
    return False


def overlap(one: Values, other: Values) -> bool:
    """Is there a day on which both rows are true?"""
    starts_before_end = one["valid_from"] <= (other["valid_until"] or date.max)
    return starts_before_end and other["valid_from"] <= (one["valid_until"] or date.max)
