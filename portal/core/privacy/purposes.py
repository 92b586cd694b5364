"""For what a reporter's contact may be used. Each is agreed to by itself, and nothing is agreed to beforehand."""

from enum import StrEnum


class Purpose(StrEnum):
    FOLLOW = "follow"  # messages about the report
    CONTACT = "contact"  # the unit may call or write to ask for more
