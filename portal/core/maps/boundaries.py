"""The boundaries of one vintage: read from a map's features, held against the areas, drawn smaller for the web.

`read` gives every area's shape or raises BoundariesError with every fault at once, like a territory pack.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, NamedTuple

import shapely
from shapely import MultiPolygon, Polygon, STRtree
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from portal.core.maps.earth import area_km2

MOST_SHARED_KM2 = 0.01
MOST_DEVIATION = 0.10  # of the published figure
WEB_TOLERANCE = (
    0.0007  # degrees, the side of a square of 80 m: no line moves by more than 170 m (docs/adr/0008)
)
WEB_GRID = 0.0001  # degrees: 11 m
NOT_FINITE = "a coordinate is no finite number"

Shapes = dict[str, Polygon | MultiPolygon]
Progress = Callable[[int], None]


class Box(NamedTuple):
    """What surrounds the territory, in WGS84 degrees."""

    south: float
    west: float
    north: float
    east: float

    def touches(self, west: float, south: float, east: float, north: float) -> bool:
        return west <= self.east and east >= self.west and south <= self.north and north >= self.south


@dataclass(frozen=True)
class Feature:
    """One shape of a map file: its attributes, and its geometry as GeoJSON or WKB (None where it has none)."""

    properties: Mapping[str, Any]
    geometry: Any


@dataclass(frozen=True)
class Wanted:
    """What must be drawn: the name of each area by code, its published square kilometres where known."""

    names: Mapping[str, str]
    km2: Mapping[str, float]
    box: Box


class Fault(NamedTuple):
    """What is wrong with which feature; `number` counts from 1 as in the file, 0 is the file as a whole."""

    number: int
    code: str
    name: str
    reason: str

    def __str__(self) -> str:
        which = [f"feature {self.number}" if self.number else "", self.code, self.name]
        return f"{' '.join(filter(None, which)) or 'the file'}: {self.reason}"


class BoundariesError(ValueError):
    """The boundaries cannot be used; `faults` has every reason."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: (not fault.number, fault.number))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass
class _Reading:
    wanted: Wanted
    code_field: str
    name_field: str | None
    faults: list[Fault] = field(default_factory=list)
    shapes: Shapes = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def take(self, number: int, feature: Feature) -> None:
        """Keep the feature's shape, or what is wrong with it."""
        code = _cell(feature.properties.get(self.code_field))
        name = _cell(feature.properties.get(self.name_field)) if self.name_field else ""
        name = name or self.wanted.names.get(code, "")
        if reason := self._wrong_code(code):
            self.faults.append(Fault(number, code, name, reason))
            return
        self.numbers[code] = number
        try:
            self.shapes[code] = _polygons(feature.geometry, self.wanted.box)
        except ValueError as error:
            self.faults.append(Fault(number, code, name, str(error)))

    def blame(self, code: str, reason: str) -> None:
        self.faults.append(Fault(self.numbers.get(code, 0), code, self.wanted.names[code], reason))

    def _wrong_code(self, code: str) -> str:
        if not code:
            return f"no code in the field {self.code_field!r}"
        if code not in self.wanted.names:
            return "no such area among the smallest of this vintage"
        return f"repeats feature {self.numbers[code]}" if code in self.numbers else ""


def read(
    features: Sequence[Feature],
    wanted: Wanted,
    *,
    code_field: str,
    name_field: str | None = None,
    progress: Progress = lambda _: None,
) -> Shapes:
    """The checked shape of every wanted area by code, in WGS84 degrees. Raises BoundariesError.

    `progress` is told of each feature twice: once read, once compared with its neighbours.
    """
    fields = {name for feature in features for name in feature.properties}
    if code_field not in fields:
        known = ", ".join(sorted(fields)) or "none"
        raise BoundariesError([Fault(0, "", "", f"no field {code_field!r} in it (there are: {known})")])
    reading = _Reading(wanted, code_field, name_field)
    for number, feature in enumerate(features, start=1):
        reading.take(number, feature)
        progress(1)
    for code in sorted(wanted.names.keys() - reading.numbers.keys()):
        reading.blame(code, "no feature has this code")
    for code, published in wanted.km2.items():
        if code in reading.shapes and (reason := _wrong_size(reading.shapes[code], published)):
            reading.blame(code, reason)
    for code, other, shared in _overlaps(reading.shapes, progress):
        reading.blame(code, f"shares {shared:.3f} km² with {other} {wanted.names[other]}")
    if reading.faults:
        raise BoundariesError(reading.faults)
    return reading.shapes


