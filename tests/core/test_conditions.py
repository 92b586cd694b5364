"""When a rule applies: one canonical text, and a sentence about every other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.routing import conditions
from portal.core.routing.conditions import BadConditions

ROADS = {"road_class": ["national", "village"]}
NAMES = st.from_regex(r"[A-Za-z0-9_]{1,12}", fullmatch=True)


@given(st.dictionaries(NAMES, st.frozensets(NAMES, max_size=4)))
def test_what_is_written_is_read_again(meant):
    text = conditions.write(meant)
    assert conditions.parse(text) == {subject: values for subject, values in meant.items() if values}
    assert conditions.write(conditions.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("road_class", "'road_class' is no condition"),
        ("road_class=", "is no condition"),
        ("=national", "is no condition"),
        ("road_class=national;", "'' is no condition"),
        ("road_class=national, village", "is no condition"),
        ("loại_đường=quốc_lộ", "is no condition"),
        ("hours=office;hours=outside", "hours stands twice"),
        ("road_class=village,national", "write road_class=national,village"),
        ("road_class=national,national", "write road_class=national"),
        ("road_class=national;hours=office", "write hours=office;road_class=national"),
    ],
)
def test_any_other_text_is_refused_with_the_reason(text, sentence):
    with pytest.raises(BadConditions, match=sentence):
        conditions.parse(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("colour=red", "no question colour"),
        ("road_class=lunar", "road_class has no choice lunar"),
        ("hours=night", "hours has no choice night"),
        ("priority=high", "priority has no choice high"),
    ],
)
def test_what_nobody_asks_is_no_condition(text, sentence):
    with pytest.raises(BadConditions, match=sentence):
        conditions.check(conditions.parse(text), ROADS)


def test_what_the_category_asks_and_what_is_always_known_are():
    conditions.check(conditions.parse("hours=office;priority=emergency,urgent;road_class=national"), ROADS)
    assert conditions.parse("") == {}


def test_a_fact_has_one_value():
    assert conditions.parse_facts("priority=urgent;road_class=village") == {
        "priority": "urgent",
        "road_class": "village",
    }
    with pytest.raises(BadConditions, match="road_class has 2 values"):
        conditions.parse_facts("road_class=national,village")
