"""The routing rules as administrators keep them, the rehearsal of a change, and the test cases beside them."""

from portal.services.rules.keeping import (
    RuleWords,
    areas_named,
    change,
    create,
    faulty,
    listed,
    rule,
    units_named,
)
from portal.services.rules.rehearsal import Rehearsal, rehearse

__all__ = [
    "Rehearsal",
    "RuleWords",
    "areas_named",
    "change",
    "create",
    "faulty",
    "listed",
    "rehearse",
    "rule",
    "units_named",
]
