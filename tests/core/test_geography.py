"""Which area of another map an area became, or was made of."""

from portal.core.geography import Successions

EDGES = [
    ("2020", "a", "2023", "m"),
    ("2020", "b", "2023", "m"),
    ("2020", "c", "2023", "c"),
    ("2023", "m", "2025", "x"),
    ("2023", "c", "2025", "x"),
    ("2023", "c", "2025", "y"),
    ("2020", "d", "2025", "y"),  # skips the map in between
]


def test_an_area_is_followed_forwards_and_backwards_over_several_reforms() -> None:
    known = Successions(EDGES)
    assert known.codes(("2020", "a"), "2020") == {"a"}
    assert known.codes(("2020", "a"), "2023") == {"m"}
    assert known.codes(("2020", "a"), "2025") == {"x"}
    assert known.codes(("2020", "c"), "2025") == {"x", "y"}, "it was divided"
    assert known.codes(("2025", "x"), "2023") == {"m", "c"}
    assert known.codes(("2025", "x"), "2020") == {"a", "b", "c"}
    assert known.codes(("2025", "y"), "2020") == {"c", "d"}


def test_what_is_not_known_is_nothing_and_ends() -> None:
    known = Successions([*EDGES, ("2025", "x", "2023", "m"), ("2025", "z", "2025", "z")])
    assert known.codes(("2020", "d"), "2023") == frozenset(), "no edge leads to that map"
    assert known.codes(("2025", "nowhere"), "2020") == frozenset()
    assert known.codes(("2020", "a"), "2025") == {"x"}, "an edge that goes back is not followed"
    assert known.codes(("2025", "z"), "2030") == frozenset()
