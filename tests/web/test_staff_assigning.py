"""Receiving a ticket for somebody else, or for nobody yet, through the officer's door; residents see nothing of it."""

import re
from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from portal.core.workflow import Step
from portal.models import Report
from tests.conftest import MONDAY_8AM
from tests.factories import account, hire, send_report, step
from tests.web.test_staff_inbox import at

INTERNAL = ("Giao việc", "giao việc", "Giao cho", "phụ trách")


def receive(client: FlaskClient, report: Report, colleague: str) -> tuple[int, str]:
    address = f"/can-bo/phan-anh/{report.code}/receive"
    data = {"seen": "submitted", "colleague": colleague}
    answer = client.post(address, data=data, follow_redirects=True)
    return answer.status_code, unescape(answer.text)


def ticket(client: FlaskClient, report: Report) -> str:
    return unescape(client.get(f"/can-bo/phan-anh/{report.code}").text)


def test_who_receives_says_to_whom_it_goes(app: Flask, minh: FlaskClient, now) -> None:
    ngoc, report, other = hire("ngoc", "UBND_19333"), send_report(), send_report()
    choices = ticket(minh, report).partition('id="receive-colleague"')[2].partition("</select>")[0]
    offered = re.findall(r'<option value="(\w+)"( selected)?>', choices)
    me = str(account("minh").id)
    assert {value for value, _ in offered} == {me, str(ngoc.id), "nobody"}
    assert (me, " selected") in offered, "the officer, unless they say otherwise"
    for wrong in (str(account("tuan").id), "0", "x"):
        assert receive(minh, report, wrong)[0] == 422
    status, page = receive(minh, report, str(ngoc.id))
    assert status == 200 and "Đã tiếp nhận và giao cho Cán bộ ngoc." in page
    assert report.assignee_id == ngoc.id and "Giao cho Cán bộ ngoc." in page
    step(other, Step.ASSIGN, to_account=ngoc.id)
    assert f'<option value="{ngoc.id}" selected>' in ticket(minh, other), "who is named already"


def test_a_ticket_without_a_person_says_until_when_and_why(
    app: Flask, minh: FlaskClient, lan: FlaskClient, now
) -> None:
    report = send_report()
    assert (
        "Đã tiếp nhận. Cần giao việc cho một cán bộ trước 16/11/2026 14:00."
        in receive(minh, report, "nobody")[1]
    )
    assert "Giao việc: còn 4 giờ làm việc" in unescape(minh.get("/can-bo/").text)
    now.move_to(at(16, 14, 30))
    page = ticket(minh, report)
    assert "Giao việc: quá hạn 30 phút" in page
    assert "Hạn giao việc 16/11/2026 14:00: 4 giờ làm việc kể từ 16/11/2026 08:00." in page
    assert report.code in minh.get("/can-bo/?tab=overdue").text
    seen = unescape(lan.get(f"/phan-anh/{report.code}").text)
    assert not any(words in seen for words in INTERNAL) and "quá hạn" not in seen
    step(report, Step.START)
    page = ticket(minh, report)
    assert "trễ hạn, lúc 16/11/2026 14:30" in page and "Hạn giao việc" not in page
    assert report.code not in minh.get("/can-bo/?tab=overdue").text
    assert report.submitted_at == MONDAY_8AM
