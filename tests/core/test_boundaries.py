"""Boundaries that are right, and every way in which they can be wrong; an invented vintage of six squares."""

import json
from copy import deepcopy
from math import cos, inf, nan, pi, sin
from struct import pack
from typing import Any

import pytest
import shapely

from portal.core.maps import boundaries
from portal.core.maps.boundaries import BoundariesError, Box, Feature, Shapes, Wanted
from portal.core.maps.earth import area_km2, metres_of_a_degree

SIDE = 0.1  # degrees
BOX = Box(south=16.5, west=106.5, north=17.5, east=107.5)
Geometry = dict[str, Any]


def square(west: float, south: float, side: float = SIDE) -> Geometry:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def km2(geometry: Geometry) -> float:
    north, east = metres_of_a_degree(geometry["coordinates"][0][0][1] + SIDE / 2)
    return SIDE * SIDE * north * east / 1e6


SQUARES = {f"0{i}": square(107.0 + i % 3 * SIDE, 17.0 + i // 3 * SIDE) for i in range(6)}
WANTED = Wanted(
    names={code: f"Xã {code}" for code in SQUARES},
    km2={code: km2(drawn) for code, drawn in SQUARES.items()},
    box=BOX,
)


def read(*features: Feature, **options: Any) -> Shapes:
    return boundaries.read(features, WANTED, **{"code_field": "ma", **options})


def features(**changes: Any) -> list[Feature]:
    """The six squares, of which some are drawn otherwise."""
    return [Feature({"ma": code}, changes.get(f"_{code}", drawn)) for code, drawn in SQUARES.items()]


def faults(*given: Feature, **options: Any) -> list[str]:
    with pytest.raises(BoundariesError) as error:
        read(*given, **options)
    assert str(error.value).splitlines() == [str(fault) for fault in error.value.faults]
    return str(error.value).splitlines()


def test_right_boundaries_are_read_whatever_they_are_made_of() -> None:
    told: list[int] = []
    shapes = read(*features(), progress=told.append)
    assert shapes.keys() == SQUARES.keys() and sum(told) == 12
    as_numbers = [Feature({"ma": f" {code} ", "n": 1}, drawn) for code, drawn in SQUARES.items()]
    assert read(*as_numbers).keys() == SQUARES.keys()
    in_wkb = [Feature(one.properties, shapely.geometry.shape(one.geometry).wkb) for one in features()]
    assert {code: shape.equals(shapes[code]) for code, shape in read(*in_wkb).items()} == dict.fromkeys(
        SQUARES, True
    )
    with_height = deepcopy(SQUARES["00"])
    for corner in with_height["coordinates"][0]:
        corner.append(12.5)
    assert not read(*features(_00=with_height))["00"].has_z


BOWTIE = deepcopy(SQUARES["01"])
BOWTIE["coordinates"][0][1:3] = reversed(BOWTIE["coordinates"][0][1:3])
METRES = {
    "type": "Polygon",
    "coordinates": [[[5e5, 1.88e6], [5.1e5, 1.88e6], [5.1e5, 1.89e6], [5e5, 1.88e6]]],
}
SWAPPED = {"type": "Polygon", "coordinates": [[[y, x] for x, y in SQUARES["01"]["coordinates"][0]]]}


def holding(value: Any) -> Geometry:
    drawn = deepcopy(SQUARES["01"])
    drawn["coordinates"][0][2][0] = value
    return drawn


@pytest.mark.parametrize(
    ("drawn", "reason"),
    [
        (None, "has no geometry"),
        (BOWTIE, "the shape is not valid: Self-intersection[107"),
        (METRES, "coordinates such as 500000, 1880000 are no degrees: another projection"),
        (SWAPPED, "latitude and longitude are swapped"),
        (square(105.0, 21.0), "lies outside the territory"),
        (holding(nan), "a coordinate is no finite number"),
        (holding(inf), "a coordinate is no finite number"),
        (holding("107"), "the geometry cannot be read"),
        (holding(None), "the geometry cannot be read"),
        ({"type": "Point", "coordinates": [107.05, 17.05]}, "is a Point, not a Polygon"),
        ({"type": "Polygon", "coordinates": []}, "the shape is empty"),
        ({"type": "Polygon", "coordinates": [[[107, 17], [107.1, 17]]]}, "the geometry cannot be read"),
        ({"type": "Polygon"}, "the geometry cannot be read"),
        ({"type": "Kreis", "coordinates": 7}, "the geometry cannot be read"),
        ([1, 2], "the geometry cannot be read"),
        (b"no WKB", "the geometry cannot be read"),
        (square(107.1, 17.0, SIDE * 0.9), "drawn with 95."),
    ],
)
def test_a_shape_that_cannot_be_is_named_with_its_feature(drawn: Any, reason: str) -> None:
    (fault,) = faults(*features(_01=drawn))
    assert fault.startswith(f"feature 2 01 Xã 01: {reason}"), fault


@pytest.mark.filterwarnings("ignore:invalid value")
def test_not_a_number_is_seen_in_wkb_too() -> None:
    second_corner = (
        1 + 4 + 4 + 4 + 16
    )  # after byte order, kind, number of rings and of corners, the first corner
    wkb = shapely.from_geojson(json.dumps(SQUARES["01"])).wkb
    broken = wkb[:second_corner] + pack("<d", nan) + wkb[second_corner + 8 :]
    assert faults(*features(_01=broken)) == ["feature 2 01 Xã 01: a coordinate is no finite number"]


def test_every_fault_is_told_at_once_by_number_code_and_name() -> None:
    given = features(_02=square(107.2 - 0.02, 17.0), _05=None)
    del given[4]
    given += [Feature({"ma": "01", "ten": "Xã Một"}, SQUARES["01"]), Feature({"ma": "99"}, SQUARES["04"])]
    given += [Feature({"ten": "Xã Không Mã"}, SQUARES["04"]), Feature({"ma": True}, None)]
    told = faults(*given, name_field="ten")
    assert [line.partition(": ")[0] for line in told] == [
        "feature 3 02 Xã 02",
        "feature 5 05 Xã 05",
        "feature 6 01 Xã Một",
        "feature 7 99",
        "feature 8 Xã Không Mã",
        "feature 9",
        "04 Xã 04",
    ]
    assert told[0].endswith(": shares 23.563 km² with 01 Xã 01")
    assert told[2].endswith("repeats feature 2") and told[3].endswith(
        "no such area among the smallest of this vintage"
    )
    assert told[6].endswith("no feature has this code")


def test_a_sliver_is_no_overlap_and_a_tenth_of_the_surface_is_allowed() -> None:
    sliver = 0.01 / 11.06 / 111  # degrees: 0.009 km² along the side of a square
    assert len(read(*features(_02=square(107.2 - sliver * 0.9, 17.0)))) == 6
    assert len(faults(*features(_02=square(107.2 - sliver * 1.2, 17.0)))) == 1
    assert len(read(*features(_01=square(107.1, 17.0, SIDE * 0.96)))) == 6


def test_a_field_that_no_feature_has_is_one_fault() -> None:
    assert faults(*features(), code_field="code") == ["the file: no field 'code' in it (there are: ma)"]
    assert faults() == ["the file: no field 'ma' in it (there are: none)"]


def circle(corners: int) -> Geometry:
    turn = 2 * pi / corners
    ring = [[107.05 + 0.05 * cos(i * turn), 17.05 + 0.05 * sin(i * turn)] for i in range(corners)]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def test_a_hundred_thousand_corners_are_borne() -> None:
    north, east = metres_of_a_degree(17.05)
    wanted = Wanted({"00": "Xã Tròn"}, {"00": pi * 0.05**2 * north * east / 1e6}, BOX)
    shapes = boundaries.read([Feature({"ma": "00"}, circle(100_000))], wanted, code_field="ma")
    web = boundaries.for_web(shapes)
    assert shapely.get_num_coordinates(shapes["00"]) == 100_001
    assert shapely.get_num_coordinates(web["00"]) < 200


def test_the_web_keeps_borders_in_common_even_where_they_did_not_quite_meet() -> None:
    jagged = [[107.1, 17.0 + i * SIDE / 40] for i in range(41)]
    for i in range(1, 40, 2):
        jagged[i][0] += 0.0001
    west, east = deepcopy(SQUARES["00"]), deepcopy(SQUARES["01"])
    west["coordinates"] = [[[107.0, 17.0], *jagged, [107.0, 17.1], [107.0, 17.0]]]
    off = [[x - 0.000001, y] for x, y in jagged]
    east["coordinates"] = [[[107.2, 17.1], *reversed(off), [107.2, 17.0], [107.2, 17.1]]]
    web = boundaries.for_web(read(*features(_00=west, _01=east)))
    assert shapely.coverage_is_valid(list(web.values()))
    assert shapely.get_num_coordinates(web["00"]) < 20
    assert abs(sum(map(area_km2, web.values())) / sum(WANTED.km2.values()) - 1) < 0.001


def test_geojson_carries_code_and_name() -> None:
    shapes = read(*features())
    kept = {code: shape.wkb for code, shape in shapes.items()}
    assert all(boundaries.from_wkb(kept)[code].equals(shape) for code, shape in shapes.items())
    collection = json.loads(boundaries.geojson([("00", "Xã <b>", kept["00"])]))
    assert collection["features"][0]["properties"] == {"code": "00", "name": "Xã <b>"}
    assert collection["features"][0]["geometry"]["type"] == "Polygon"
