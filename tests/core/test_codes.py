import re
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.codes import ALPHABET, SPACE, BadCode, make, parse

NOVEMBER = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PREFIXES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=4)
MOMENTS = st.integers(0, 36_000).map(lambda days: datetime(2001, 1, 1, tzinfo=UTC) + timedelta(days))
NUMBERS = st.integers(0, SPACE - 1)
CODES = st.builds(make, PREFIXES, MOMENTS, NUMBERS)


def is_code(text):
    try:
        return bool(parse(text))
    except BadCode:
        return False


def test_a_code_looks_as_promised():
    code = make("QT", NOVEMBER, 4 * 31**2 + 15 * 31 + 7)
    assert re.fullmatch(rf"QT-2611-04F7-[{ALPHABET}]", code)
    assert len(set(ALPHABET)) == 31
    assert not set(ALPHABET) & set("ILOUW")
    assert SPACE == 31**4


def test_the_month_is_that_of_vietnam():
    new_year_in_vietnam = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    assert make("QT", new_year_in_vietnam, 0).startswith("QT-2701-0000-")
    assert make("QT", new_year_in_vietnam - timedelta(seconds=1), SPACE - 1).startswith("QT-2612-ZZZZ-")


@pytest.mark.parametrize(
    ("prefix", "moment", "number"),
    [
        ("Q", NOVEMBER, 1),
        ("qt", NOVEMBER, 1),
        ("Q1", NOVEMBER, 1),
        ("QUANG", NOVEMBER, 1),
        ("ĐN", NOVEMBER, 1),
        ("QT", NOVEMBER.replace(tzinfo=None), 1),
        ("QT", NOVEMBER, -1),
        ("QT", NOVEMBER, SPACE),
    ],
)
def test_no_code_is_made_from_nonsense(prefix, moment, number):
    with pytest.raises(ValueError, match=r"prefix|number|time zone"):
        make(prefix, moment, number)


@given(CODES)
def test_what_was_made_is_read_back(code):
    assert parse(code) == code


@given(PREFIXES, MOMENTS, NUMBERS, NUMBERS)
def test_two_numbers_never_share_a_code(prefix, moment, one, other):
    assert (make(prefix, moment, one) == make(prefix, moment, other)) == (one == other)


@pytest.mark.parametrize(
    "write",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: code.replace("-", " \u2013 "),
        lambda code: code.replace("-", "\u2014"),
        lambda code: code.replace("-", "\u2011"),
        lambda code: f"  {code}\n",
        lambda code: code.replace("-", "."),
        lambda code: code.replace("0", "O").replace("1", "I"),
        lambda code: code.replace("0", "o").replace("1", "l"),
        lambda code: " ".join(code.replace("-", "")),
    ],
)
@given(moment=MOMENTS, number=NUMBERS)
def test_people_write_one_code_in_many_ways(write, moment, number):
    code = make("QT", moment, number)
    assert parse(write(code)) == code


def test_a_prefix_may_have_the_letters_that_numbers_avoid():
    code = make("LOUW", NOVEMBER, 1)
    assert parse(code.lower()) == code


@pytest.mark.parametrize(
    "raw",
    [
        "",
        " ",
        "QT",
        "QT-2611-04F7",
        "QT-2611-04F-7",
        "QT-2611-04F77-K",
        "QT-2613-04F7-K",
        "QT-2600-04F7-K",
        "2611-04F7-K",
        "ĐT-2611-04F7-K",
        "QT-2611-04U7-K",
        "QT-2611-04F7-Đ",
        "QT-26\u066111-04F7-K",
        "' OR 1=1 --",
        "<script>",
        "Q" * 100_000,
        "-" * 100_000,
    ],
)
def test_what_is_not_like_a_code_has_a_bad_shape(raw):
    with pytest.raises(BadCode) as caught:
        parse(raw)
    assert caught.value.reason == "shape"


@given(st.text())
def test_any_text_is_a_code_or_a_bad_code(raw):
    if is_code(raw):
        assert parse(parse(raw)) == parse(raw)


def test_a_wrong_check_sign_is_told_apart():
    code = make("QT", NOVEMBER, 12345)
    for sign in set(ALPHABET) - {code[-1]}:
        with pytest.raises(BadCode) as caught:
            parse(code[:-1] + sign)
        assert caught.value.reason == "check"


@given(CODES)
def test_every_single_wrong_sign_is_caught(code):
    for place, right in enumerate(code):
        if right != "-":
            letters_too = ALPHABET if place > code.index("-") else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            for wrong in set(letters_too) - {right}:
                assert not is_code(code[:place] + wrong + code[place + 1 :]), (code, place, wrong)


def with_swaps(code, apart=1):
    """Every text that arises when two different signs of the code change places."""
    signs = code.replace("-", "")
    for place in range(len(signs) - apart):
        swapped = list(signs)
        swapped[place], swapped[place + apart] = swapped[place + apart], swapped[place]
        if "".join(swapped) != signs:
            yield "".join(swapped)


def test_every_pair_of_neighbours_swapped_is_caught():
    """All pairs of signs at all places of date, number and check sign: the sum is linear, so that is all."""
    months = [datetime(year, month, 9, tzinfo=UTC) for year in range(2000, 2100) for month in range(1, 13)]
    pairs = [one * 31 + other for one, other in product(range(31), repeat=2)]
    codes = [make("QT", month, 0) for month in months]
    codes += [make("QT", month, first * 31**3) for month in months[:12] for first in range(31)]
    codes += [make("QT", NOVEMBER, pair * 31**place) for pair in pairs for place in range(3)]
    assert [(code, swapped) for code in codes for swapped in with_swaps(code) if is_code(swapped)] == []


@given(CODES)
def test_signs_swapped_over_one_place_are_caught(code):
    assert [swapped for swapped in with_swaps(code, apart=2) if is_code(swapped)] == []
