"""In which area does a point lie? Asked of the areas' boundaries, which a Locator keeps ready."""

from collections.abc import Mapping
from typing import NamedTuple

import shapely
from shapely import Point, STRtree
from shapely.geometry.base import BaseGeometry

from portal.core.maps.earth import metres_of_a_degree
from portal.core.places import Candidate

NEAR_M = 500.0  # slivers on coast and border, where maps are drawn coarsely

INSIDE, NEAR, OUTSIDE = "inside", "near", "outside"


class Found(NamedTuple):
    """How an area was found, and which: one INSIDE, those within NEAR_M nearest first, none OUTSIDE."""

    how: str
    candidates: tuple[Candidate, ...] = ()


NOWHERE = Found(OUTSIDE)


class Locator:
    """The boundaries of a vintage by code, polygons in WGS84 degrees, indexed for many questions."""

    def __init__(self, shapes: Mapping[str, BaseGeometry]) -> None:
        self._codes = sorted(shapes)
        self._shapes = [shapes[code] for code in self._codes]
        self._inside = [Found(INSIDE, (Candidate(code, 0.0),)) for code in self._codes]
        self._tree = STRtree(self._shapes)
        shapely.prepare(self._shapes)

    def locate(self, latitude: float, longitude: float) -> Found:
        """The area of a place in WGS84 degrees.

        A place on the very border of two areas, or where they overlap, is near both.
        """
        point = Point(longitude, latitude)
        around = [i for i in self._tree.query(point).tolist() if self._shapes[i].intersects(point)]
        return self._inside[around[0]] if len(around) == 1 else self._near(latitude, longitude)

    def _near(self, latitude: float, longitude: float) -> Found:
        north, east = (NEAR_M / metres for metres in metres_of_a_degree(latitude))
        window = longitude - east, latitude - north, longitude + east, latitude + north
        close = []
        for i in self._tree.query(shapely.box(*window)).tolist():
            piece = shapely.clip_by_rect(self._shapes[i], *window)
            if not piece.is_empty and (metres := _metres_to(piece, latitude, longitude)) <= NEAR_M:
                close.append(Candidate(self._codes[i], metres))
        close.sort(key=lambda candidate: (candidate.distance_m, candidate.code))
        return Found(NEAR, tuple(close)) if close else NOWHERE


def _metres_to(piece: BaseGeometry, latitude: float, longitude: float) -> float:
    north, east = metres_of_a_degree(latitude)
    plane = shapely.transform(piece, lambda at: (at - (longitude, latitude)) * (east, north))
    return plane.distance(Point(0, 0))
