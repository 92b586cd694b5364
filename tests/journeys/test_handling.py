"""A lamp goes dark: from the reporter's phone over two wards to the answer, with every word that is said on the way."""

import re
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from portal import worker
from portal.core.deadlines import VIETNAM
from portal.models import Report, Unit, db
from tests.factories import after_photo, send_report
from tests.services.test_notifications import Gateway


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


def send(client: FlaskClient, report: Report, taken: str, **typed: Any) -> None:
    """Fill the form of this step as the page shows it, and send it."""
    page = client.get(f"/can-bo/phan-anh/{report.code}").text
    form = re.search(rf'action="([^"]*/{taken})".*?</form>', page, re.S)
    assert form, f"{taken} is not offered"
    hidden = dict(re.findall(r'name="(\w+)" type="hidden" value="([^"]*)"', form[0]))
    assert client.post(form[1], data=hidden | typed).status_code == 303


def test_from_the_phone_over_two_wards_to_the_answer(
    app: Flask, lan: FlaskClient, minh: FlaskClient, tuan: FlaskClient, now: Any
) -> None:
    report = send_report(email="lan@example.vn")
    own_page = f"/phan-anh/{report.code}/theo-doi/{report.reporter_key}"
    gateway = Gateway()

    def told() -> list[str]:
        gateway.sent.clear()
        worker.deliver({"sms": gateway, "mail": gateway})
        return [text for address, text in gateway.sent if address.startswith("+")]

    def seen_by_lan() -> str:
        return lan.get(own_page, follow_redirects=True).text

    assert "đã nhận phản ánh" in told()[0]
    assert report.code in minh.get("/can-bo/").text and report.code not in tuan.get("/can-bo/").text

    now.move_to(at(16, 9))
    nam_dong_ha = db.session.query(Unit).filter_by(code="UBND_19351", valid_until=None).one()
    send(minh, report, "forward", unit=nam_dong_ha.id, note="Đèn ở Phường 5 cũ")
    assert "UBND phường Nam Đông Hà" in told()[0]
    minh.get("/can-bo/")  # where the code stands once more, in the sentence that it went away
    assert report.code not in minh.get("/can-bo/").text and report.code in tuan.get("/can-bo/").text

    now.move_to(at(16, 10))
    send(tuan, report, "receive")
    send(tuan, report, "ask", note="Trụ đèn số mấy?")
    assert "“Trụ đèn số mấy?”" in told()[-1]
    assert "Trụ đèn số mấy?" in seen_by_lan() and "Đang xử lý" in seen_by_lan()
    assert report.code in tuan.get("/can-bo/?tab=waiting").text

    now.move_to(at(17, 10))
    answer = lan.post(
        f"/phan-anh/{report.code}/bo-sung",
        data={"note": "Trụ số 12", "seen": "waiting", "request_key": "lan-replies-1"},
    )
    assert answer.status_code in (302, 303)
    assert "Trụ số 12" in tuan.get(f"/can-bo/phan-anh/{report.code}").text
    assert report.resolve_due_at == at(20, 8), "the promise moved by the day that was waited"

    now.move_to(at(17, 15))
    send(tuan, report, "note", note="Gọi thợ Hùng")
    send(tuan, report, "resolve", note="Đã thay bóng ở trụ số 12", kept=after_photo(report))
    assert "đã xử lý xong: “Đã thay bóng ở trụ số 12”" in told()[-1]
    page = seen_by_lan()
    assert "Đã xử lý" in page and "Đã thay bóng ở trụ số 12" in page and "thợ Hùng" not in page
    assert report.handled_minutes == 2 * 60 + 3 * 60

    now.move_to(at(18, 8))
    answer = lan.post(
        f"/phan-anh/{report.code}/mo-lai",
        data={"note": "Tối qua lại tắt", "seen": "resolved", "request_key": "lan-reopens-1"},
    )
    assert answer.status_code in (302, 303)
    assert "mở lại" in told()[-1]
    page = tuan.get(f"/can-bo/phan-anh/{report.code}").text
    assert "Tối qua lại tắt" in page and "Mở lại lần 1" in page

    send(tuan, report, "reject", reason="not_found", note="Ba đêm liền đèn vẫn sáng")
    assert "Kiểm tra hiện trường không thấy sự việc" in told()[-1]
    assert "Không xử lý" in seen_by_lan()
    assert report.code in tuan.get("/can-bo/?tab=done").text
