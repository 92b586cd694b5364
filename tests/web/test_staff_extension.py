"""A later date for the answer: asked by one officer, decided by another, told to the reporter, counted apart."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal import worker
from portal.core.deadlines import VIETNAM
from portal.core.workflow import Step
from portal.models import Account, Appointment, Event, Extension, Message, Report, Unit, db, transaction
from portal.services import insights
from tests.conftest import APPOINTED, MONDAY_8AM
from tests.factories import seat, send_report, step

REASON = "Chờ vật tư thay thế từ Đà Nẵng"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


@pytest.fixture
def hoa(app: Flask, enter: Callable[[str], FlaskClient]) -> FlaskClient:
    """A colleague of Minh."""
    return another(enter, "hoa", seat("minh").unit_id)


@pytest.fixture
def lamp(app: Flask) -> Report:
    report = send_report()
    step(report, Step.RECEIVE)
    return report


def another(enter: Callable[[str], FlaskClient], username: str, unit_id: int | None) -> FlaskClient:
    with transaction():
        db.session.add(
            Account(
                username=username,
                name=f"Cán bộ {username}",
                appointments=[Appointment(role="officer", unit_id=unit_id, since=APPOINTED)],
                password_hash="",
                sign_in_stamp=username,
                created_at=MONDAY_8AM.astimezone(UTC),
            )
        )
    return enter(username)


def ask(client: FlaskClient, report: Report, day: str = "2026-11-26", reason: str = REASON, **more: str):
    data = {"day": day, "reason": reason, **more}
    return client.post(f"/can-bo/phan-anh/{report.code}/gia-han", data=data)


def decide(client: FlaskClient, decision: str, note: str = ""):
    extension = db.session.scalars(select(Extension.id).order_by(Extension.id.desc())).first()
    return client.post(f"/can-bo/gia-han/{extension}", data={"decision": decision, "note": note})


def test_an_extension_moves_the_promise_only_when_another_officer_grants_it(
    app: Flask, minh: FlaskClient, hoa: FlaskClient, lan: FlaskClient, lamp: Report, now
) -> None:
    assert ask(minh, lamp, request_key="mot-lan-thoi").status_code == 303
    assert ask(minh, lamp, request_key="mot-lan-thoi").status_code == 303, "the same form sent twice"
    assert (lamp.resolve_due_at, db.session.query(Extension).count()) == (at(19, 8), 1)
    assert "Chờ một cán bộ khác" in minh.get(f"/can-bo/phan-anh/{lamp.code}").text
    assert lamp.code not in minh.get("/can-bo/gia-han").text
    assert decide(minh, "grant").status_code == 404, "nobody grants what they asked for"
    page = hoa.get("/can-bo/gia-han").text
    assert lamp.code in page and REASON in page and "26/11/2026 17:30" in page
    assert "Duyệt gia hạn" in hoa.get(f"/can-bo/phan-anh/{lamp.code}").text
    assert decide(hoa, "grant").status_code == 303
    assert lamp.resolve_due_at == lamp.next_due_at == at(26, 17, 30)
    assert lamp.times_extended == 1
    assert decide(hoa, "grant").status_code == 409
    told = db.session.scalars(select(Message).where(Message.kind == "extension")).one()
    words = worker.words(told)
    assert "trước 17:30 thứ Năm 26/11/2026" in words and REASON in words
    page = lan.get(f"/phan-anh/{lamp.code}").text
    assert "trước 17:30 thứ Năm 26/11/2026" in page and REASON in page
    now.move_to(at(25, 9))
    step(lamp, Step.RESOLVE, "Đã thay bóng")
    row = insights.response_times(date(2026, 11, 1), date(2026, 11, 30), "unit", now=at(25, 10)).total
    assert (row.closed, row.on_time, row.extended, row.overdue) == (1, 0, 1, 0)


def test_a_refusal_says_why_to_the_officers_alone(
    app: Flask, minh: FlaskClient, hoa: FlaskClient, lan: FlaskClient, lamp: Report
) -> None:
    ask(minh, lamp)
    answer = decide(hoa, "refuse")
    assert (answer.status_code, "Xin ghi vì sao không đồng ý." in answer.text) == (422, True)
    assert decide(hoa, "refuse", "Vật tư còn trong kho").status_code == 303
    assert lamp.resolve_due_at == at(19, 8) and lamp.times_extended == 0
    assert "Vật tư còn trong kho" in minh.get(f"/can-bo/phan-anh/{lamp.code}").text
    assert "Vật tư còn trong kho" not in lan.get(f"/phan-anh/{lamp.code}").text
    assert ask(minh, lamp, "2026-11-20").status_code == 303, "it may be asked again"


def test_who_may_decide(
    app: Flask, minh: FlaskClient, tuan: FlaskClient, enter: Callable[[str], FlaskClient], lamp: Report
) -> None:
    """Another ward may not, the unit above may, though it does not lead the ticket."""
    ask(minh, lamp)
    assert decide(tuan, "grant").status_code == 404
    assert lamp.code not in tuan.get("/can-bo/gia-han").text
    above = db.session.scalars(
        select(Unit).filter_by(code=lamp.lead_unit.parent_code, valid_until=None)
    ).one()
    chief = another(enter, "chief", above.id)
    assert lamp.code in chief.get("/can-bo/gia-han").text
    assert decide(chief, "grant").status_code == 303
    assert lamp.next_due_at == at(26, 17, 30)


def test_what_cannot_be_asked_is_told_at_its_field(
    app: Flask, minh: FlaskClient, tuan: FlaskClient, lamp: Report
) -> None:
    for day, reason, said in (
        ("2026-11-24", REASON, "Ngày này không làm việc"),
        ("2026-11-22", REASON, "Ngày này không làm việc"),
        ("2026-11-18", REASON, "phải muộn hơn hạn đang có (19/11/2026 08:00)"),
        ("2028-11-15", REASON, "Không hẹn quá một năm"),
        ("mai", REASON, "Ngày không đúng"),
        ("", REASON, "Xin chọn ngày hẹn mới"),
        ("2026-11-26", "  ", "Xin ghi lý do"),
    ):
        answer = ask(minh, lamp, day, reason)
        assert answer.status_code == 422, day
        assert said in answer.text, (day, said)
    assert "Đã có đề nghị gia hạn" in (ask(minh, lamp), ask(minh, lamp, "2026-11-27"))[1].text
    assert ask(tuan, lamp).status_code == 404
    assert ask(minh, send_report()).status_code == 403, "what is not received yet cannot be extended"


def test_a_request_ends_with_the_ticket(
    app: Flask, minh: FlaskClient, hoa: FlaskClient, lamp: Report
) -> None:
    ask(minh, lamp)
    step(lamp, Step.RESOLVE, "Đã thay bóng")
    assert lamp.code not in hoa.get("/can-bo/gia-han").text
    assert decide(hoa, "grant").status_code == 409
    given = send_report()
    step(given, Step.RECEIVE)
    ask(minh, given)
    to = db.session.scalars(select(Unit).filter_by(code="UBND_19351", valid_until=None)).one()
    step(given, Step.FORWARD, "Thuộc phường khác", to_unit=to.id)
    states = db.session.scalars(select(Extension.state).order_by(Extension.id))
    assert list(states) == ["withdrawn", "withdrawn"]


def test_a_pause_after_an_extension_moves_the_new_date(
    app: Flask, minh: FlaskClient, hoa: FlaskClient, lamp: Report, now
) -> None:
    ask(minh, lamp)
    decide(hoa, "grant")
    step(lamp, Step.ASK, "Đèn số mấy?")
    now.move_to(at(16, 10))
    step(lamp, Step.START)
    assert lamp.resolve_due_at == at(27, 9, 30)


def test_a_broken_promise_is_said_plainly_and_a_new_one_takes_its_place_with_the_reason(
    app: Flask, minh: FlaskClient, hoa: FlaskClient, lan: FlaskClient, now
) -> None:
    now.move_to(at(20, 9))
    report = send_report()
    step(report, Step.RECEIVE)
    page = minh.get(f"/can-bo/phan-anh/{report.code}").text
    assert "Vì sao hạn này?" in page
    assert "3 ngày làm việc kể từ 20/11/2026 09:00" in page
    assert "23/11/2026 đến 25/11/2026 (2 ngày làm việc): 07:30–11:30, 13:30–17:30" in page
    assert "24/11/2026 (Ngày Văn hóa Việt Nam)" in page
    now.move_to(at(27, 9))
    worker.alarm()
    page = re.sub(r"\s+", " ", lan.get(f"/phan-anh/{report.code}").text)
    assert "Đơn vị đã không giữ hẹn trả lời trước 09:00 thứ Năm 26/11/2026." in page
    assert "Đã quá hạn" in page
    public = select(Event.step).where(Event.report_id == report.id, Event.public, Event.actor == "system")
    assert list(db.session.scalars(public)) == ["breach"]
    ticket = minh.get(f"/can-bo/phan-anh/{report.code}").text
    assert "Đã quá hẹn với người dân" in ticket and "Hẹn ngày mới" in ticket
    assert ask(minh, report, "2026-12-02").status_code == 303
    assert decide(hoa, "grant").status_code == 303
    page = re.sub(r"\s+", " ", lan.get(f"/phan-anh/{report.code}").text)
    assert "Đơn vị đã không giữ hẹn" not in page
    assert "17:30 thứ Tư 02/12/2026" in page and REASON in page
    assert "Đã quá hẹn với người dân" not in minh.get(f"/can-bo/phan-anh/{report.code}").text
