"""Which passwords are refused: short or known ones, and those that stand near; never for how they are composed."""

import pytest

from portal.adapters import passwords
from portal.core.accounts.passwords import LONGEST, fault

OWN = ["ha.tran", "Trần Thị Thu Hà", "UBND phường Đông Hà", "phản ánh", "Quảng Trị", "ha.tran2"]


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "short"),
        ("mười một chữ", None),
        ("mười 1 chữ", "short"),
        ("x" * (LONGEST + 1), "long"),
        ("hà nội mùa này vắng những cơn mưa", None),
        ("HA.TRAN và mây trắng", "own"),
        ("Thu Hà uống trà đá", "own"),
        ("mưa to ở Đông Hà", "own"),
        ("gió lào quangtri", "own"),
        ("phananh-cua-toi-1", "own"),
        ("matkhau123456", "common"),
        ("Mật Khẩu 2026!!!", "common"),
        ("anhyeuemnhieulam", "common"),
        ("AnhYeuEm19082003", "common"),
        ("Password12345!", "common"),
        ("password matkhau admin con vịt", None),
        ("iloveyou iloveyou", "common"),
        ("123456789012", "pattern"),
        ("abcdef987654", "pattern"),
        ("1111222233334444", "pattern"),
        ("vịtvịtvịtvịt", "pattern"),
        ("ăn 3 quả cam", None),
        ("847150263918", None),
        ("            ", None),
        ("ngựa pin đúng ghim", None),
        ("🦆🦆🌊🌊🦆🦆🌊🌊🐟🐟🐟🐟", None),
    ],
)
def test_what_is_refused_and_why(password: str, reason: str | None) -> None:
    assert fault(password, own=OWN, common=passwords.common()) == reason


def test_the_list_is_ours_folded_and_each_word_once() -> None:
    words = passwords.common()
    assert 500 < len(words) < 5000
    assert all(word.isascii() and word.isalpha() and word == word.lower() for word in words)
    listed = [
        word
        for line in passwords.COMMON.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
        for word in line.split()
    ]
    assert len(listed) == len(words)
