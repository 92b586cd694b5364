"""Answer templates: kept by administrators, offered on the ticket for category × step × unit, filled by the report."""

from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from portal.core.workflow import Step
from portal.models import AnswerTemplate, db
from tests.factories import empty, send_report, step, want_approval
from tests.web.admin_form import error_at, typed
from tests.web.test_staff_ticket import address, post

LIST = "/quan-tri/mau-tra-loi"
NEW = f"{LIST}/them-moi"
LAMP = {
    "name": "Thay bóng đèn",
    "step": "resolve",
    "category_code": "den_duong",
    "unit_code": "",
    "text": "{don_vi} đã thay bóng tại {dia_diem} ngày {ngay} theo phản ánh {ma_phan_anh} gửi ngày {ngay_gui}.",
}


def add(ha: FlaskClient, **changes: Any) -> Any:
    return ha.post(NEW, data=LAMP | changes)


def test_an_administrator_keeps_templates(app: Flask, ha: FlaskClient) -> None:
    empty(AnswerTemplate)
    assert "Chưa có mẫu trả lời nào" in ha.get(LIST).text
    for _ in range(2):
        assert add(ha).status_code == 303
    [kept] = db.session.query(AnswerTemplate)
    assert (kept.category_code, kept.unit_code, kept.step) == ("den_duong", None, "resolve")
    page = f"{LIST}/{kept.id}"
    assert "Thay bóng đèn" in ha.get(LIST).text and "Đèn đường" in ha.get(LIST).text
    form = typed(ha.get(page).text)
    assert ha.post(page, data=form | {"unit_code": "UBND_19333"}).status_code == 303
    late = ha.post(page, data=form | {"name": "Tên khác"})
    assert late.status_code == 409 and ha.post(page, data=typed(late.text)).status_code == 303
    assert (kept.name, kept.unit_code) == ("Tên khác", None)
    assert ha.post(f"{page}/xoa", data={"seen": form["seen"]}).status_code == 409
    seen = typed(ha.get(page).text)["seen"]
    for _ in range(2):
        assert ha.post(f"{page}/xoa", data={"seen": seen}).status_code == 303
    assert db.session.query(AnswerTemplate).count() == 0


def test_what_is_wrong_is_told_at_its_field(app: Flask, ha: FlaskClient) -> None:
    assert add(ha).status_code == 303
    for field, value, sentence in (
        (
            "text",
            "{don_vi} và {ngày} và {ai}",
            "Không có biến {ngày}, {ai}. Ghi được: {ma_phan_anh}, {linh_vuc}",
        ),
        ("text", " ", "Xin ghi nội dung."),
        ("text", "a" * 1501, "Dài quá 1500 ký tự"),
        ("name", "", "Xin nhập tên."),
        ("step", "receive", "Xin chọn một mục"),
        ("category_code", "khong_co", "Xin chọn một mục trong danh sách."),
    ):
        answer = add(ha, **{field: value})
        assert answer.status_code == 422 and sentence in unescape(error_at(answer.text, field)), (
            field,
            value,
        )
    again = add(ha, text="Nội dung khác")
    assert again.status_code == 422 and "Bước này đã có mẫu cùng tên." in error_at(again.text, "name")
    assert db.session.query(AnswerTemplate).filter_by(name=LAMP["name"]).count() == 1


def test_a_ticket_offers_what_fits_it_and_fills_it_in(app: Flask, ha: FlaskClient, minh: FlaskClient) -> None:
    for changes in (
        {},
        {"name": "Mọi lĩnh vực", "category_code": "", "text": "Chung"},
        {"name": "Của phường khác", "unit_code": "UBND_19351"},
        {"name": "Rác", "category_code": "rac_thai"},
        {"name": "Hỏi thêm", "step": "ask", "text": "Ở đâu?"},
    ):
        assert add(ha, **changes).status_code == 303
    lamp = send_report()
    step(lamp, Step.RECEIVE)
    page = unescape(minh.get(address(lamp)).text)
    shown = page.partition('id="resolve-template"')[2].partition("</select>")[0]
    assert shown.index("Thay bóng đèn") < shown.index("Mọi lĩnh vực")
    assert "Của phường khác" not in page and ">Rác<" not in page and "Hỏi thêm" not in shown
    filled = (
        "UBND phường Đông Hà đã thay bóng tại Trước chợ Đông Hà ngày 16/11/2026"
        f" theo phản ánh {lamp.code} gửi ngày 16/11/2026."
    )
    assert filled in shown
    kept = db.session.query(AnswerTemplate).filter_by(name="Thay bóng đèn").one()
    answer = post(minh, lamp, "resolve", note="Trụ số 12.", template=kept.id, insert="1")
    assert answer.status_code == 200 and f"Trụ số 12.\n\n{filled}" in unescape(answer.text).replace("\r", "")
    assert "Lỗi:" not in answer.text and lamp.status == "received"
    for unknown in ("999", "", "a"):
        answer = post(minh, lamp, "resolve", note="Trụ số 12.", template=unknown, insert="1")
        assert answer.status_code == 200 and "Trụ số 12.</textarea>" in answer.text
    want_approval()
    assert "Thay bóng đèn" in minh.get(address(lamp)).text.partition('id="propose-template"')[2]
