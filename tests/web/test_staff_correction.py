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
    form |= {"category": "", "area": "", "place": report.place, "visibility": ""}
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


def test_the_new_categorys_questions_are_asked_before_it_is_saved_and_decide_who_leads(
    app: Flask, minh: FlaskClient, lan: FlaskClient, misfiled: Report
) -> None:
    asked = correct(minh, misfiled, category="duong_hong")
    page = unescape(asked.text)
    assert asked.status_code == 200 and "Lĩnh vực này có câu hỏi ở dưới" in page
    assert re.findall(r'name="answer-duong_hong-road_class"[^>]*value="(\w*)"( checked)?', page)[:2] == [
        ("", " checked"),
        ("national", ""),
    ]
    assert len(misfiled.events) == 1 and misfiled.category_code == "den_duong", "asked, not saved"

    road = {"category": "duong_hong", "answer-duong_hong-road_class": "national"}
    shown = unescape(correct(minh, misfiled, **road, preview="1").text)
    assert "Khi lưu, phản ánh sẽ chuyển đến Sở Xây dựng" in shown
    assert "Tuyến đường: không rõ → Quốc lộ." in shown
    assert re.search(r'value="national" checked', shown) and len(misfiled.events) == 1
    wrong = correct(minh, misfiled, **road | {"answer-duong_hong-road_class": "moon"})
    assert wrong.status_code == 422 and "câu trả lời trong danh sách" in error_at(wrong.text, "category")

    assert correct(minh, misfiled, **road).status_code == 303
    assert (misfiled.answers, misfiled.lead_unit.code) == ({"road_class": "national"}, "SXD")
    assert "Tuyến đường: không rõ → Quốc lộ." in unescape(lan.get(f"/phan-anh/{misfiled.code}").text)


def test_an_answer_alone_is_put_right_and_what_is_not_asked_again_stays(
    app: Flask, minh: FlaskClient, misfiled: Report
) -> None:
    answer = "answer-den_duong-road_class"
    assert correct(minh, misfiled, **{answer: "village"}).status_code == 303
    assert misfiled.answers == {"road_class": "village"} and misfiled.lead_unit.code == "UBND_19333"
    page = unescape(minh.get(address(misfiled)).text)
    assert re.search(r'value="village" checked', page)
    assert "<dt>Tuyến đường</dt><dd>Đường xã, đường thôn</dd>" in page
    correct(minh, misfiled, place="Cổng sau chợ")
    assert misfiled.answers == {"road_class": "village"}
    correct(minh, misfiled, **{answer: ""})
    assert misfiled.answers == {}


def test_what_was_kept_from_the_public_by_mistake_is_released_and_the_other_way_round(
    app: Flask, minh: FlaskClient, lan: FlaskClient
) -> None:
    words = "Tôi đã khiếu nại quyết định về cái đèn này nhiều lần mà vẫn tắt"
    report = send_report(description=words)
    assert report.private and words not in lan.get(f"/phan-anh/{report.code}").text
    assert "<dt>Hiển thị</dt><dd>Không công khai</dd>" in minh.get(address(report)).text
    shown = unescape(correct(minh, report, visibility="public", preview="1").text)
    assert "Mọi người sẽ đọc được nội dung, ảnh và địa điểm." in shown and report.private
    assert correct(minh, report, visibility="public").status_code == 303
    page = unescape(lan.get(f"/phan-anh/{report.code}").text)
    assert words in page and "Hiển thị: không công khai → công khai." in page
    assert [message.kind for message in db.session.query(Message).order_by(Message.id)] == [
        "submit",
        "correct",
    ]

    assert "Chưa sửa gì" in error_at(correct(minh, report, visibility="public").text, "category")
    assert correct(minh, report, visibility="private").status_code == 303
    assert words not in lan.get(f"/phan-anh/{report.code}").text
    refused = correct(minh, report, visibility="x")
    assert refused.status_code == 422 and "trong danh sách" in error_at(refused.text, "visibility")


def test_what_its_reporter_sent_in_confidence_is_never_published(app: Flask, minh: FlaskClient) -> None:
    noise = send_report(category="tieng_on", description="Quán hát đầu ngõ mở loa đến hai giờ sáng")
    refused = correct(minh, noise, visibility="public")
    assert refused.status_code == 422 and "Lĩnh vực này không" in error_at(refused.text, "visibility")
    assert (
        correct(minh, noise, category="den_duong", **{"answer-den_duong-road_class": ""}).status_code == 303
    )
    refused = correct(minh, noise, visibility="public")
    assert refused.status_code == 422 and "không công khai" in error_at(refused.text, "visibility")
    assert noise.private
