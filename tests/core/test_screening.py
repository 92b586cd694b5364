import csv
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from portal.core import codes
from portal.core.privacy.screening import PLACEHOLDERS, Kind, find, screen

with Path(__file__).with_name("screening.csv").open(encoding="utf-8") as table:
    TABLE = [(row["text"], row["public"]) for row in csv.DictReader(table)]
SHARDS = (
    "0912345678",
    "0912 345 678",
    "74A-123.45",
    "045091001234",
    "a@b.vn",
    "STK 1234567890",
    "CMND 191234567",
)


def test_the_table_of_what_is_masked_and_what_stays():
    wrong = [(text, screen(text).public, public) for text, public in TABLE if screen(text).public != public]
    assert not wrong, "\n".join(map(str, wrong))


def test_kinds_are_named_in_the_order_of_the_text():
    assert screen("xe 74A-123.45, gọi 0912345678 hay 0987654321").kinds == (Kind.PLATE, Kind.PHONE)
    assert screen("không có gì").kinds == ()
    assert [found.start for found in find("ĐÈN 0912345678")] == [4]


@given(st.lists(st.text(max_size=12) | st.sampled_from(SHARDS), max_size=6).map(" ".join))
def test_what_is_screened_once_stays_and_the_rest_is_kept_letter_by_letter(text):
    public = screen(text).public
    assert screen(public).public == public
    found = find(text)
    assert all(one.start < one.end <= two.start for one, two in pairwise(found))
    length = len(text) + sum(len(PLACEHOLDERS[one.kind]) - (one.end - one.start) for one in found)
    assert len(public) == length


@given(st.integers(0, codes.SPACE - 1), st.integers(0, 4000))
def test_a_report_code_is_never_taken_for_a_number_of_somebody(number, days):
    code = codes.make("QT", datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days), number)
    assert not find(f"Phản ánh {code} và {code.lower()} chưa xong")
