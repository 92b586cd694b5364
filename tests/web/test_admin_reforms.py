"""Reforms through the administrator's door: first a plan, then prepared, cancelled, done and proven."""

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal import worker
from portal.models import Reform, Report, db, end_reading
from portal.services import reform as reforms
from tests.core.test_reform import HEADER, row
from tests.factories import send_report
from tests.services.test_reform import BEFORE, THEN
from tests.web.admin_form import error_at

Clock = time_machine.Traveller
ADDRESS = "/quan-tri/cai-cach"


def words(page: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def upload(client: FlaskClient, raw: bytes, day: str = "01/01/2027", name: str = "Bỏ điện lực"):
    form = {"name": name, "effective": day, "file": (BytesIO(raw), "dien.csv")}
    return client.post(f"{ADDRESS}/phuong-an", data=form, content_type="multipart/form-data")


def file(*rows: str) -> bytes:
    return (HEADER + "".join(f"{row(each)}\n" for each in rows)).encode()


def confirmed(page: str) -> dict[str, str]:
    """What the button under the plan sends."""
    form = re.search(rf'<form[^>]*action="{ADDRESS}">.*?</form>', page, re.S)
    assert form
    return {name: unescape(value) for name, value in re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', form[0])}


def test_the_plan_is_shown_then_prepared_then_done_and_proven(
    app: Flask, now: Clock, enter: Callable[[str], FlaskClient]
) -> None:
    now.move_to(BEFORE, tick=False)
    ha = enter("ha")
    report = send_report(category="dien_luc")
    page = upload(ha, file("abolish PC_QT"))
    assert page.status_code == 200 and db.session.query(Reform).count() == 0, "looking keeps nothing"
    said = words(page.text)
    assert "Chưa có gì được ghi" in said and "Công ty Điện lực Quảng Trị" in said
    assert report.code in said and "không có đơn vị kế nhiệm" in said
    assert re.search(r"quy tắc kết thúc \d", said)

    answer = ha.post(ADDRESS, data=confirmed(page.text))
    kept = db.session.query(Reform).one()
    assert (answer.status_code, answer.location) == (303, f"{ADDRESS}/{kept.id}")
    assert (kept.name, kept.state, kept.prepared_by_id is not None) == ("Bỏ điện lực", "prepared", True)
    assert ha.post(ADDRESS, data=confirmed(page.text)).location == answer.location, "sent twice it is one"
    assert "đã chuẩn bị" in words(ha.get(ADDRESS).text)
    ha.post(f"{ADDRESS}/{kept.id}/huy")
    assert db.session.get_one(Reform, kept.id).state == "cancelled"
    ha.post(ADDRESS, data=confirmed(page.text))

    now.move_to(THEN, tick=False)
    worker.carry_out_reforms()
    end_reading()
    ha = enter("ha")
    said = words(ha.get(answer.location).text)
    assert "đã thực hiện" in said and "Số liệu trước và sau khớp nhau" in said and report.code in said
    assert "Hủy lần sắp xếp này" not in said
    assert ha.post(f"{ADDRESS}/{kept.id}/huy").status_code == 409, "what is done is done"
    assert ha.get(f"{ADDRESS}/999").status_code == 404


def test_every_fault_is_told_in_vietnamese_with_its_place(app: Flask, ha: FlaskClient) -> None:
    page = upload(ha, file("merge PC_QT KHONG_CO", "abolish XYZ", "merge SXD SXD"))
    assert page.status_code == 422
    said = words(page.text)
    assert "Tệp có 3 chỗ chưa đúng" in said
    assert "Hàng 2 successor Không có đơn vị KHONG_CO." in said and "Hàng 3 unit Không có đơn vị XYZ." in said
    assert "Hàng 4 successor SXD không bắt đầu lại từ 01/01/2027 nên không thể tự kế nhiệm." in said
    spoilt = file("abolish PC_QT").replace(b"NQ 1", b"Ngh\xcc quy")
    assert "Windows-1258" in words(upload(ha, spoilt).text)
    for raw in (b"", b"PK\x03\x04\0\0", b"a;b;c\n", file("abolish PC_QT").decode().encode("utf-16"), b'"'):
        answer = upload(ha, raw)
        assert answer.status_code == 422 and "<tbody" in answer.text, raw
    assert "Tệp không có hàng nào." in upload(ha, b"").text
    assert db.session.query(Reform).count() == 0


def test_name_day_and_file_are_asked_for_at_their_fields(app: Flask, ha: FlaskClient) -> None:
    page = ha.post(f"{ADDRESS}/phuong-an", data={"effective": "31/02/2027"})
    assert page.status_code == 422
    assert error_at(page.text, "name") == "Xin đặt tên cho lần sắp xếp này."
    assert error_at(page.text, "file") == "Xin chọn tệp CSV."
    assert error_at(page.text, "effective") and "không bắt buộc" not in page.text
    assert ha.post(ADDRESS, data={}).status_code == 422


def test_why_it_could_not_be_done_stands_on_the_page(app: Flask, ha: FlaskClient, now: Clock) -> None:
    upload(ha, file("abolish PC_QT"), day="2026-11-16")
    answer = ha.post(
        ADDRESS, data={"name": "x", "effective": "16/11/2026", "rows": file("abolish PC_QT").decode()}
    )
    kept = db.session.query(Reform).one()
    reforms.fail(kept.id, RuntimeError("the counts do not match"))
    said = words(ha.get(answer.location).text)
    assert "không thành" in said and "the counts do not match" in said
    assert "không thực hiện được" in words(ha.get(ADDRESS).text)
    assert db.session.query(Report).count() == 0
