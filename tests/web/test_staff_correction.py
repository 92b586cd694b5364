"""Correcting category or place through the officer's door."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.workflow import Step
from portal.models import LearnedWord, Message, Report, db
from portal.services import corrections
from tests.factories import send_report, step
from tests.web.test_staff_ticket import address, hidden

WIRES = "Dây điện đứt nằm vắt ngang đường trước chợ, tia lửa bắn ra"


@pytest.fixture
def misfiled(app: Flask) -> Report:
    """Wires that somebody took for a lamp."""
    return send_report(description=WIRES, latitude=16.8163, longitude=107.1003, located="device")


def correct(client: FlaskClient, report: Report, **typed: Any) -> Any:
    """Send the form as the page shows it, with these changes."""
    page = client.get(address(report)).text
    names = ("seen", "request_key", "facts")
    form = {name: hidden(page, "correct", name) for name in names}
    point = corrections.point_of(report)
    form |= {"category": "", "area": "", "place": report.place}
    form["point"] = f"{point.latitude:.6f}, {point.longitude:.6f}" if point else ""
    return client.post(address(report, "correct"), data=form | typed)


def error_at(page: str, field: str) -> str:
    found = re.search(rf'id="correct-{field}-error".*?</p>', page, re.S)
    return unescape(found[0]) if found else ""


def test_the_preview_says_where_it_would_go_and_writes_nothing(
    app: Flask, minh: FlaskClient, misfiled: Report
) -> None:
    shown = correct(minh, misfiled, category="dien_luc", place="Trước cổng chợ", preview="1")
    page = unescape(shown.text)
    assert shown.status_code == 200
    assert "Khi lưu, phản ánh sẽ chuyển đến Công ty Điện lực Quảng Trị" in page
    assert "Lĩnh vực: Đèn đường, chiếu sáng công cộng → Sự cố điện" in page
    assert "Hẹn xử lý khi đó:" in page
    assert 'value="Trước cổng chợ"' in page and re.search(r'<option value="dien_luc" selected>', page)
    assert re.search(r'<details id="step-correct" open>', page)
    stays = unescape(correct(minh, misfiled, place="Trước cổng chợ", preview="1").text)
    assert "Khi lưu, phản ánh vẫn do đơn vị của bạn xử lý." in stays
    assert "Địa điểm: Trước chợ Đông Hà → Trước cổng chợ." in stays
    assert len(misfiled.events) == 1 and misfiled.category_code == "den_duong"
    assert misfiled.place == "Trước chợ Đông Hà" and db.session.query(LearnedWord).count() == 0


def test_saved_it_leaves_for_the_unit_in_charge_and_everybody_reads_why(
    app: Flask, minh: FlaskClient, tuan: FlaskClient, lan: FlaskClient, misfiled: Report
) -> None:
    answer = correct(minh, misfiled, area="19351")
    assert (answer.status_code, answer.location) == (303, "/can-bo/")
    assert f"Đã chuyển phản ánh {misfiled.code} đến UBND phường Nam Đông Hà." in minh.get("/can-bo/").text
    assert minh.get(address(misfiled)).status_code == 404
    theirs, public = (
        unescape(page.text) for page in (tuan.get(address(misfiled)), lan.get(f"/phan-anh/{misfiled.code}"))
    )
    for page in (theirs, public):
        assert "Địa bàn: Phường Đông Hà → Phường Nam Đông Hà." in page
        assert "Chuyển từ UBND phường Đông Hà đến UBND phường Nam Đông Hà vì quy tắc cho lĩnh vực này" in page
    assert re.search(r"Phường Nam Đông Hà \(Phường [^,]+, TP Đông Hà cũ\)", public)
    assert "UBND phường Đông Hà → UBND phường Nam Đông Hà" in public
    kinds = [message.kind for message in db.session.query(Message).order_by(Message.id)]
    assert kinds == ["submit", "correct"]


def test_another_ward_sees_nothing_of_it(app: Flask, tuan: FlaskClient, misfiled: Report) -> None:
    for more in ({}, {"preview": "1"}):
        data = {"seen": "submitted", "category": "dien_luc", "area": "", "place": "", "point": ""} | more
        answer = tuan.post(address(misfiled, "correct"), data=data)
        assert answer.status_code == 404 and "điện" not in answer.text.lower()
    assert len(misfiled.events) == 1


def test_what_cannot_be_is_told_at_its_field_and_what_was_typed_stays(
    app: Flask, minh: FlaskClient, misfiled: Report
) -> None:
    for field, typed, sentence in (
        ("category", "", "Chưa sửa gì"),
        ("category", "boi_lo", "trong danh sách"),
        ("category", "\x00", "trong danh sách"),
        ("area", "45", "trong danh sách"),
        ("area", "19348", "trong danh sách"),
        ("point", "mười sáu, một trăm linh bảy", "không đọc được"),
        ("point", "NaN, NaN", "không đọc được"),
        ("point", "16.8", "không đọc được"),
        ("point", "9" * 5000, "không đọc được"),
        ("point", "107.1003, 16.8163", "bị đảo chỗ"),
        ("point", "516.8, 107.1", "ngoài bản đồ"),
        ("point", "21.0285, 105.8542", "ngoài địa bàn tỉnh"),
        ("place", "x" * 201, "200 ký tự"),
    ):
        answer = correct(minh, misfiled, **{field: typed})
        assert answer.status_code == 422, (field, typed)
        assert sentence in error_at(answer.text, field), (field, typed, error_at(answer.text, field))
        if field in ("point", "place"):
            assert f'value="{typed}"' in unescape(answer.text)
    assert len(misfiled.events) == 1


def test_an_old_page_meets_what_happened_meanwhile_and_keeps_what_was_typed(
    app: Flask, minh: FlaskClient, misfiled: Report
) -> None:
    page = minh.get(address(misfiled)).text
    form = {name: hidden(page, "correct", name) for name in ("seen", "request_key", "facts")}
    form |= {"category": "", "area": "", "point": "16.816300, 107.100300", "place": "Cổng sau chợ"}
    assert correct(minh, misfiled, place="Cổng trước chợ").status_code == 303
    late = minh.post(address(misfiled, "correct"), data=form)
    assert late.status_code == 409 and "Cổng sau chợ" in late.text and "Cổng trước chợ" in unescape(late.text)
    again = form | {name: hidden(late.text, "correct", name) for name in ("seen", "request_key", "facts")}
    step(misfiled, Step.RECEIVE)
    assert minh.post(address(misfiled, "correct"), data=again).status_code == 409, "the status is another one"
    assert misfiled.place == "Cổng trước chợ"


def test_a_double_tap_corrects_once(app: Flask, minh: FlaskClient, misfiled: Report) -> None:
    page = minh.get(address(misfiled)).text
    form = {name: hidden(page, "correct", name) for name in ("seen", "request_key", "facts")}
    form |= {"category": "", "area": "19351", "point": "16.816300, 107.100300", "place": ""}
    for _tap in range(2):
        answer = minh.post(address(misfiled, "correct"), data=form)
        assert (answer.status_code, answer.location) == (303, "/can-bo/")
    assert [event.step for event in misfiled.events] == ["submit", "correct"]
    assert db.session.query(Message).filter_by(kind="correct").count() == 1
