"""Broken wires taken for a lamp: the ward puts the report right, and it goes to those who can cut the current."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from portal import worker
from tests.factories import after_photo, hire, send_report
from tests.journeys.test_handling import at, send
from tests.services.test_notifications import Gateway


def test_wires_filed_as_a_lamp_reach_the_power_company(
    app: Flask, lan: FlaskClient, minh: FlaskClient, enter: Any, now: Any
) -> None:
    hire("dung", "PC_QT")
    dung = enter("dung")
    report = send_report(description="Dây điện đứt nằm vắt ngang đường trước chợ, tia lửa bắn ra")
    own_page = f"/phan-anh/{report.code}/theo-doi/{report.reporter_key}"
    gateway = Gateway()

    now.move_to(at(16, 10))
    send(minh, report, "receive")
    known = {"area": "", "point": "", "place": report.place}
    send(minh, report, "correct", category="dien_luc", **known)
    assert "Đơn vị của bạn phối hợp" in minh.get(f"/can-bo/phan-anh/{report.code}").text
    assert report.code in dung.get("/can-bo/").text
    ticket = dung.get(f"/can-bo/phan-anh/{report.code}").text
    assert "Lĩnh vực: Đèn đường, chiếu sáng công cộng → Sự cố điện" in ticket

    fresh = send_report(category="dien_luc")
    assert report.resolve_due_at < fresh.resolve_due_at, "two hours of the company's time are spent"
    assert report.resolve_minutes == fresh.resolve_minutes and report.promised_from == report.submitted_at
    assert report.receive_due_at == fresh.receive_due_at, "to receive it has its own time"

    worker.deliver({"sms": gateway, "mail": gateway})
    assert any("chuyển đến Công ty Điện lực Quảng Trị" in text for _address, text in gateway.sent)
    page = lan.get(own_page, follow_redirects=True).text
    assert (
        "Chuyển từ UBND phường Đông Hà đến Công ty Điện lực Quảng Trị vì" in page and "Luật Điện lực" in page
    )

    send(dung, report, "receive")
    send(dung, report, "resolve", note="Đã cắt điện và nối lại dây", kept=after_photo(report))
    assert "Đã cắt điện và nối lại dây" in lan.get(f"/phan-anh/{report.code}").text