def for_web(shapes: Shapes) -> Shapes:
    """The same, drawn with fewer corners for maps; what two areas have in common stays in common.

    Small gaps and overlaps are closed first, or both sides of such a border would be simplified each for itself.
    """
    clean = shapely.coverage_clean(list(shapes.values()), snapping_distance=0)
    simple = shapely.coverage_simplify(clean, WEB_TOLERANCE)
    return dict(zip(shapes, shapely.set_precision(simple, WEB_GRID, mode="pointwise"), strict=True))


def from_wkb(kept: Mapping[str, bytes]) -> Shapes:
    """The shapes that were kept as WKB, by code."""
    return dict(zip(kept, shapely.from_wkb(list(kept.values())).tolist(), strict=True))


def geojson(areas: Iterable[tuple[str, str, bytes]]) -> bytes:
    """A FeatureCollection of areas: code, name, and shape as WKB."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name},
            "geometry": json.loads(shapely.to_geojson(shapely.from_wkb(kept))),
        }
        for code, name, kept in areas
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _cell(value: Any) -> str:
    """A code or name as text; files of tables may keep a code as a number."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _polygons(raw: Any, box: Box) -> Polygon | MultiPolygon:
    """The shape of a geometry. Raises ValueError with the reason why it is none."""
    found = _parsed(raw)
    if not isinstance(found, (Polygon, MultiPolygon)):
        raise ValueError(f"is a {found.geom_type}, not a Polygon or MultiPolygon")
    if found.is_empty:
        raise ValueError("the shape is empty")
    corners = shapely.get_coordinates(found)
    (west, south), (east, north) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    if not all(map(isfinite, (west, south, east, north))):
        raise ValueError(NOT_FINITE)
    if not box.touches(west, south, east, north):
        raise ValueError(_elsewhere(west, south, east, north, box))
    if not found.is_valid:
        raise ValueError(f"the shape is not valid: {shapely.is_valid_reason(found)}")
    return found


def _parsed(raw: Any) -> BaseGeometry:
    if raw is None:
        raise ValueError("has no geometry")
    try:
        document = raw if isinstance(raw, bytes) else json.dumps(raw, allow_nan=False)
    except ValueError as error:
        raise ValueError(NOT_FINITE) from error
    try:
        read_as = shapely.from_wkb if isinstance(raw, bytes) else shapely.from_geojson
        return shapely.force_2d(read_as(document))
    except ShapelyError as error:
        raise ValueError(f"the geometry cannot be read: {error}") from error


def _elsewhere(west: float, south: float, east: float, north: float, box: Box) -> str:
    if box.touches(south, west, north, east):
        return "latitude and longitude are swapped"
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        return f"coordinates such as {west:.0f}, {south:.0f} are no degrees: another projection (WGS84 is needed)"
    return "lies outside the territory"


def _wrong_size(found: BaseGeometry, published: float) -> str:
    drawn = area_km2(found)
    if abs(drawn - published) <= MOST_DEVIATION * published:
        return ""
    return f"drawn with {drawn:.2f} km², published are {published:.2f} km²"


def _overlaps(shapes: Shapes, progress: Progress) -> Iterator[tuple[str, str, float]]:
    """Pairs of areas that share more than a sliver, with the square kilometres of it."""
    codes, drawn = list(shapes), list(shapes.values())
    tree = STRtree(drawn)
    for i, one in enumerate(drawn):
        for j in tree.query(one, predicate="intersects").tolist():
            if i < j and (shared := area_km2(one.intersection(drawn[j]))) > MOST_SHARED_KM2:
                yield codes[j], codes[i], shared
        progress(1)
