"""Measures on the WGS84 ellipsoid, near enough for a province: metres of a degree, square kilometres of a shape."""

from math import cos, radians

from shapely.geometry.base import BaseGeometry


def metres_of_a_degree(latitude: float) -> tuple[float, float]:
    """Metres of one degree to the north and of one to the east at this latitude (degrees), within a metre."""
    angle = radians(latitude)
    north = 111_132.95 - 559.82 * cos(2 * angle) + 1.175 * cos(4 * angle)
    east = 111_412.84 * cos(angle) - 93.5 * cos(3 * angle) + 0.118 * cos(5 * angle)
    return north, east


def area_km2(shape: BaseGeometry) -> float:
    """Square kilometres of a shape in WGS84 degrees, by the scale at its middle: within 0.1 % where it is
    smaller than two degrees."""
    if not shape.area:
        return 0.0
    north, east = metres_of_a_degree(shape.centroid.y)
    return shape.area * north * east / 1e6
