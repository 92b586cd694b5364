"""The cues of words.csv: each speaks for a subject that exists, with words and a weight that can be used."""

import re
from collections.abc import Iterator

from portal.core import triage
from portal.core.packs import Pack, Problem
from portal.core.suggestion import NOTHING

PHRASE = re.compile(r"[^\W_]+( [^\W_]+)*( & [^\W_]+( [^\W_]+)*)*")
HEAVIEST = 20  # more would drown every other word of a report


def check(pack: Pack) -> Iterator[Problem]:
    """What contradicts in words.csv."""
    subjects = {row["code"] for row in pack.table("categories.csv")} | triage.SUBJECTS | {NOTHING}
    for line, row in pack.rows["words.csv"].items():
        if row["subject"] not in subjects:
            reason = f"{row['subject']} is neither a category nor one of {', '.join(sorted(triage.SUBJECTS))}"
            yield Problem("words.csv", line, "subject", reason)
        if not PHRASE.fullmatch(row["phrase"]):
            yield Problem(
                "words.csv", line, "phrase", "not words with single spaces, or such joined by ' & '"
            )
        if not 1 <= row["weight"] <= HEAVIEST:
            yield Problem("words.csv", line, "weight", f"not from 1 to {HEAVIEST}")
