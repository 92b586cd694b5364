"""How old names are said and looked for."""

from portal.core import former
from portal.core.former import Former
from portal.core.places import Point

HERE = Point(16.806, 107.099)
WARD_5 = Former("Phường 5", "TP Đông Hà", HERE)
LUONG = Former("Phường Đông Lương", "TP Đông Hà", Point(16.783, 107.086))
NOWHERE = Former("Phường 2", "TP Đông Hà")
LANG, SON = Former("Xã Triệu Lăng", "huyện Triệu Phong", Point(16.8, 107.3)), Former("Xã Triệu Sơn", "", None)
CO = Former("Xã Triệu Cơ", "huyện Triệu Phong", None, (LANG, SON))


def test_districts_are_said_as_addresses_have_them() -> None:
    long = ("Thành phố Đông Hà", "Thị xã Quảng Trị", "Huyện Gio Linh", "Huyện đảo Cồn Cỏ", "Quận 1", "")
    short = ["TP Đông Hà", "TX Quảng Trị", "huyện Gio Linh", "huyện đảo Cồn Cỏ", "Quận 1", ""]
    assert [former.short(name) for name in long] == short


def test_without_a_point_all_are_said_district_by_district() -> None:
    assert former.said([NOWHERE, WARD_5]) == "Phường 2, Phường 5, TP Đông Hà"
    assert (
        former.said([WARD_5, CO, LUONG])
        == "Phường 5, Phường Đông Lương, TP Đông Hà; Xã Triệu Cơ, huyện Triệu Phong"
    )
    assert former.said([Former("Huyện đảo Cồn Cỏ", "")]) == "Huyện đảo Cồn Cỏ"
    assert former.said([]) == former.said([], HERE) == ""


def test_with_a_point_the_likeliest_is_said_with_what_it_was_before() -> None:
    assert former.said([NOWHERE, LUONG, WARD_5], HERE) == "Phường 5, TP Đông Hà"
    assert former.said([WARD_5, CO], Point(16.81, 107.29)) == "Xã Triệu Lăng / Xã Triệu Cơ, huyện Triệu Phong"
    same = Former("Xã Triệu Lăng", "huyện Triệu Phong", None, (LANG,))
    assert former.said([same], Point(16.81, 107.29)) == "Xã Triệu Lăng, huyện Triệu Phong"
    assert former.said([NOWHERE, NOWHERE], HERE) == "Phường 2, Phường 2, TP Đông Hà", "no point is known: all"


def test_one_looks_for_names_of_two_generations() -> None:
    words = former.words([CO, NOWHERE])
    for name in ("Xã Triệu Cơ", "huyện Triệu Phong", "Xã Triệu Lăng", "Xã Triệu Sơn", "Phường 2"):
        assert name in words
    assert former.words([CO, WARD_5], HERE) == "Phường 5 TP Đông Hà"
