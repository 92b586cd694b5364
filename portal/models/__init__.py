"""First floor: the tables. They remember; they do not decide."""

from portal.models.accounts import Account
from portal.models.base import db, end_reading, rehearsal, transaction
from portal.models.directory import (
    Category,
    Choice,
    Holiday,
    Question,
    RoutingCase,
    RoutingRule,
    ServiceLevel,
    Unit,
)
from portal.models.notifications import Message
from portal.models.places import Area, Boundary, BoundarySource, Neighbour, Succession, Territory
from portal.models.reforms import Reform
from portal.models.reports import Contact, Cooperation, Event, Photo, Report
from portal.models.words import Cue, LearnedWord, Text

__all__ = [
    "Account",
    "Area",
    "Boundary",
    "BoundarySource",
    "Category",
    "Choice",
    "Contact",
    "Cooperation",
    "Cue",
    "Event",
    "Holiday",
    "LearnedWord",
    "Message",
    "Neighbour",
    "Photo",
    "Question",
    "Reform",
    "Report",
    "RoutingCase",
    "RoutingRule",
    "ServiceLevel",
    "Succession",
    "Territory",
    "Text",
    "Unit",
    "db",
    "end_reading",
    "rehearsal",
    "transaction",
]
