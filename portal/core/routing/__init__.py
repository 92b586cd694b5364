"""Which unit takes a report: rules, their conditions, and the units that they mean."""

from portal.core.routing.deciding import (
    COMMUNE_OF_PLACE,
    DISTRICT_OF_PLACE,
    FALLBACK,
    PLACEHOLDERS,
    Decision,
    Facts,
    Fault,
    Rule,
    RuleBook,
    decide,
    ties,
)

__all__ = [
    "COMMUNE_OF_PLACE",
    "DISTRICT_OF_PLACE",
    "FALLBACK",
    "PLACEHOLDERS",
    "Decision",
    "Facts",
    "Fault",
    "Rule",
    "RuleBook",
    "decide",
    "ties",
]
