"""Why somebody may be shown who reported. The list is short, and curiosity is not on it."""

from enum import StrEnum


class Why(StrEnum):
    VERIFY = "verify"  # what questions in the portal cannot make clear
    VISIT = "visit"  # to meet, or to come to the house
    DANGER = "danger"  # somebody's life or health
    LAW = "law"  # an authority demands it in writing


WITH_CONSENT = (Why.VERIFY, Why.VISIT)  # who reported agreed that the unit may call or write to them
FEWEST_SIGNS, MOST_SIGNS = 10, 500  # of the words beside the reason


def reasons(agreed: bool) -> list[Why]:
    """Those that hold for a reporter who agreed to be called, or did not."""
    return [why for why in Why if agreed or why not in WITH_CONSENT]
