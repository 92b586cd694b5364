"""The work order says what whoever goes there needs, and nothing of who reported."""

import segno
from flask import Flask
from flask.testing import FlaskClient

from portal.core.workflow import Step
from tests.factories import send_report, step
from tests.web.resident_form import page


def test_the_work_order_holds_the_ticket_and_not_its_reporter(
    app: Flask, minh: FlaskClient, tuan: FlaskClient, lan: FlaskClient
) -> None:
    app.config["SITE_URL"] = "https://phananh.quangtri.gov.vn"
    report = step(send_report(name="Lê Thị Lan", latitude=16.8163, longitude=107.1003), Step.RECEIVE)
    address = f"/can-bo/phan-anh/{report.code}/phieu-giao-viec"
    said = page(minh.get(address))
    for expected in (
        *(report.code, "Đèn đường trước chợ", "Trước chợ Đông Hà", "TP Đông Hà cũ", "16.816300, 107.100300"),
        *("trước 08:00 thứ Năm 19/11/2026", "Nguyễn Văn Minh", "Sở Xây dựng", "Người nhận việc"),
    ):
        assert expected in said, expected
    sheet = said.partition('class="sheet"')[2].partition("</article>")[0]
    assert "912" not in sheet and "Lan" not in sheet
    ticket = segno.make(f"https://phananh.quangtri.gov.vn/can-bo/phan-anh/{report.code}", error="m")
    assert ticket.svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None) in said
    assert "style=" not in said, "the content policy forbids it"
    assert address in minh.get(f"/can-bo/phan-anh/{report.code}").text
    assert tuan.get(address).status_code == 404 and lan.get(address).status_code == 302
