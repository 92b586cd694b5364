"""The inbox: what a unit owes, most urgent first, narrowed, counted, paged, on a map, and handled together."""

from portal.services.inbox.choosing import Filters, Tab, arrived
from portal.services.inbox.listing import PAGE_SIZE, Cursor, Listing, Wish, categories, listing

__all__ = ["PAGE_SIZE", "Cursor", "Filters", "Listing", "Tab", "Wish", "arrived", "categories", "listing"]
