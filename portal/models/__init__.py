"""First floor: the tables. They remember; they do not decide."""

from portal.models.accounts import Account
from portal.models.base import db, end_reading, transaction
from portal.models.directory import Category, Holiday, RoutingRule, Unit
from portal.models.notifications import Message
from portal.models.places import Area, Succession, Territory
from portal.models.reports import Contact, Event, Photo, Report

__all__ = [
    "Account",
    "Area",
    "Category",
    "Contact",
    "Event",
    "Holiday",
    "Message",
    "Photo",
    "Report",
    "RoutingRule",
    "Succession",
    "Territory",
    "Unit",
    "db",
    "end_reading",
    "transaction",
]
