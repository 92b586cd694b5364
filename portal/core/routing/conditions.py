"""When does a rule apply? One canonical text: 'hours=office;road_class=national,provincial'.

Every subject must be known and have one of the values behind it. Subjects are HOURS, PRIORITY and the questions of
the category; a question that was not answered holds nothing. Subjects and values stand in alphabetical order, so
that the same conditions are the same text.
"""

import re
from collections.abc import Collection, Iterable, Mapping

HOURS = "hours"  # of the office's calendar when the report is sent
PRIORITY = "priority"
FIXED: dict[str, tuple[str, ...]] = {
    HOURS: ("office", "outside"),
    PRIORITY: ("normal", "urgent", "emergency"),
}
Conditions = dict[str, frozenset[str]]

_PART = re.compile(r"(\w{1,40})=(\w{1,40}(?:,\w{1,40})*)", re.ASCII)


class BadConditions(ValueError):
    """The text says no conditions; the message is a sentence why."""


def parse(raw: str) -> Conditions:
    """The conditions that a canonical text says; '' says none. Raises BadConditions."""
    found: Conditions = {}
    for part in raw.split(";") if raw else ():
        match = _PART.fullmatch(part)
        if match is None:
            raise BadConditions(f"{part!r} is no condition (subject=value,value)")
        if match[1] in found:
            raise BadConditions(f"{match[1]} stands twice")
        found[match[1]] = frozenset(match[2].split(","))
    if write(found) != raw:
        raise BadConditions(f"not in order, write {write(found)}")
    return found


def write(conditions: Mapping[str, Iterable[str]]) -> str:
    """The canonical text; a subject without values is left out."""
    parts = {subject: ",".join(sorted(set(values))) for subject, values in conditions.items()}
    return ";".join(f"{subject}={parts[subject]}" for subject in sorted(parts) if parts[subject])


def parse_facts(raw: str) -> dict[str, str]:
    """Subject → its one value, of a text like that of conditions. Raises BadConditions."""
    found = {}
    for subject, values in parse(raw).items():
        if len(values) > 1:
            raise BadConditions(f"{subject} has {len(values)} values, a fact has one")
        (found[subject],) = values
    return found


def check(named: Mapping[str, Collection[str]], questions: Mapping[str, Collection[str]]) -> None:
    """Raise BadConditions for a subject or value that is not there. `questions`: the category's, with their choices."""
    known = {**questions, **FIXED}
    for subject, values in named.items():
        if subject not in known:
            raise BadConditions(f"the category has no question {subject}")
        for value in sorted(values):
            if value not in known[subject]:
                raise BadConditions(f"{subject} has no choice {value}")


def hold(conditions: Mapping[str, Collection[str]], known: Mapping[str, str]) -> bool:
    """Is every condition true of what is known?"""
    return all(known.get(subject) in values for subject, values in conditions.items())


def compatible(one: Conditions, other: Conditions) -> bool:
    """Can both be true of the same report?"""
    return all(one[subject] & other[subject] for subject in one.keys() & other.keys())
