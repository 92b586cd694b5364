import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.phones import mask, parse, show

MOBILES = st.from_regex(r"[35789][0-9]{8}", fullmatch=True)


@pytest.mark.parametrize(
    "raw",
    [
        "0912345678",
        "0912 345 678",
        " 0912.345.678 ",
        "0912-345-678",
        "0912\u2013345\u2013678",
        "0912\u00a0345\u00a0678",
        "+84912345678",
        "+84 912 345 678",
        "84912345678",
    ],
)
def test_people_type_one_number_in_many_ways(raw):
    assert parse(raw) == "+84912345678"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "   ",
        "091234567",
        "09123456789",
        "0233 385 2123",
        "0112345678",
        "0612345678",
        "+85912345678",
        "+840912345678",
        "00912345678",
        "912345678",
        "không có",
        "0912345678; DROP TABLE",
        "0912345678\x00",
        "٠٩١٢٣٤٥٦٧٨",
        "０９１２３４５６７８",
        "0" * 100_000,
    ],
)
def test_what_is_no_mobile_number_is_refused(raw):
    with pytest.raises(ValueError, match="mobile"):
        parse(raw)


@given(MOBILES, st.sampled_from(["0", "84", "+84"]))
def test_shown_and_stored_forms_are_read_back(digits, start):
    stored = parse(start + digits)
    assert parse(stored) == stored
    assert parse(show(stored)) == stored


def test_shown_in_groups_and_masked():
    assert show("+84912345678") == "0912 345 678"
    assert mask("+84912345678") == "09xx xxx 678"


@given(MOBILES)
def test_a_mask_leaves_only_the_first_and_the_last_three_digits(digits):
    assert mask(parse("0" + digits)) == f"0{digits[0]}xx xxx {digits[-3:]}"
