"""What can be wrong with a reform: a word for the reader's language, and the sentence for the command line."""

from dataclasses import dataclass, field
from typing import Any

from portal.core.packs import Problem

SENTENCES = {
    "nothing": "there is no row",
    "needed": "is empty, which a {change} must not be",
    "not_wanted": "a {change} has none",
    "no_vintage": "no areas are known for {day}",
    "no_unit": "no unit {code}",
    "ended": "{code} ended on {day} already",
    "begins": "{code} begins only on {day}",
    "other_successor": "ended with the successor {code} in the directory",
    "other_name": "is called {name} in the directory from that day on",
    "not_there": "no unit {code} on {day}",
    "no_districts": "there are no districts on {day}",
    "itself": "{code} does not begin anew on {day}, so it cannot follow itself",
    "ends_too": "{code} ends itself by line {first}; name the unit that is there on {day}",
    "loop": "goes round in a loop: {path}",
    "no_area": "no area {code} on {day}",
    "no_category": "no category {code}",
    "one_part": "one part is no split but a merge",
    "repeats": "repeats line {first}",
    "contradicts": "contradicts line {first}",
    "fallback": "{code} takes what no rule gives to anybody and must be there on {day}",
}


@dataclass(frozen=True)
class Fault(Problem):
    """A problem that knows its `kind`, a key of SENTENCES, and what fills the sentence."""

    kind: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, file: str, line: int, column: str, kind: str, **details: Any) -> "Fault":
        """The fault with its English sentence."""
        return cls(file, line, column, SENTENCES[kind].format(**details), kind, details)
