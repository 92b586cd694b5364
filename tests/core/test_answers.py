"""Generic answers against template-filled and specific ones; the length of SMS; the variables of templates."""

import csv
import time
from itertools import combinations
from pathlib import Path

from portal.core.answers import variables
from portal.core.answers.likeness import NEAR_IDENTICAL, likeness, nearest, pairs
from portal.core.answers.segments import Length, length

with Path(__file__).with_name("answers.csv").open(encoding="utf-8", newline="") as file:
    ANSWERS = [(row["kind"], row["answer"]) for row in csv.DictReader(file)]


def test_copies_are_caught_and_what_names_its_own_street_day_and_figures_is_not() -> None:
    for (kind, one), (other_kind, other) in combinations(ANSWERS, 2):
        copied = kind == other_kind and kind.endswith("generic")
        found = likeness(pairs(one), pairs(other))
        assert (found >= NEAR_IDENTICAL) == copied, (found, one, other)
        assert abs(found - NEAR_IDENTICAL) > 0.05, "the threshold lies well between the two"


def test_the_most_alike_is_named() -> None:
    earlier = [answer for kind, answer in ANSWERS if kind != "short generic"]
    found = nearest("phan anh cua ong ba da duoc tiep nhan va xu ly theo quy dinh TRAN TRONG CAM ON", earlier)
    assert found is not None and found.place == 0 and found.share == 1
    assert nearest("Đã xử lý xong.", earlier) is None
    assert nearest("Đã xử lý xong.", []) is None
    assert nearest("!", ["?"]) is None


def test_twenty_long_answers_are_compared_in_a_moment() -> None:
    """The aim is 5 ms; a busy machine gets six times that."""
    text = " ".join(answer for _kind, answer in ANSWERS)
    answers = [(text[37 * number :] + text)[:2000] for number in range(21)]
    nearest(answers[0], answers[1:])
    started = time.process_time()
    for _ in range(5):
        nearest(answers[0], answers[1:])
    assert (time.process_time() - started) / 5 < 0.03


def test_an_sms_is_as_long_as_the_operator_bills_it() -> None:
    for text, expected in (
        ("", Length(0, 1, "GSM-7")),
        ("a" * 160, Length(160, 1, "GSM-7")),
        ("a" * 161, Length(161, 2, "GSM-7")),
        ("a" * 306, Length(306, 2, "GSM-7")),
        ("a" * 307, Length(307, 3, "GSM-7")),
        ("€" * 80, Length(160, 1, "GSM-7")),
        ("[" * 81, Length(162, 2, "GSM-7")),
        ("đ" * 70, Length(70, 1, "UCS-2")),
        ("đ" * 71, Length(71, 2, "UCS-2")),
        ("ế" * 134 + "a", Length(135, 3, "UCS-2")),
        ("😀" * 35, Length(70, 1, "UCS-2")),
        ("“" * 71, Length(71, 2, "UCS-2")),
    ):
        assert length(text) == expected, text[:3]


def test_a_template_is_filled_with_what_is_known() -> None:
    said = "{don_vi} đã xử lý {ma_phan_anh} tại {dia_diem}, ngày {ngày}; {ai} làm."
    assert variables.unknown(said) == ["ngày", "ai"]
    values = {"don_vi": "UBND phường", "ma_phan_anh": "QT-1", "dia_diem": "{ngay}"}
    assert variables.fill(said, values) == "UBND phường đã xử lý QT-1 tại {ngay}, ngày {ngày}; {ai} làm."
