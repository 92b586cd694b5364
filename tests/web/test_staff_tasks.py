"""One lead answers; other units have tasks of their own, which residents never see."""

import re
import sys
from datetime import datetime
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.deadlines import VIETNAM
from portal.core.workflow import Step
from portal.models import Account, Cooperation, Event, Report, Task, db, transaction
from portal.services.inbox import Wish
from tests.factories import hire, send_report, step, unit

ASKED = "Xin cắt điện tuyến này sáng thứ Ba"
RESULT = "Đã cắt điện từ 8 giờ đến 10 giờ"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


@pytest.fixture
def lamp(app: Flask) -> Report:
    """A ticket that Minh's ward leads, beside one of the same ward with a task of its own."""
    noise = send_report()
    with transaction():
        minh = db.session.query(Account).filter_by(username="minh").one()
        db.session.add(
            Task(
                report_id=noise.id,
                unit_id=unit("UBND_19333").id,
                by_unit_id=unit("UBND_19351").id,
                asked="Việc của hồ sơ khác",
                asked_by_id=minh.id,
                asked_at=at(16, 8),
                due_at=at(17, 8),
                hours="",
            )
        )
    report = send_report()
    step(report, Step.RECEIVE)
    return report


def ask(client: FlaskClient, report: Report, code: str = "UBND_19351", asked: str = ASKED, **more: str):
    data = {"unit": str(unit(code).id) if code else "", "asked": asked, **more}
    return client.post(f"/can-bo/phan-anh/{report.code}/phoi-hop", data=data)


def last() -> Task:
    return db.session.query(Task).order_by(Task.id.desc()).first()


def take(client: FlaskClient, report: Report, what: str, seen: str = "asked", words: str = "", **more: str):
    data = {"step": what, "seen": seen, "words": words, **more}
    return client.post(f"/can-bo/phan-anh/{report.code}/viec/{last().id}", data=data)


def shown(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"/can-bo/phan-anh/([-0-9A-Z]+)\"", page)))


def steps_of(report: Report) -> list[str]:
    return [event.step for event in db.session.query(Event).filter_by(report_id=report.id).order_by(Event.id)]


def test_a_task_goes_from_the_lead_to_a_helping_unit_and_its_result_back(
    minh: FlaskClient, tuan: FlaskClient, lan: FlaskClient, lamp: Report, now
) -> None:
    assert tuan.get(f"/can-bo/phan-anh/{lamp.code}").status_code == 404
    for _twice in range(2):
        assert ask(minh, lamp, day="17/11/2026", request_key="mot-lan-thoi").status_code == 303
    task = last()
    assert db.session.query(Task).filter_by(report_id=lamp.id).count() == 1
    assert (task.state, task.due_at, task.hours) == ("asked", at(17, 17, 30), "")
    page = tuan.get(f"/can-bo/phan-anh/{lamp.code}").text
    assert ASKED in page and "Nhận việc" in page and "Rút lại việc này" not in page
    listed = tuan.get("/can-bo/?tab=helping").text
    assert lamp.code in listed and "còn 1 ngày làm việc" in listed, "its own due, not the lead's"
    assert take(tuan, lamp, "accept_task").status_code == 303
    now.move_to(at(18, 8))
    page = minh.get(f"/can-bo/phan-anh/{lamp.code}").text
    assert re.search(r"due-late.*quá hạn 30 phút|due-late.*vừa quá hạn", page, re.S) and "đang làm" in page
    assert take(tuan, lamp, "finish_task", "accepted").status_code == 422
    for _twice in range(2):
        answer = take(tuan, lamp, "finish_task", "accepted", RESULT, request_key="mot-ket-qua")
        assert answer.status_code == 303
    assert (last().state, last().answer, last().ended_at) == ("done", RESULT, at(18, 8))
    assert RESULT in minh.get(f"/can-bo/phan-anh/{lamp.code}").text
    assert steps_of(lamp)[-3:] == ["ask_task", "accept_task", "finish_task"]
    public = lan.get(f"/phan-anh/{lamp.code}").text
    assert ASKED not in public and RESULT not in public and "Giao việc" not in public
    assert "Việc của hồ sơ khác" not in page


