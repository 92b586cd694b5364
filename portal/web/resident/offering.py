"""What residents may choose from: categories and wards, for the pieces of pages that list them."""

from datetime import date
from typing import Any

from portal.core.errors import NotFound
from portal.models import Area, Category
from portal.services import directory, former, places, routing
from portal.web import context, geography


def vintage() -> str:
    """Of the wards that are chosen from today."""
    return places.vintage_on(context.today())


def last_reform() -> date | None:
    """The day since which the wards are what they are today; None where no older ones are known."""
    return former.reform_before(context.today())


def categories() -> dict[str, Any]:
    """With the questions that their routing rules need answered."""
    offered = directory.active_categories()
    return {"categories": offered, "asked": {one.code: routing.questions_of(one.code) for one in offered}}


def areas() -> dict[str, Any]:
    return {"areas": geography.by_old_district(context.today())}


def places_called(code: str) -> list[Area]:
    """Today's places that a code in a link means, also one from before a reform; none for an unknown one."""
    try:
        return former.today(code, context.today()) if code else []
    except NotFound:
        return []


def category_called(code: str) -> Category | None:
    """The category that takes what is sent for this code, also for one that was closed meanwhile."""
    try:
        return directory.category_for(code) if code else None
    except NotFound:
        return None


def area_codes() -> set[str]:
    return {choice.code for choice in places.choices(context.today())}
