"""One report through every status of the law, by the pages of its reporter, its unit and the worker."""

from datetime import timedelta
from threading import Event as Flag
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from portal import worker
from portal.core.workflow import Status
from tests.factories import after_photo, hire, send_report, want_approval
from tests.journeys.test_handling import at, send
from tests.services.test_notifications import Gateway


def test_one_report_through_every_status(
    app: Flask, lan: FlaskClient, minh: FlaskClient, enter: Any, now: Any
) -> None:
    report, other, hidden = send_report(), send_report(), send_report(category="tieng_on")
    hire("ngoc", "UBND_19333")
    ngoc, gateway, passed = enter("ngoc"), Gateway(), {"submitted"}
    own_page = f"/phan-anh/{report.code}/theo-doi/{report.reporter_key}"
    lan.get(own_page)

    def by(client: FlaskClient, taken: str, **typed: str) -> str:
        """Take the step; what the reporter's page says then."""
        send(client, report, taken, **typed)
        passed.add(report.status)
        return lan.get(own_page, follow_redirects=True).text

    def lan_says(what: str, key: str, **typed: str) -> None:
        data = {"seen": report.status, "request_key": key, **typed}
        for _tap in range(2):
            assert lan.post(f"/phan-anh/{report.code}/{what}", data=data).status_code == 303
        passed.add(report.status)

    by(minh, "receive")
    by(minh, "start")
    by(minh, "ask", note="Trụ số mấy?")
    lan_says("bo-sung", "lan-replies", note="Trụ số 12")

    promised = report.resolve_due_at
    page = by(minh, "pause", reason="materials", note="Bóng đặt ở Huế, thứ Năm về")
    assert "Tạm dừng xử lý: Chờ vật tư, thiết bị" in page and "Bóng đặt ở Huế" in page
    now.move_to(at(17, 8))
    assert report.code in minh.get("/can-bo/?tab=waiting").text
    assert "Tiếp tục xử lý" in by(minh, "resume")
    assert report.resolve_due_at - promised == timedelta(days=1)

    want_approval()
    assert "Đã thay bóng" not in by(minh, "propose", note="Đã thay bóng ở trụ 12", kept=after_photo(report))
    assert report.code in ngoc.get("/can-bo/?tab=approval").text
    own = minh.get(f"/can-bo/phan-anh/{report.code}").text
    assert "/approve" not in own and "Chờ một cán bộ khác của đơn vị duyệt" in own
    forged = minh.post(
        f"/can-bo/phan-anh/{report.code}/approve", data={"seen": report.status, "proposal": "1"}
    )
    assert (forged.status_code, report.status) == (403, "awaiting_approval")
    by(ngoc, "send_back", note="Chụp lại trụ 12 đã")
    by(minh, "propose", note="Đã thay bóng, có ảnh", kept=after_photo(report))
    page = by(ngoc, "approve")
    assert "Đã thay bóng, có ảnh" in page and "Chụp lại" not in page

    lan_says("mo-lai", "lan-reopens", note="Tối qua lại tắt")
    want_approval(wanted=False)
    by(minh, "resolve", note="Đã đấu lại dây", kept=after_photo(report))
    lan_says("da-xong", "lan-confirms")
    assert report.status == "closed" and "Đã đấu lại dây" in lan.get(own_page, follow_redirects=True).text
    assert [event.step for event in report.events].count("confirm") == 1

    by(minh, "reopen", note="Kiểm tra lại cả tuyến")
    wrong = minh.post(
        f"/can-bo/phan-anh/{report.code}/duplicate",
        data={"seen": report.status, "original": "QT-2611-0000-0"},
    )
    assert wrong.status_code == 422 and "Không có phản ánh nào khác mang mã này" in wrong.text
    page = by(minh, "duplicate", original=f" {other.code.lower()} ")
    assert f'href="/phan-anh/{other.code}"' in page
    by(minh, "reopen", note="Không phải một việc")
    page = by(minh, "duplicate", original=hidden.code)
    assert f'href="/phan-anh/{hidden.code}"' not in page and "Phản ánh kia không công khai" in page
    by(minh, "reopen", note="Cũng không phải")
    page = by(minh, "redirect", channel="complaint", note="Gửi đơn đến nơi tiếp công dân")
    assert "Khiếu nại: nộp đơn" in page and "Gửi đơn đến nơi tiếp công dân" in page
    by(minh, "reopen", note="Rút đơn rồi")
    by(minh, "reject", reason="not_found", note="Không thấy đèn hỏng")
    assert passed == set(Status)

    by(minh, "reopen", note="Có thấy")
    by(minh, "resolve", note="Xong thật", kept=after_photo(report))
    now.shift(timedelta(days=31))
    worker.close(Flag())
    assert (
        report.status == "closed" and "Chưa được xử lý" not in lan.get(own_page, follow_redirects=True).text
    )
    worker.deliver({"sms": gateway, "mail": gateway})
    assert sum("được mở lại" in text for _, text in gateway.sent) == 6
