"""In which area does a point lie? Six squares of a tenth of a degree at 17° N, the sixth with a hole."""

from math import cos, radians

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box

from portal.core.maps.locating import INSIDE, NEAR, NOWHERE, Locator
from portal.core.places import Point, distance_m

SQUARES = {
    f"{i}": box(107 + i % 3 / 10, 17 + i // 3 / 10, 107.1 + i % 3 / 10, 17.1 + i // 3 / 10) for i in range(6)
}
HOLE = box(107.22, 17.12, 107.24, 17.14)  # 2.2 km to the north, 2.1 km to the east
SQUARES["5"] = Polygon(SQUARES["5"].exterior, [HOLE.exterior])
LOCATOR = Locator(SQUARES)


def codes(latitude: float, longitude: float) -> tuple[str, list[str]]:
    how, found = LOCATOR.locate(latitude, longitude)
    return how, [candidate.code for candidate in found]


def test_what_surrounds_a_point_is_certain() -> None:
    assert codes(17.05, 107.05) == (INSIDE, ["0"])
    assert codes(17.15, 107.1000001) == (INSIDE, ["4"])
    assert LOCATOR.locate(17.05, 107.05).candidates[0].distance_m == 0


def test_a_point_on_a_border_is_near_all_that_meet_there() -> None:
    assert codes(17.05, 107.1) == (NEAR, ["0", "1"])
    assert codes(17.1, 107.1) == (NEAR, ["0", "1", "3", "4"])
    assert codes(17.0, 107.05) == (INSIDE, ["0"]), "on the outer border there is only one"


@pytest.mark.parametrize("metres", [1, 120, 480, 499])
def test_within_500_m_the_nearest_is_near(metres: float) -> None:
    north, east = metres / 110_650, metres / (111_320 * cos(radians(17.05)))
    for latitude, longitude, code in (
        (17.05, 107 - east, "0"),
        (17.05, 107.3 + east, "2"),
        (17 - north, 107.05, "0"),
        (17.2 + north, 107.25, "5"),
    ):
        how, found = LOCATOR.locate(latitude, longitude)
        assert (how, found[0].code) == (NEAR, code)
        assert found[0].distance_m == pytest.approx(metres, rel=0.01)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(17.05, 106.9952), (17.05, 107.3048), (16.9954, 107.05), (17.2046, 107.05), (0, 0), (-90, 180)],
)
def test_farther_than_that_is_nowhere(latitude: float, longitude: float) -> None:
    assert LOCATOR.locate(latitude, longitude) == NOWHERE


def test_a_hole_belongs_to_nobody() -> None:
    assert LOCATOR.locate(17.13, 107.23) == NOWHERE
    assert codes(17.1205, 107.23) == (NEAR, ["5"])


def test_of_two_that_are_near_the_nearer_comes_first() -> None:
    how, found = LOCATOR.locate(16.998, 107.1005)
    assert (how, [candidate.code for candidate in found]) == (NEAR, ["1", "0"])
    assert found[0].distance_m < found[1].distance_m


@given(latitude=st.floats(16.99, 17.21), longitude=st.floats(106.99, 107.31))
def test_the_index_says_what_looking_at_every_area_says(latitude: float, longitude: float) -> None:
    point = shapely.Point(longitude, latitude)
    around = [code for code, shape in SQUARES.items() if shape.intersects(point)]
    how, found = LOCATOR.locate(latitude, longitude)
    if len(around) == 1:
        assert (how, [candidate.code for candidate in found]) == (INSIDE, around)
        return
    nearest = min(
        distance_m(Point(latitude, longitude), Point(near.y, near.x))
        for shape in SQUARES.values()
        for near in (shapely.shortest_line(point, shape).interpolate(1, normalized=True),)
    )
    if nearest < 490:
        assert how == NEAR and found[0].distance_m == pytest.approx(nearest, rel=0.02, abs=1)
    elif nearest > 510:
        assert (how, found) == NOWHERE


def test_without_boundaries_everything_is_nowhere() -> None:
    assert Locator({}).locate(17, 107) == NOWHERE
