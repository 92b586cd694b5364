"""The public page of a report, what its reporter sees and does there, and what stays private."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import Traveller

from portal.core.workflow import Status, Step
from portal.models import Event, Message, Report, db
from tests.factories import send_report, step
from tests.web.resident_form import page, picture, send


@pytest.fixture
def lamp(lan: FlaskClient) -> Report:
    """A report that Lan sent from her phone."""
    send(lan, phone="0912345678", consent="y")
    return db.session.scalars(select(Report)).one()


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    return app.test_client()


def waiting(report: Report) -> Report:
    step(report, Step.RECEIVE)
    return step(report, Step.ASK, "Cột số mấy, gần nhà ai?")


def resolved(report: Report) -> Report:
    step(report, Step.RECEIVE)
    return step(report, Step.RESOLVE, "Đã thay bóng đèn")


def answer(client: FlaskClient, report: Report, what: str, **changes: str):
    data = {"note": "Cột số 12", "seen": report.status, "request_key": "mot", **changes}
    return client.post(f"/phan-anh/{report.code}/{what}", data=data)


def test_the_sender_gets_a_receipt(lan: FlaskClient, lamp: Report) -> None:
    receipt = page(lan.get(f"/phan-anh/{lamp.code}"))
    assert "Cảm ơn bạn, phản ánh đã được gửi" in receipt
    assert lamp.code in receipt and "UBND phường Đông Hà" in receipt
    assert "trước 08:00 thứ Ba 17/11/2026" in receipt, "8 working hours from Monday 08:00"
    assert "trước 08:00 thứ Năm 19/11/2026" in receipt
    assert f"http://localhost/phan-anh/{lamp.code}/theo-doi/{lamp.reporter_key}" in receipt


def test_everybody_reads_the_report_but_not_its_reporter(lamp: Report, stranger: FlaskClient) -> None:
    public = page(stranger.get(f"/phan-anh/{lamp.code}"))
    assert lamp.description in public and lamp.place in public and "Đã gửi" in public
    assert "Cảm ơn bạn" not in public
    for secret in ("912", lamp.reporter_key, "theo-doi"):
        assert secret not in public


def test_the_own_link_makes_another_phone_the_reporters(lamp: Report, stranger: FlaskClient) -> None:
    link = f"/phan-anh/{lamp.code}/theo-doi/{lamp.reporter_key}"
    assert stranger.get(link).location == f"/phan-anh/{lamp.code}"
    assert "Cảm ơn bạn" in stranger.get(f"/phan-anh/{lamp.code}").text
    assert lamp.code in stranger.get("/toi/").text


def test_a_wrong_link_opens_nothing(lamp: Report, stranger: FlaskClient) -> None:
    other = send_report()
    for code, key in (
        (lamp.code, "sai"),
        (lamp.code, other.reporter_key),
        (lamp.code, "é" * 24),
        (lamp.code, lamp.reporter_key[:-1]),
        ("QT-2611-04F7-K", lamp.reporter_key),
        ("khong-phai", lamp.reporter_key),
    ):
        assert stranger.get(f"/phan-anh/{code}/theo-doi/{key}").status_code == 404
    assert lamp.code not in stranger.get("/toi/").text


def test_the_timeline_tells_what_is_public(lan: FlaskClient, lamp: Report) -> None:
    step(lamp, Step.RECEIVE)
    step(lamp, Step.NOTE, "Ghi chú giữa cán bộ với nhau")
    step(lamp, Step.ANSWER, "Tối nay tổ điện sẽ đến")
    step(lamp, Step.START)
    told = page(lan.get(f"/phan-anh/{lamp.code}"))
    order = [
        told.index(title) for title in ("Người dân gửi phản ánh", "Đơn vị đã tiếp nhận", "Đơn vị trả lời")
    ]
    assert order == sorted(order)
    assert "Tối nay tổ điện sẽ đến" in told
    assert "Ghi chú" not in told
    assert "Nguyễn Văn Minh" not in told, "officers stay behind their unit"


def test_each_status_is_one_of_five_words(lan: FlaskClient, lamp: Report) -> None:
    def word() -> str:
        return re.findall(r'data-status="(\w+)"', lan.get(f"/phan-anh/{lamp.code}").text)[0]

    assert word() == "sent"
    step(lamp, Step.RECEIVE)
    assert word() == "received"
    step(lamp, Step.ASK, "Ở đâu?")
    assert word() == "working"
    step(lamp, Step.REJECT, "Đèn vẫn sáng", reason="not_found")
    assert word() == "refused"
    told = page(lan.get(f"/phan-anh/{lamp.code}"))
    assert "Kiểm tra hiện trường không thấy sự việc" in told and "Đèn vẫn sáng" in told


def test_a_missed_promise_is_admitted(lan: FlaskClient, lamp: Report, now: Traveller) -> None:
    assert "Đã quá hẹn" not in page(lan.get(f"/phan-anh/{lamp.code}"))
    now.shift(timedelta(days=10))
    assert "Đã quá hẹn" in page(lan.get(f"/phan-anh/{lamp.code}"))


def test_the_reporter_answers_a_question(lan: FlaskClient, lamp: Report, stranger: FlaskClient) -> None:
    waiting(lamp)
    asked = page(lan.get(f"/phan-anh/{lamp.code}"))
    assert "Cột số mấy, gần nhà ai?" in asked and "/bo-sung" in asked
    assert "/bo-sung" not in stranger.get(f"/phan-anh/{lamp.code}").text
    refused = answer(stranger, lamp, "bo-sung")
    assert refused.status_code == 403 and "quyền của người gửi" in page(refused)
    assert "/dang-nhap" not in page(refused).partition("<main")[2].partition("</main>")[0]
    done = answer(lan, lamp, "bo-sung")
    assert (done.status_code, done.location) == (303, f"/phan-anh/{lamp.code}")
    assert lamp.status == Status.IN_PROGRESS
    assert "Cột số 12" in page(lan.get(f"/phan-anh/{lamp.code}"))


def test_an_answer_that_is_not_right_keeps_its_words(lan: FlaskClient, lamp: Report) -> None:
    waiting(lamp)
    for note, sentence in (
        ("", "Xin ghi nội dung"),
        ("  \n", "Xin ghi nội dung"),
        ("đ" * 2001, "2.000 ký tự"),
    ):
        wrong = answer(lan, lamp, "bo-sung", note=note)
        assert wrong.status_code == 422 and sentence in page(wrong) and note.strip() in page(wrong)
    assert answer(lan, lamp, "bo-sung", seen="lạ").status_code == 400
    assert lamp.status == Status.WAITING


def test_an_answer_tapped_twice_is_one(lan: FlaskClient, lamp: Report) -> None:
    waiting(lamp)
    seen = lamp.status
    assert answer(lan, lamp, "bo-sung", seen=seen).status_code == 303
    assert answer(lan, lamp, "bo-sung", seen=seen).status_code == 303
    replies = db.session.scalars(select(Event).where(Event.step == "reply")).all()
    assert len(replies) == 1


def test_two_answers_without_a_key_are_not_mistaken_for_one(lan: FlaskClient, lamp: Report) -> None:
    second = send_report(client_key="hai")
    lan.get(f"/phan-anh/{second.code}/theo-doi/{second.reporter_key}")
    for report in (lamp, second):
        waiting(report)
        assert answer(lan, report, "bo-sung", request_key="").status_code == 303
        assert report.status == Status.IN_PROGRESS


def test_an_answer_to_what_has_moved_on_is_shown_the_news(lan: FlaskClient, lamp: Report) -> None:
    waiting(lamp)
    step(lamp, Step.REJECT, "Đã xử lý theo phản ánh khác", reason="not_found")
    late = answer(lan, lamp, "bo-sung", seen="waiting")
    assert late.status_code == 409
    assert "vừa có thay đổi" in page(late) and "Không xử lý" in page(late)
    assert "Cột số 12" in page(late), "what was typed is not lost"


def test_the_reporter_reopens_within_thirty_days(
    lan: FlaskClient, lamp: Report, stranger: FlaskClient
) -> None:
    resolved(lamp)
    told = page(lan.get(f"/phan-anh/{lamp.code}"))
    assert "Đã thay bóng đèn" in told and "Chưa được xử lý? Mở lại" in told
    assert "Mở lại" not in page(stranger.get(f"/phan-anh/{lamp.code}"))
    assert answer(stranger, lamp, "mo-lai").status_code == 403
    assert answer(lan, lamp, "mo-lai", note="").status_code == 422
    before = len(db.session.scalars(select(Message.id)).all())
    assert answer(lan, lamp, "mo-lai", note="Đêm qua lại tắt").status_code == 303
    assert (lamp.status, lamp.times_reopened) == (Status.IN_PROGRESS, 1)
    assert len(db.session.scalars(select(Message.id)).all()) == before + 1


def test_after_thirty_days_it_is_a_new_report(lan: FlaskClient, lamp: Report, now: Traveller) -> None:
    resolved(lamp)
    now.shift(timedelta(days=30))
    assert "Mở lại" in page(lan.get(f"/phan-anh/{lamp.code}"))
    now.shift(timedelta(seconds=1))
    assert "Mở lại" not in page(lan.get(f"/phan-anh/{lamp.code}"))
    assert answer(lan, lamp, "mo-lai").status_code == 409
    assert lamp.status == Status.RESOLVED


def test_an_expired_answer_keeps_its_words(app_with_csrf: Flask) -> None:
    report = waiting(send_report())
    client = app_with_csrf.test_client()
    client.get(f"/phan-anh/{report.code}/theo-doi/{report.reporter_key}")
    expired = answer(client, report, "bo-sung", csrf_token="cũ")
    assert expired.status_code == 400
    assert "Cột số 12" in page(expired) and "Biểu mẫu đã hết hạn" in page(expired)
    assert report.status == Status.WAITING


def test_a_private_category_shows_strangers_only_where_it_stands(
    lan: FlaskClient, stranger: FlaskClient
) -> None:
    location = send(
        lan, (picture(), "on.jpg"), category="tieng_on", description="Quán nhậu hát đến hai giờ sáng"
    ).location
    report = db.session.scalars(select(Report)).one()
    step(report, Step.RECEIVE, by=None if report.lead_unit.code != "UBND_19333" else "minh")
    shown = stranger.get(location)
    public = page(shown)
    assert shown.status_code == 200
    assert report.lead_unit.name in public and "Đã nhận" in public and "16/11/2026 08:00" in public
    for secret in ("Quán nhậu", "chợ", "/anh/1", "Tiếng ồn", "Phường Đông Hà"):
        assert secret not in public.replace(report.lead_unit.name, ""), secret
    own = page(lan.get(location))
    assert "Quán nhậu hát đến hai giờ sáng" in own and "/anh/1/small" in own


def test_mine_lists_what_this_browser_sent_newest_first(
    lan: FlaskClient, now: Traveller, stranger: FlaskClient
) -> None:
    assert "chưa gửi phản ánh nào" in page(lan.get("/toi/"))
    send(lan, (picture(), "den.jpg"))
    now.shift(timedelta(hours=1))
    send(lan, client_key="hai", description="Nắp cống vỡ trước trường học")
    listed = lan.get("/toi/").text
    assert listed.index("Nắp cống") < listed.index("Đèn đường trước chợ")
    assert "/anh/1/small" in listed
    assert "chưa gửi phản ánh nào" in page(stranger.get("/toi/"))


def test_an_answer_is_never_asked_for(lan: FlaskClient, lamp: Report) -> None:
    for what in ("bo-sung", "mo-lai"):
        refused = lan.get(f"/phan-anh/{lamp.code}/{what}")
        assert refused.status_code == 405 and "không nhận cách gửi" in page(refused)
