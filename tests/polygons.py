"""Invented boundaries: every area a strip of its published surface, one above the other in columns without gaps."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from portal.core.maps.earth import metres_of_a_degree

WIDTH = 0.4  # degrees
SOUTH, WEST, NORTH = 16.4, 106.4, 18.0


def strips(areas: Iterable[tuple[str, str, float]]) -> dict[str, Any]:
    """A FeatureCollection of (code, name, km²), whose areas touch along their sides."""
    features, south, west = [], SOUTH, WEST
    for code, name, km2 in areas:
        north_m, east_m = metres_of_a_degree(south)
        height = km2 * 1e6 / (WIDTH * east_m * north_m)
        if south + height > NORTH:
            south, west = SOUTH, west + WIDTH
        features.append(feature(code, name, west, south, west + WIDTH, south + height))
        south += height
    return {"type": "FeatureCollection", "features": features}


def feature(code: str, name: str, west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"ma": code, "ten": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def middle(collection: dict[str, Any], code: str) -> tuple[float, float]:
    """Latitude and longitude of the middle of an area."""
    ring = ring_of(collection, code)
    return (ring[0][1] + ring[2][1]) / 2, (ring[0][0] + ring[2][0]) / 2


def ring_of(collection: dict[str, Any], code: str) -> list[list[float]]:
    found = next(one for one in collection["features"] if one["properties"]["ma"] == code)
    return found["geometry"]["coordinates"][0]


def save(collection: dict[str, Any], folder: Path, name: str = "ranh-gioi.geojson") -> Path:
    path = folder / name
    path.write_text(json.dumps(collection), encoding="utf-8")
    return path
