"""To whom? The rules of the day applied to a report, and the units that they mean."""

from portal.services.routing.books import check_answers, exists_on, in_charge, questions_of, unit_on
from portal.services.routing.conflicts import away_from, concerns, impartial, offices, unshared
from portal.services.routing.deciding import Routed, keep, route, share, unshare

__all__ = [
    "Routed",
    "away_from",
    "check_answers",
    "concerns",
    "exists_on",
    "impartial",
    "in_charge",
    "keep",
    "offices",
    "questions_of",
    "route",
    "share",
    "unit_on",
    "unshare",
    "unshared",
]
