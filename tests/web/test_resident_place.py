"""Where is it? The point of the phone, the ward that its owner confirms, and places that cannot be."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.models import Report, db
from tests.web.resident_form import DONG_HA, FILLED, error_at, page, send

DONG_HOI = {"latitude": "17.4689", "longitude": "106.6223"}
HA_NOI = {"latitude": "21.0285", "longitude": "105.8542"}
RADIO = re.compile(r'<input type="radio" name="area" id="near-(\d+)" value="\d+"( checked)?>')

IMPOSSIBLE = [
    ("91", "107.1", "ngoài bản đồ"),
    ("16.8", "181", "ngoài bản đồ"),
    ("-999", "999", "ngoài bản đồ"),
    ("107.1003", "16.8166", "bị đảo chỗ"),
    ("NaN", "NaN", "không đọc được"),
    ("inf", "-inf", "không đọc được"),
    ("1e1", "1e2", "không đọc được"),
    ("16,8166", "107,1003", "không đọc được"),
    ("mười sáu", "một trăm linh bảy", "không đọc được"),
    ("16.8166", "", "không đọc được"),
    ("", "107.1003", "không đọc được"),
    ("16.8166; DROP TABLE", "107.1003", "không đọc được"),
    ("1" * 5000, "107", "không đọc được"),
    ("१६.८", "१०७.१", "không đọc được"),
]


def near(page: str) -> list[tuple[str, bool]]:
    """The wards to confirm, nearest first, and which of them is chosen."""
    return [(code, bool(chosen)) for code, chosen in RADIO.findall(page)]


def sent() -> Report:
    return db.session.scalars(select(Report)).one()


def test_a_point_without_a_ward_is_asked_back_with_the_three_nearest(lan: FlaskClient) -> None:
    answer = send(lan, area="", **DONG_HA)
    assert answer.status_code == 422
    assert "Xin xác nhận phường, xã." in error_at(answer, "area")
    choices = near(answer.text)
    assert len(choices) == 3
    assert [chosen for _code, chosen in choices] == [True, False, False]
    assert "Ước lượng" in page(answer) and " km" in answer.text
    again = send(lan, area=choices[0][0], located="device", **DONG_HA)
    assert again.status_code == 303
    assert (sent().area_code, sent().located) == (choices[0][0], "device")
    assert (sent().latitude, sent().longitude) == (16.8166, 107.1003)
    assert "ước lượng" in lan.get(again.location).text


def test_the_phone_asks_for_the_same_three(lan: FlaskClient) -> None:
    piece = lan.get("/phan-anh/moi/dia-ban", query_string=DONG_HA)
    assert piece.status_code == 200
    assert near(piece.text) == near(send(lan, area="", **DONG_HA).text)
    assert "<html" not in piece.text


@pytest.mark.parametrize("point", [HA_NOI, {}, {"latitude": "a"}, {"latitude": "107.1", "longitude": "16.8"}])
def test_the_phone_is_told_why_there_are_none(lan: FlaskClient, point: dict[str, str]) -> None:
    piece = lan.get("/phan-anh/moi/dia-ban", query_string=point)
    assert piece.status_code == 422
    assert "Lỗi:" in page(piece) and not near(piece.text)


def test_a_place_outside_the_province_loses_nothing_else(lan: FlaskClient) -> None:
    answer = send(lan, **HA_NOI)
    assert answer.status_code == 422
    assert "ngoài địa bàn tỉnh" in error_at(answer, "area")
    assert FILLED["description"] in page(answer) and FILLED["place"] in page(answer)
    assert '<option value="19333" selected>' in answer.text
    assert HA_NOI["latitude"] not in answer.text, "the next sending goes by the ward"
    assert send(lan).status_code == 303


def test_no_point_but_one_on_the_globe_is_taken(lan: FlaskClient) -> None:
    for latitude, longitude, sentence in IMPOSSIBLE:
        answer = send(lan, latitude=latitude, longitude=longitude)
        assert answer.status_code == 422, (latitude, longitude)
        assert sentence in error_at(answer, "area"), (latitude, longitude)
    assert not list(db.session.scalars(select(Report)))


def test_a_ward_far_from_the_point_is_asked_again(lan: FlaskClient) -> None:
    answer = send(lan, area="19333", **DONG_HOI)
    assert answer.status_code == 422
    assert "rất xa vị trí" in error_at(answer, "area")
    assert [chosen for _code, chosen in near(answer.text)] == [True, False, False]
    assert 'value="19333" selected' not in answer.text


def test_a_ward_that_is_only_farther_is_the_residents_word(lan: FlaskClient) -> None:
    nearest = [code for code, _chosen in near(send(lan, area="", **DONG_HA).text)]
    assert "19360" not in nearest, "phường Quảng Trị lies some 12 km away"
    answer = send(lan, area="19360", description="", **DONG_HA)
    assert not error_at(answer, "area")
    assert near(answer.text)[-1] == ("19360", True)
    assert send(lan, area="19360", located="pin", **DONG_HA).status_code == 303
    assert (sent().area_code, sent().located) == ("19360", "pin")


def test_a_ward_chosen_in_the_list_goes_before_the_one_above_it(lan: FlaskClient) -> None:
    data = {**FILLED, **DONG_HA, "area": ["19333", "19351"]}
    lan.post("/phan-anh/moi", data=data)
    assert sent().area_code == "19351"
    lan.post("/phan-anh/moi", data={**data, "area": ["19333", ""], "client_key": "hai"})
    assert {report.area_code for report in db.session.scalars(select(Report))} == {"19351", "19333"}


def test_an_unknown_way_of_locating_is_the_devices(lan: FlaskClient) -> None:
    assert send(lan, located="<b>vệ tinh</b>", **DONG_HA).status_code == 303
    assert sent().located == "device"


def test_every_ward_stands_in_the_list_with_its_former_names(lan: FlaskClient) -> None:
    form = lan.get("/phan-anh/moi").text
    options = re.findall(r'<option value="(\d+)">', form)
    assert len(set(options)) == 78
    assert "Phường Nam Đông Hà (Phường 2, Phường 5, Phường Đông Lễ, Phường Đông Lương, TP Đông Hà cũ)" in form
    in_dong_ha = form.partition('<optgroup label="TP Đông Hà cũ">')[2].partition("</optgroup>")[0]
    assert re.findall(r'<option value="(\d+)">', in_dong_ha) == ["19333", "19351"]


def test_a_link_names_a_place_also_by_its_code_before_a_reform(lan: FlaskClient) -> None:
    chosen = re.compile(r'<option value="(\d+)" selected>')
    for wanted in ("19351", "19348", "2023-11-10/19348", "2025-06-30/19351"):
        assert chosen.findall(lan.get(f"/phan-anh/moi?area={wanted}").text) == ["19351"], wanted
    form = lan.get("/phan-anh/moi?area=2023-11-10/461&category=den_duong").text
    assert near(form) == [("19333", False), ("19351", False)], "a whole town: its wards are offered"
    assert 'value="den_duong" checked' in form
    for unknown in ("", "45", "99999", "2023-11-10/", "/", "x%00y", "%27;--", "9" * 3000):
        form = lan.get(f"/phan-anh/moi?area={unknown}")
        assert form.status_code == 200 and not chosen.search(form.text) and not near(form.text), unknown
