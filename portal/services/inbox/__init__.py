"""The inbox: what a unit owes, most urgent first, narrowed, counted, paged, on a map, and handled together."""

from portal.services.inbox.around import MOST_POINTS, Near, near, points
from portal.services.inbox.choosing import Filters, Tab, arrived, tabs
from portal.services.inbox.listing import PAGE_SIZE, Cursor, Listing, Wish, categories, listing

__all__ = [
    "MOST_POINTS",
    "PAGE_SIZE",
    "Cursor",
    "Filters",
    "Listing",
    "Near",
    "Tab",
    "Wish",
    "arrived",
    "categories",
    "listing",
    "near",
    "points",
    "tabs",
]
