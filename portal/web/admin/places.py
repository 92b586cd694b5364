"""Places in forms: an area's code says which area only together with its vintage, '2025-07-01/19333'."""

from datetime import date

from portal.core.errors import NotFound
from portal.services import places

BETWEEN = "/"


def key(vintage: str | None, code: str | None) -> str:
    """The value of an area in a form, '' for none."""
    return f"{vintage}{BETWEEN}{code}" if code else ""


def split(value: str | None) -> tuple[str | None, str | None]:
    """Vintage and code of a value, None for none."""
    vintage, _slash, code = (value or "").partition(BETWEEN)
    return vintage or None, code or None


def on(day: date) -> dict[str, str]:
    """The places a report can be on that day, value → name; none on a day before the first map."""
    try:
        vintage = places.vintage_on(day)
    except NotFound:
        return {}
    return {key(vintage, place.code): place.name for place in places.choices(day)}
