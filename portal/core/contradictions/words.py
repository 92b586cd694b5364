"""Words: each cue speaks for a subject that exists, in a form that can be used; each text has a place to stand."""

import re
from collections.abc import Iterator

from portal.core.guidance import triage
from portal.core.guidance.suggestion import NOTHING
from portal.core.packs import Pack, Problem
from portal.core.privacy.purposes import Purpose

PHRASE = re.compile(r"[^\W_]+( [^\W_]+)*( & [^\W_]+( [^\W_]+)*)*")
HEAVIEST = 20  # more would drown every other word of a report
CONSENTS = frozenset(f"consent_{purpose}" for purpose in Purpose)
TEXTS = frozenset({"emergency", *(f"door_{door}" for door in triage.DOORS)}) | CONSENTS


def check(pack: Pack) -> Iterator[Problem]:
    """What contradicts in words.csv and texts.csv."""
    yield from _cues(pack)
    for line, row in pack.rows["texts.csv"].items():
        if row["key"] not in TEXTS:
            reason = f"no page shows {row['key']}; those shown are {', '.join(sorted(TEXTS))}"
            yield Problem("texts.csv", line, "key", reason)
    for missing in sorted(CONSENTS - {row["key"] for row in pack.table("texts.csv")}):
        yield Problem("texts.csv", 0, "key", f"{missing} is missing: the words that a reporter agrees to")


def _cues(pack: Pack) -> Iterator[Problem]:
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
