"""Units through the administrator's door."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.models import Unit, db
from portal.services import duties
from tests.conftest import MONDAY_8AM
from tests.factories import send_report
from tests.web.admin_form import error_at, typed

UNITS = "/quan-tri/don-vi"
NEW = f"{UNITS}/them-moi"

COMPANY = {
    "code": "cay_xanh",
    "name": "Công ty Cây xanh",
    "kind": "utility",
    "area_code": "",
    "parent_code": "UBND_TINH",
    "valid_from": "01/01/2026",
    "valid_until": "",
    "successor_code": "",
    "verified": "y",
}


def unit(code: str) -> Unit:
    return db.session.query(Unit).filter_by(code=code, valid_until=None).one()


def names(page: str) -> list[str]:
    return [
        unescape(name) for name in re.findall(r'class="row-link" href="/quan-tri/don-vi/\d+">([^<]+)<', page)
    ]


def address(code: str) -> str:
    return f"{UNITS}/{unit(code).id}"


def change(client: FlaskClient, code: str, **changes: str) -> Any:
    form = typed(client.get(address(code)).text)
    return client.post(address(code), data=form | changes)


def test_units_are_searched_without_marks_filtered_and_paged(app: Flask, ha: FlaskClient) -> None:
    assert names(ha.get(f"{UNITS}?q=nam+dong+ha").text) == ["UBND phường Nam Đông Hà"]
    page = ha.get(f"{UNITS}?q=phuong+5+dong+ha").text
    assert names(page) == ["UBND phường Nam Đông Hà"]
    assert "(Phường 2, Phường 5, Phường Đông Lễ, Phường Đông Lương, TP Đông Hà cũ)" in unescape(page)
    ended = ha.get(f"{UNITS}?state=ended&kind=district").text
    assert "18 đơn vị" in ended and "UBND huyện Đakrông" in names(ended)
    first = ha.get(f"{UNITS}?state=all&q=UBND").text
    assert len(names(first)) == 30 and 'rel="next"' in first and 'rel="prev"' not in first
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = ha.get(unescape(following[1])).text
    assert 'rel="prev"' in second and not set(names(second)) & set(names(first)[:1])
    assert "Không có đơn vị nào khớp." in ha.get(f"{UNITS}?q=không+có").text
    for odd in ("?state=x&kind=x", "?q=%00%25_'--", f"?q={'x' * 5000}"):
        assert ha.get(UNITS + odd).status_code == 200


@pytest.mark.parametrize("room", ["don-vi", "dieu-phoi", "nguoi-dung"])
def test_a_page_that_the_list_does_not_have_leads_to_its_first(
    app: Flask, ha: FlaskClient, room: str
) -> None:
    for page in ("1000000000", "0", "-1", "abc", "1e3", "٣", "9" * 400, "%00"):
        answer = ha.get(f"/quan-tri/{room}?state=all&page={page}")
        assert answer.status_code == 404, page
        assert "Danh sách không có trang này" in answer.text
        assert f'href="/quan-tri/{room}?state=all"' in answer.text
    odd = ha.get(f"/quan-tri/{room}?page=0&endpoint=x&_scheme=javascript&_external=1")
    assert odd.status_code == 404 and f'href="/quan-tri/{room}?endpoint=x&amp;' in odd.text


def test_one_unit_shows_what_points_at_it(app: Flask, ha: FlaskClient) -> None:
    send_report()
    ward, department = ha.get(address("UBND_19333")).text, ha.get(address("SXD")).text
    assert re.search(r"<dt>Phản ánh đang mở</dt>\s*<dd>1</dd>", ward)
    assert "Nguyễn Văn Minh" in ward and "Không có quy tắc nào nêu tên đơn vị này." in ward
    named = duties.of_unit(unit("SXD"), MONDAY_8AM.date()).rules
    assert department.count("Quy tắc số") == len(named) > 2 and "chưa xác minh" in department
    assert "Chưa có cán bộ nào." in department
    assert re.search(r"<dt>Cấp trên</dt>\s*<dd>Ủy ban nhân dân tỉnh Quảng Trị</dd>", ward)


def test_a_unit_is_edited_and_what_was_not_touched_stays(app: Flask, ha: FlaskClient) -> None:
    before = {column.key: getattr(unit("SXD"), column.key) for column in Unit.__table__.columns}
    answer = change(ha, "SXD", phone="0233 3852 111", name="  Sở Xây dựng \u0000 tỉnh ")
    assert (answer.status_code, answer.location) == (303, address("SXD"))
    assert "Đã lưu Sở Xây dựng tỉnh." in ha.get(answer.location).text
    after = {column.key: getattr(unit("SXD"), column.key) for column in Unit.__table__.columns}
    assert {key for key in after if after[key] != before[key]} == {
        "name",
        "name_folded",
        "phone",
        "edited_at",
    }


def test_what_somebody_else_saved_meanwhile_is_shown_and_what_was_typed_stays(
    app: Flask, ha: FlaskClient
) -> None:
    form = typed(ha.get(address("SXD")).text)
    change(ha, "SXD", phone="0233 111")
    late = ha.post(address("SXD"), data=form | {"phone": "0233 222", "note": "Ghi chú của tôi"})
    assert late.status_code == 409
    assert "Có người vừa sửa mục này" in late.text and "Điện thoại: <strong>0233 111</strong>" in late.text
    assert typed(late.text)["phone"] == "0233 222" and typed(late.text)["note"] == "Ghi chú của tôi"
    assert unit("SXD").phone == "0233 111"
    assert ha.post(address("SXD"), data=typed(late.text)).status_code == 303, "meant, once it was seen"
    assert unit("SXD").phone == "0233 222"


def test_a_double_tap_is_no_conflict(app: Flask, ha: FlaskClient) -> None:
    form = typed(ha.get(address("SXD")).text) | {"phone": "0233 333"}
    assert [ha.post(address("SXD"), data=form).status_code for _ in range(2)] == [303, 303]
    assert [ha.post(NEW, data=COMPANY).status_code for _ in range(2)] == [303, 303]
    assert db.session.query(Unit).filter_by(code="CAY_XANH").count() == 1


def test_a_unit_with_open_reports_or_rules_ends_only_with_a_successor(app: Flask, ha: FlaskClient) -> None:
    send_report()
    for code, successor in (("UBND_19333", "UBND_19351"), ("SXD", "SNNMT")):
        refused = change(ha, code, valid_until="31/12/2026")
        assert refused.status_code == 422
        assert "Xin chọn đơn vị kế nhiệm." in error_at(refused.text, "successor_code")
        assert typed(refused.text)["valid_until"] == "31/12/2026"
        id_ = unit(code).id
        accepted = change(ha, code, valid_until="31/12/2026", successor_code=successor)
        assert accepted.status_code == 303
        assert db.session.get_one(Unit, id_).successor_code == successor
    refused = change(ha, "IOC", valid_until="31/12/2026", successor_code="VP_UBND")
    assert "không kết thúc được" in error_at(refused.text, "valid_until")


def test_a_new_unit_is_added_and_found(app: Flask, ha: FlaskClient) -> None:
    assert ha.get(NEW).status_code == 200
    answer = ha.post(NEW, data=COMPANY)
    assert answer.status_code == 303
    assert names(ha.get(f"{UNITS}?q=cong+ty+cay+xanh").text) == ["Công ty Cây xanh"]
    made = unit("CAY_XANH")
    assert (made.kind, made.parent_code, made.verified) == ("utility", "UBND_TINH", True)
    assert answer.location == f"{UNITS}/{made.id}"


def test_wrong_fields_are_told_at_the_field_and_what_was_typed_stays(app: Flask, ha: FlaskClient) -> None:
    before = db.session.query(Unit).count()
    for field, value, sentence in (
        ("code", "", "Xin nhập mã đơn vị."),
        ("code", "cây xanh", "Mã gồm 2 đến 40"),
        ("code", "SXD", "Mã này đã được dùng"),
        ("code", "UBND_XA", "dành cho quy tắc điều phối"),
        ("name", " \u200b ", "Xin nhập tên."),
        ("name", "x" * 201, "Dài quá 200 ký tự."),
        ("kind", "", "Xin chọn một mục."),
        ("kind", "castle", "Xin chọn một mục trong danh sách."),
        ("phone", "gọi anh Ba", "Số điện thoại chỉ gồm"),
        ("email", "so xay dung", "E-mail cần có dạng"),
        ("address", "x" * 201, "Dài quá 200 ký tự"),
        ("office_hours", "thứ hai đến thứ sáu", "Giờ làm việc không đọc được"),
        ("office_hours", "mon-fri 17:30-07:30", "Giờ làm việc không đọc được"),
        ("valid_from", "", "Xin ghi ngày bắt đầu."),
        ("valid_from", "32/01/2026", "Ngày không đúng."),
        ("valid_until", "31/12/2025", "Ngày kết thúc phải từ ngày bắt đầu trở đi."),
        ("successor_code", "KHONG_CO", "Xin chọn một mục trong danh sách."),
        ("note", "x" * 1001, "Dài quá 1000 ký tự."),
    ):
        answer = ha.post(NEW, data=COMPANY | {field: value})
        assert answer.status_code == 422, (field, value)
        assert sentence in error_at(answer.text, field), (field, error_at(answer.text, field))
        assert "Công ty Cây xanh" in answer.text or field == "name"
        assert "<title>Lỗi: " in answer.text
    empty = ha.post(NEW, data={})
    assert empty.status_code == 422 and all(
        error_at(empty.text, name) for name in ("code", "name", "kind", "valid_from")
    )
    assert db.session.query(Unit).count() == before


def test_html_in_a_name_is_shown_and_not_run(app: Flask, ha: FlaskClient) -> None:
    name = "<b onclick=alert(1)>'; DROP TABLE unit;--</b> 🌳"
    assert ha.post(NEW, data=COMPANY | {"name": name}).status_code == 303
    page = ha.get(f"{UNITS}?q=onclick").text
    assert names(page) == [name] and "<b onclick" not in page


def test_addresses_that_name_no_unit_are_unknown(app: Flask, ha: FlaskClient) -> None:
    for number in ("0", "2147483647"):
        assert ha.get(f"{UNITS}/{number}").status_code == ha.post(f"{UNITS}/{number}").status_code == 404
    for nonsense in ("99999999999999999999", "abc", "-1"):
        assert ha.get(f"{UNITS}/{nonsense}").status_code == 404


def test_how_a_unit_is_reached_is_kept_and_shown_to_everybody_who_waits_for_it(
    app: Flask, ha: FlaskClient, lan: FlaskClient, minh: FlaskClient
) -> None:
    report = send_report()
    contacts = {
        "phone": "0233 3852 111",
        "email": "dongha@example.vn",
        "address": "Số 1 Huyền Trân Công Chúa",
        "office_hours": " Mon-Fri 07:30-11:30 13:30-17:30;  sat 07:30-11:30",
    }
    assert change(ha, "UBND_19333", **contacts).status_code == 303
    assert unit("UBND_19333").office_hours == "mon-fri 07:30-11:30 13:30-17:30; sat 07:30-11:30"
    own_link = f"/phan-anh/{report.code}/theo-doi/{report.reporter_key}"
    for page in (
        lan.get(f"/phan-anh/{report.code}"),
        lan.get(own_link, follow_redirects=True),
        minh.get(f"/can-bo/phan-anh/{report.code}"),
    ):
        for words in (
            'href="tel:0233 3852 111"',
            'href="mailto:dongha@example.vn"',
            "Số 1 Huyền Trân Công Chúa",
            "Làm việc: Thứ Hai – Thứ Sáu 7:30–11:30, 13:30–17:30; Thứ Bảy 7:30–11:30",
        ):
            assert words in unescape(page.text), words
    change(ha, "UBND_19333", office_hours="24/7")
    assert "Làm việc: ngày và đêm" in minh.get(f"/can-bo/phan-anh/{report.code}").text
