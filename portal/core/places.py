"""Where is it? Distances on the globe, and the areas whose known points lie nearest to a place.

Where no boundaries are imported (`maps/`) an area is known by points only: its own, and those of the
former communes that became part of it.
"""

from collections.abc import Sequence
from math import asin, cos, inf, isfinite, radians, sin, sqrt
from typing import NamedTuple

from portal.core.errors import BadPoint

EARTH_RADIUS_M = 6_371_008.8  # mean radius (2a + b) / 3 of the WGS84 ellipsoid

# A place farther than this from every known point is outside the province. Measured for Quảng Trị with its
# 343 known points on a grid: 99.99 % of the places inside are accepted (the loneliest corner, on the border with
# Laos, lies 21.1 km from a point); refused are 12 % of the places 10 km outside the border, 95 % at 20 km, all
# from 25 km on. A limit of 15 km would refuse 0.5 % of the province (docs/adr/0004).
FARTHEST_M = 20_000.0

# A place outside is told by a neighbour's name only where that is no farther away than this.
NEIGHBOUR_M = 20_000.0


class Point(NamedTuple):
    """WGS84 degrees."""

    latitude: float
    longitude: float


class KnownPoint(NamedTuple):
    """A point, in WGS84 degrees, known to lie in the area `code`."""

    code: str
    latitude: float
    longitude: float


class Neighbour(NamedTuple):
    """A place outside the territory, in WGS84 degrees, with its Vietnamese and English name."""

    name: str
    name_en: str
    latitude: float
    longitude: float


class Candidate(NamedTuple):
    """An area where a place may lie, and the metres to it: to its boundary, or to its nearest known point."""

    code: str
    distance_m: float


def valid_coordinates(latitude: float, longitude: float) -> bool:
    """Is this a place on the globe? Not for infinities and 'not a number'."""
    return isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180


def check_coordinates(latitude: float, longitude: float) -> None:
    """Raise BadPoint for what is no place on the globe, and say so where it would be one turned round."""
    if valid_coordinates(latitude, longitude):
        return
    if not (isfinite(latitude) and isfinite(longitude)):
        raise BadPoint(reason="number", latitude=latitude, longitude=longitude)
    reason = "swapped" if valid_coordinates(longitude, latitude) else "globe"
    raise BadPoint(reason=reason, latitude=latitude, longitude=longitude)


def nearest_neighbour(neighbours: Sequence[Neighbour], latitude: float, longitude: float) -> Neighbour | None:
    """The neighbour nearest to a place, None where even that is farther than NEIGHBOUR_M."""
    here = Point(latitude, longitude)
    near = [(distance_m(here, Point(other.latitude, other.longitude)), other) for other in neighbours]
    metres, found = min(near, default=(inf, None))
    return found if metres <= NEIGHBOUR_M else None


def distance_m(one: Point, other: Point) -> float:
    """Metres along the great circle (haversine on a sphere: within 0.6 % of the ellipsoid)."""
    return _metres(_haversine(one.latitude, one.longitude, other.latitude, other.longitude))


def nearest(
    points: Sequence[KnownPoint], latitude: float, longitude: float, count: int = 3
) -> list[Candidate]:
    """The `count` areas with the nearest known points, nearest first, each area once.

    Among equals the lower code comes first. Whether the first is near enough is for the caller to
    compare with FARTHEST_M. Raises ValueError for coordinates that are not on the globe.
    """
    if not valid_coordinates(latitude, longitude):
        raise ValueError("coordinates outside the world")
    by_code: dict[str, float] = {}
    for code, north, east in points:
        separation = _haversine(latitude, longitude, north, east)
        if separation < by_code.get(code, inf):
            by_code[code] = separation
    ranked = sorted((separation, code) for code, separation in by_code.items())
    return [Candidate(code, _metres(separation)) for separation, code in ranked[:count]]


def _haversine(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Of the angle between two places: 0 where they are one, 1 where they are opposite."""
    here, there = radians(latitude), radians(other_latitude)
    climb = sin((here - there) / 2) ** 2
    return climb + cos(here) * cos(there) * sin(radians(longitude - other_longitude) / 2) ** 2


def _metres(haversine: float) -> float:
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, haversine)))
