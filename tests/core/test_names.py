"""Lists of people: by given name, in the order of the Vietnamese alphabet."""

import unicodedata

import pytest

from portal.core.names import mentioned, sort_key


@pytest.mark.parametrize(
    "ordered",
    [
        ["Lê Anh", "Trần An Bình", "Phạm Cường"],
        ["Lê Văn An", "Nguyễn Văn An", "Nguyễn Xuân An"],
        ["Ngô Dũng", "Ngô Đạt", "Ngô Em"],
        ["Ngô An", "Ngô Ăn", "Ngô Ân", "Ngô Ba"],
        ["Lê Hoa", "Lê Hòa", "Lê Hỏa", "Lê Hõa", "Lê Hóa", "Lê Họa", "Lê Hoan"],
        ["Ngô Tho", "Ngô Thô", "Ngô Thơ", "Ngô Thu", "Ngô Thư"],
        ["Bùi An", "Bùi Thị An", "Bùi Thị Ánh"],
    ],
)
def test_given_names_come_in_the_order_of_the_alphabet(ordered: list[str]) -> None:
    backwards = ordered[::-1]
    assert sorted(backwards, key=sort_key) == ordered


def test_a_name_in_another_form_of_unicode_has_the_same_place() -> None:
    assert sort_key(unicodedata.normalize("NFD", "Trần Thị Thu Hà")) == sort_key("Trần Thị Thu Hà")


def test_capitals_foreign_letters_and_one_word_names_have_a_place_too() -> None:
    assert sorted(["Зоя", "hà", "  ", "HA", "Jürgen"], key=sort_key) == ["  ", "HA", "hà", "Jürgen", "Зоя"]


def test_a_note_names_people_by_their_usernames() -> None:
    for words, named in {
        "@minh xem, nhờ (@Le.Anh-Tuan_2) @minh.": ["minh", "le.anh-tuan_2"],
        "hỏi @nga: xong chưa? @son- @ha... @tuấn": ["nga", "son", "ha", "tuấn"],
        "nga@minh.vn, a.b+@c.vn, @@minh, /@minh, @ minh, @a, @a., @-minh": [],
        "": [],
        "@" + "x" * 70: ["x" * 60],
    }.items():
        assert mentioned(words) == named, words
