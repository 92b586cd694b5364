"""Requests about personal data: they ring before and after their day, are put off once, and end what they ask for."""

from datetime import UTC, datetime, timedelta

from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import Traveller

from portal import worker
from portal.models import Appointment, DataRequest, Event, Message, Report, db, transaction
from portal.services.privacy import requests, ringing
from tests.conftest import APPOINTED, MONDAY_8AM
from tests.factories import account, hire, seat, send_report, unit
from tests.services.test_notifications import Gateway
from tests.web.resident_form import page


def now_is() -> datetime:
    return datetime.now(UTC)


def ask(report: Report, kind: str, words: str = "") -> DataRequest:
    vault, key = current_app.extensions["vault"], f"{kind}-{report.id}"
    return requests.ask(report, kind, words=words, request_key=key, vault=vault, now=MONDAY_8AM)


def delivered(gateway: Gateway) -> list[str]:
    """What was sent since it was last asked."""
    worker.deliver({"sms": gateway, "mail": gateway})
    said = [text for _to, text in gateway.sent]
    gateway.sent.clear()
    return said


def test_a_request_rings_in_time_and_when_its_day_has_passed(
    app: Flask, lan: FlaskClient, ha: FlaskClient, now: Traveller
) -> None:
    report, quiet, gateway = send_report(), send_report(phone=""), Gateway()
    with transaction():
        account("ha").email = "ha@quangtri.example.vn"
    asked = ask(report, "correct", "Đèn trước trường tắt")
    ask(quiet, "erase")
    delivered(gateway)

    def at(**after: float) -> list[str]:
        now.move_to(MONDAY_8AM + timedelta(**after))
        while ringing.ring_next(now=now_is()):
            pass
        return delivered(gateway)

    assert at(hours=35) == []
    assert "hạn luật định" not in page(ha.get("/quan-tri/don-vi"))
    first = at(hours=36)
    assert "2 yêu cầu về dữ liệu cá nhân sắp đến hạn" in page(ha.get("/quan-tri/don-vi"))
    assert len(first) == 2 and all("Sắp đến hạn" in said for said in first)
    assert f"/quan-tri/du-lieu-ca-nhan/{asked.id}" in "".join(first) and "18/11/2026 08:00" in first[0]
    late = at(days=8)
    assert len(late) == 2, "of what was slept through only the last is said"
    assert sorted(said.split(" trả lời")[0] for said in late) == ["Quá hạn", "Sắp đến hạn"]
    assert ringing.counted(seat("ha"), now=now_is()) == (0, 2)
    seen = page(ha.get("/quan-tri/don-vi"))
    assert "2 yêu cầu về dữ liệu cá nhân đã quá hạn" in seen

    requests.put_off(asked.id, because="Cần hỏi đơn vị xử lý", by=seat("ha"), now=now_is())
    (heard,) = delivered(gateway)
    assert report.code in heard and "hẹn lại" in heard
    assert ringing.counted(seat("ha"), now=now_is()) == (0, 1), "whoever was told a day had a reply"
    assert len(at(days=16)) == 2, "one nears its day each"
    reporter, *staff = sorted(at(days=20), key=lambda said: "Chào" in said)
    assert "quá hạn trả lời" in reporter and len(staff) == 2
    events = select(Event.details["news"].as_string()).filter_by(step="data_request").order_by(Event.id)
    assert db.session.scalars(events).all() == ["put_off", "late", "late"]
    own = f"/phan-anh/{report.code}"
    lan.get(f"{own}/theo-doi/{report.reporter_key}")
    assert "không trả lời đúng hạn" in page(lan.get(f"{own}/du-lieu"))
    assert "dữ liệu cá nhân" not in page(app.test_client().get(own)).split("Diễn biến")[1]

    vault = app.extensions["vault"]
    requests.decide(asked.id, grant=False, reason="Trùng ý", by=seat("ha"), vault=vault, now=now_is())
    assert "không làm được" in delivered(gateway)[0]
    assert at(days=99) == [] and db.session.query(DataRequest.ring_at).filter_by(state="open").one() == (
        None,
    )


def test_only_who_may_decide_is_told_and_nobody_of_what_is_decided_meanwhile(
    app: Flask, now: Traveller
) -> None:
    report, gateway = send_report(phone="", about_officials=True), Gateway()
    both = hire("hai-vai", None, "administrator")
    with transaction():
        account("ha").email, both.email = "ha@quangtri.example.vn", "hai-vai@quangtri.example.vn"
        both.appointments.append(Appointment(role="officer", unit=unit("UBND_19333"), since=APPOINTED))
    asked = ask(report, "erase")
    now.move_to(MONDAY_8AM + timedelta(days=3))
    worker.alarm()
    told = select(Message.account_id).filter_by(data_request_id=asked.id)
    assert db.session.scalars(told).all() == [account("ha").id], "not who is of the office that it is about"
    vault = app.extensions["vault"]
    requests.decide(asked.id, grant=False, reason="Lợi ích công", by=seat("ha"), vault=vault, now=now_is())
    assert delivered(gateway) == []
    assert db.session.scalars(select(Message.state).filter_by(data_request_id=asked.id)).all() == ["failed"]
