"""Several tickets at once: each by itself, as it was seen, once, and only those of the officer's unit."""

import re

from flask import Flask
from flask.testing import FlaskClient

from portal.core.workflow import Reason, Step
from portal.models import Event, Report, SharedCause, db
from tests.factories import account, hire, send_report, step, unit

KEY = "a" * 32


def chosen(*reports: Report, seen: str = "submitted") -> list[str]:
    return [f"{report.code}.{seen}" for report in reports]


def outcomes(page: str) -> list[str]:
    return re.findall(r'data-outcome="(\w+)"', page)


def send(client: FlaskClient, what: str, boxes: list[str], **data: object) -> tuple[int, str]:
    answer = client.post(f"/can-bo/nhieu/{what}", data={"report": boxes, "request_key": KEY, **data})
    return answer.status_code, answer.text


def events(report: Report, taken: Step) -> int:
    return db.session.query(Event).filter_by(report_id=report.id, step=taken).count()


def test_what_was_ticked_stands_on_the_next_page_with_what_can_be_done(
    app: Flask, minh: FlaskClient, tuan: FlaskClient
) -> None:
    ours, other = send_report(), send_report(area="19351", description="Chuyện của phường kia")
    page = minh.get("/can-bo/").text
    assert f'name="report" value="{ours.code}.submitted"' in page and 'action="/can-bo/nhieu"' in page
    answer = minh.get("/can-bo/nhieu", query_string=[("report", box) for box in chosen(ours, other)])
    assert answer.status_code == 200 and ours.code in answer.text
    assert "Chuyện của phường kia" not in answer.text
    assert "1 hồ sơ khác không còn do đơn vị chủ trì" in answer.text
    for boxes in ([], ["x"], ["QT-2611-04F7-K.submitted"], chosen(other), ["=1+1.received", "\x00."]):
        answer = minh.get("/can-bo/nhieu", query_string=[("report", box) for box in boxes])
        assert answer.status_code == 422 and "Chưa chọn hồ sơ nào" in answer.text, boxes
    assert minh.post("/can-bo/nhieu/reject", data={"report": chosen(ours)}).status_code == 404


def test_assigning_says_of_each_what_came_of_it(app: Flask, minh: FlaskClient, enter) -> None:
    colleague = hire("hoa", "UBND_19333")
    fresh, moved, closed, other = send_report(), send_report(), send_report(), send_report(area="19351")
    step(moved, Step.RECEIVE)
    step(closed, Step.REJECT, "không thấy", reason=Reason.NOT_FOUND)
    boxes = [*chosen(fresh, moved), *chosen(closed, seen="rejected"), *chosen(other)]
    for _again in range(2):
        status, page = send(minh, "assign", boxes, colleague=colleague.id)
        assert status == 200
        assert outcomes(page) == ["done", "changed", "not_allowed", "missing"]
    assert (fresh.assignee_id, other.assignee_id, events(fresh, Step.ASSIGN)) == (colleague.id, None, 1)
    assert fresh.status == "submitted" and moved.assignee_id != colleague.id
    assert fresh.code in enter("hoa").get("/can-bo/?tab=mine").text
    assert "Giao cho Cán bộ hoa." in minh.get(f"/can-bo/phan-anh/{fresh.code}").text
    for nobody in ("", account("tuan").id, "x", "9" * 30):
        status, page = send(minh, "assign", chosen(fresh), colleague=nobody)
        assert status == 422 and "Xin chọn một cán bộ của đơn vị." in page


def test_forwarding_gives_each_away_once_with_its_reason(
    app: Flask, minh: FlaskClient, lan: FlaskClient
) -> None:
    first, second = send_report(), send_report(description="Đèn hỏng ở ngõ khác")
    status, page = send(minh, "forward", chosen(first, second), unit=unit("UBND_19351").id)
    assert status == 422 and "Xin ghi nội dung trước khi gửi." in page
    for _again in range(2):
        status, page = send(
            minh, "forward", chosen(first, second), unit=unit("UBND_19351").id, note="Thuộc phường bên"
        )
        assert outcomes(page) == ["done", "done"]
    for report in (first, second):
        assert report.lead_unit_id == unit("UBND_19351").id and events(report, Step.FORWARD) == 1
    assert "Thuộc phường bên" in lan.get(f"/phan-anh/{first.code}").text


def test_one_cause_links_them_to_the_oldest(app: Flask, minh: FlaskClient, tuan: FlaskClient) -> None:
    reports = [send_report(description=f"Mất điện nhà số {number}") for number in range(4)]
    _status, page = send(minh, "same_cause", chosen(reports[2], reports[1]))
    assert outcomes(page) == ["done", "first"]
    answer = minh.post(
        f"/can-bo/phan-anh/{reports[1].code}/same_cause",
        data={"seen": "submitted", "request_key": "b" * 32, "original": reports[0].code},
    )
    assert answer.status_code == 303
    links = db.session.query(SharedCause.report_id, SharedCause.cause_id)
    assert {tuple(row) for row in links} == {(reports[1].id, reports[0].id), (reports[2].id, reports[0].id)}
    page = minh.get(f"/can-bo/phan-anh/{reports[2].code}").text
    alike = page.partition("Cùng nguyên nhân với</h2>")[2].partition("</section>")[0]
    assert re.findall(r"Mất điện nhà số (\d)", alike) == ["0", "1"]
    step(reports[0], Step.FORWARD, "Thuộc phường bên", to_unit=unit("UBND_19351").id)
    page = minh.get(f"/can-bo/phan-anh/{reports[2].code}").text
    assert "Mất điện nhà số 0" not in page, "what another unit leads stays its own"
    for code in (reports[0].code, reports[3].code[:-1], reports[3].code):
        tried = {"seen": "submitted", "request_key": f"c{code}", "original": code}
        answer = minh.post(f"/can-bo/phan-anh/{reports[3].code}/same_cause", data=tried)
        assert answer.status_code == 422 and "Không có phản ánh nào khác mang mã này" in answer.text