def test_a_helping_unit_sees_first_what_it_owes_first_and_pages_in_that_order(
    minh: FlaskClient, tuan: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for tomorrow: the report that was sent last. One without a day is due with its report."""
    monkeypatch.setattr(sys.modules[Wish.__module__], "PAGE_SIZE", 2)
    asked = [send_report() for _ in range(3)]
    for report in asked:
        step(report, Step.RECEIVE)
        ask(minh, report)
    ask(minh, asked[-1], asked="Xin cắt điện trước", day="17/11/2026")
    page = tuan.get("/can-bo/?tab=helping").text
    assert shown(page) == [asked[2].code, asked[0].code]
    [behind] = re.findall(r'rel="next" href="([^"]+)"', page)
    rest = tuan.get(unescape(behind)).text
    assert shown(rest) == [asked[1].code]
    [before] = re.findall(r'rel="prev" href="([^"]+)"', rest)
    assert shown(tuan.get(unescape(before)).text) == [asked[2].code, asked[0].code]


def test_a_unit_declines_with_a_reason_and_the_lead_takes_back_and_lets_go(
    minh: FlaskClient, tuan: FlaskClient, lamp: Report
) -> None:
    ask(minh, lamp)
    assert last().due_at == lamp.resolve_due_at, "without a day as long as the report has"
    assert take(tuan, lamp, "decline_task").status_code == 422
    assert take(tuan, lamp, "decline_task", words="Không thuộc tuyến của phường").status_code == 303
    stale = take(tuan, lamp, "accept_task", words="Vẫn nhận")
    assert stale.status_code == 409 and "Việc này vừa được cập nhật" in stale.text
    ask(minh, lamp)
    assert take(minh, lamp, "accept_task").status_code == 403, "a lead does not accept for others"
    assert take(tuan, lamp, "withdraw_task").status_code == 403
    assert take(minh, lamp, "withdraw_task").status_code == 303
    ask(minh, lamp)
    url = f"/can-bo/phan-anh/{lamp.code}/phoi-hop/{unit('UBND_19351').id}/thoi"
    assert tuan.post(url).status_code == 404 and minh.post(url).status_code == 303
    assert last().state == "withdrawn" and minh.post(url).status_code == 404
    assert tuan.get(f"/can-bo/phan-anh/{lamp.code}").status_code == 404
    assert db.session.query(Task).filter_by(asked="Việc của hồ sơ khác").one().state == "asked"


def test_what_is_wrong_with_a_wish_is_said_at_its_field(minh: FlaskClient, lamp: Report) -> None:
    for code, changes, sentence in (
        ("", {}, "Xin chọn một đơn vị khác đang hoạt động."),
        ("UBND_19333", {}, "Xin chọn một đơn vị khác đang hoạt động."),
        ("UBND_19351", {"asked": "  "}, "Xin ghi việc cần làm."),
        ("UBND_19351", {"day": "22/11/2026"}, "Ngày này không làm việc."),
        ("UBND_19351", {"day": "13/11/2026"}, "Ngày này đã qua."),
        ("UBND_19351", {"day": "32/11/2026"}, "Ngày không đúng."),
        ("UBND_19351", {"day": "16/11/2028"}, "Không hẹn quá một năm."),
    ):
        answer = ask(minh, lamp, code, **changes)
        assert answer.status_code == 422 and sentence in answer.text, changes
        assert changes.get("asked", ASKED).strip() in answer.text
    assert db.session.query(Task).filter_by(report_id=lamp.id).count() == 0
    step(lamp, Step.RESOLVE, "Đã thay bóng")
    assert ask(minh, lamp).status_code == 403


def test_only_the_lead_its_helpers_and_superiors_have_a_say(
    lan: FlaskClient, minh: FlaskClient, tuan: FlaskClient, enter, lamp: Report
) -> None:
    ask(minh, lamp)
    hire("nga", "UBND_19360")
    hire("son", "UBND_TINH")
    stranger, superior = enter("nga"), enter("son")
    helper = tuan
    with transaction():
        db.session.add(
            Cooperation(report_id=lamp.id, unit_id=unit("UBND_TINH").id, since=at(16, 8), kind="superior")
        )
    for client, asks, notes in ((lan, 403, 403), (stranger, 404, 404), (helper, 403, 303)):
        before = steps_of(lamp)
        assert ask(client, lamp).status_code == asks
        note = client.post(f"/can-bo/phan-anh/{lamp.code}/phoi-hop/ghi-chu", data={"words": "Đã xem"})
        assert note.status_code == notes
        assert steps_of(lamp)[len(before) :] == (["note"] if client is helper else [])
        if client is not helper:
            assert take(client, lamp, "accept_task").status_code in (403, 404) and last().state == "asked"
    page = superior.get(f"/can-bo/phan-anh/{lamp.code}").text
    assert "Yêu cầu đơn vị chủ trì" in page and "Nhờ đơn vị phối hợp" not in page
    assert ask(superior, lamp, "", "Báo cáo nguyên nhân chậm").status_code == 303
    assert last().unit_id is None
    assert take(helper, lamp, "accept_task").status_code == 403
    assert "Báo cáo nguyên nhân chậm" in minh.get(f"/can-bo/phan-anh/{lamp.code}").text
    assert take(minh, lamp, "finish_task", words="Do thiếu vật tư").status_code == 303
    url = f"/can-bo/phan-anh/{lamp.code}/phoi-hop/{unit('UBND_TINH').id}/thoi"
    assert minh.post(url).status_code == 403, "nobody lets the unit above go"
    assert minh.post(f"/can-bo/phan-anh/{lamp.code}/phoi-hop/ghi-chu", data={"words": "x"}).status_code == 403
