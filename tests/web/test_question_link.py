"""One question to the reporter: answered by its link from any device, once, or given up after five working days."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import Traveller

from portal import worker
from portal.core.deadlines import VIETNAM
from portal.core.workflow import Status, Step
from portal.models import Event, Message, Report, db, end_reading
from portal.services import waiting
from tests.factories import send_report, step
from tests.services.test_notifications import Gateway
from tests.web.resident_form import page, picture

QUESTION = "Cột số mấy, gần nhà ai?"


@pytest.fixture
def asked(app: Flask) -> Report:
    """Asked on Monday, 16/11/2026 at 8 in the morning."""
    report = send_report(email="lan@example.vn")
    step(report, Step.RECEIVE)
    return step(report, Step.ASK, QUESTION)


def told(kind: str) -> list[str]:
    """SMS and mail of this kind, after everything was sent."""
    gateway = Gateway()
    worker.deliver({"sms": gateway, "mail": gateway})
    sent = db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id))
    return [worker.words(message) for message in sent]


def link() -> str:
    found = re.search(r"/phan-anh/\S+/tra-loi/\S+", told("ask")[-1])
    assert found
    return found[0]


def answer(client: FlaskClient, address: str, *, key: str = "may-o-quan", **changes: object):
    data = {"note": "Cột số 12", "seen": "waiting", "request_key": key, **changes}
    return client.post(address, data=data, content_type="multipart/form-data")


def test_a_stranger_with_the_link_answers_this_question_and_nothing_else(
    lan: FlaskClient, minh: FlaskClient, asked: Report
) -> None:
    text, letter = told("ask")
    due = "trước 08:00 thứ Hai 23/11/2026"
    address = link()
    free = step(send_report(), Step.RECEIVE)
    typed = {"seen": "received", "note": QUESTION, "preview": "1"}
    assert due in page(minh.post(f"/can-bo/phan-anh/{free.code}/ask", data=typed)), (
        "what is sent is what was shown"
    )
    assert due in text and due in letter and len(text) <= 300
    assert due in page(minh.get(f"/can-bo/phan-anh/{asked.code}"))
    shown = page(lan.get(address))
    assert QUESTION in shown and due in shown and 'name="photos"' in shown
    assert lan.get(address.replace("tra-loi/", "tra-loi/x")).status_code == 404
    other = step(step(send_report(), Step.RECEIVE), Step.ASK, "Câu khác?")
    assert lan.get(f"/phan-anh/{other.code}/tra-loi/{address.rpartition('/')[2]}").status_code == 404

    kept = answer(lan, address, note="", photos=(BytesIO(picture()), "tru.jpg"))
    assert kept.status_code == 422 and "Xin ghi nội dung" in page(kept)
    token = re.findall(r'name="kept" value="([^"]+)"', kept.text)
    assert len(token) == 1, "the photo is not lost"
    for _tap in range(2):
        done = answer(lan, address, kept=token[0])
        assert (done.status_code, done.location) == (303, f"/phan-anh/{asked.code}")
    assert (asked.status, len(asked.photos), asked.answer_due_at) == (Status.IN_PROGRESS, 1, None)
    public = page(lan.get(f"/phan-anh/{asked.code}"))
    assert "đã nhận câu trả lời" in public and "Cột số 12" in public
    assert "mo-lai" not in public and "theo-doi" not in public, "the link makes nobody the reporter"
    assert db.session.query(Event).filter_by(step="reply").count() == 1

    late = answer(lan, address, key="may-khac-nua", note="Cột 13 chứ")
    assert late.status_code == 410 and "Cột 13 chứ" in page(late)
    step(asked, Step.ASK, "Còn gì nữa?")
    assert lan.get(address).status_code == 410, "another question has another link"
    assert lan.get(link()).status_code == 200


def test_an_answer_on_the_reporters_own_page_takes_photos_too(lan: FlaskClient, asked: Report) -> None:
    own = f"/phan-anh/{asked.code}/bo-sung"
    assert answer(lan, own).status_code == 403
    lan.get(f"/phan-anh/{asked.code}/theo-doi/{asked.reporter_key}")
    wrong = answer(lan, own, photos=(BytesIO(b"khong phai anh"), "thu.jpg"))
    assert wrong.status_code == 422 and "không phải là ảnh" in page(wrong)
    assert answer(lan, own, photos=(BytesIO(picture()), "tru.jpg")).status_code == 303
    assert len(asked.photos) == 1


def test_an_unanswered_question_falls_back_once_and_says_so(
    app: Flask, lan: FlaskClient, minh: FlaskClient, asked: Report, now: Traveller
) -> None:
    address, promised = link(), asked.resolve_due_at
    now.move_to(datetime(2026, 11, 23, 7, 59, tzinfo=VIETNAM))
    worker.fall_back()
    assert asked.status == Status.WAITING
    now.move_to(datetime(2026, 11, 25, 8, 0, tzinfo=VIETNAM))  # the worker was down for two days
    end_reading()

    def work(_worker: int) -> None:
        with app.app_context():
            worker.fall_back()
            db.session.remove()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    db.session.expire_all()
    said = "Quá hạn bổ sung, đơn vị tiếp tục xử lý với thông tin đang có"
    assert [event.step for event in asked.events].count("fall_back") == 1
    assert (asked.status, asked.answer_due_at) == (Status.IN_PROGRESS, None)
    assert asked.next_due_at == asked.resolve_due_at == promised + timedelta(days=11), (
        "seven working days later"
    )
    assert said in page(lan.get(f"/phan-anh/{asked.code}"))
    assert said in page(minh.get(f"/can-bo/phan-anh/{asked.code}"))
    text, letter = told("fall_back")
    assert len(text) <= 300 and "tiếp tục xử lý với thông tin đang có" in letter
    assert lan.get(address).status_code == 410
    assert not waiting.fall_back_next(now=datetime.now(VIETNAM))


def test_an_officer_who_waits_no_more_stops_the_time_to_answer(asked: Report, now: Traveller) -> None:
    step(asked, Step.START)
    step(asked, Step.ASK, "Hôm nay còn tắt không?")
    assert asked.answer_due_at == datetime(2026, 11, 23, 8, 0, tzinfo=VIETNAM)
    step(asked, Step.REJECT, "Đèn đã sáng", reason="not_found")
    now.shift(timedelta(days=30))
    worker.fall_back()
    assert asked.status == Status.REJECTED and asked.answer_due_at is None
