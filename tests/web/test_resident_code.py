"""A code to phone or e-mail shows what was reported with it on this phone for a year, and tells a stranger nothing."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal import worker
from portal.core.front.limits import LIMITS
from portal.core.workflow import Step
from portal.models import AuditEntry, ContactCode, Device, Message, db
from portal.services import residents
from tests.conftest import MONDAY_8AM
from tests.factories import send_report, step
from tests.mailbox import Mailbox

PHONE = "0912 345 678"
WRONG = "000000"


class Phones:
    """What the worker sends to phones and mailboxes; a code is read off the last message."""

    def __init__(self) -> None:
        self.box = Mailbox()

    def code(self, to: str = "+84912345678") -> str:
        worker.deliver({"sms": self.box, "mail": self.box})
        address, said = self.box.sent[-1]
        assert address == to
        found = re.search(r"\b[0-9]{6}\b", said)
        assert found, said
        return found[0]


def ask(client: FlaskClient, to: str = PHONE) -> None:
    answer = client.post("/toi/ma", data={"to": to})
    assert (answer.status_code, answer.location) == (303, "/toi/ma/nhap")


def enter(client: FlaskClient, code: str) -> Any:
    return client.post("/toi/ma/nhap", data={"code": code})


def test_a_code_shows_my_reports_on_this_phone_until_i_sign_it_out(
    app: Flask, lan: FlaskClient, now: time_machine.Traveller
) -> None:
    phones = Phones()
    mine = [send_report(email=""), send_report(phone="84.912.345.678", email="", category="rac_thai")]
    hers = send_report(phone="0987654321", email="lan@example.vn")
    for address in ("/toi/ma/nhap", "/toi/thiet-bi"):
        assert lan.get(address).status_code == 302
    form = lan.get("/toi/ma").text
    assert 'autocapitalize="none"' in form
    ask(lan)
    form = lan.get("/toi/ma/nhap").text
    assert 'autocomplete="one-time-code"' in form and 'inputmode="numeric"' in form and "09xx xxx 678" in form
    code = phones.code()
    kept = db.session.scalars(select(ContactCode)).one()
    assert code not in (kept.digest, kept.recipient) and "912345678" not in kept.recipient
    assert enter(lan, f" {code[:3]} {code[3:]} ").location == "/toi/"
    assert enter(lan, code).location == "/toi/", "the same form twice"
    later = send_report()
    page = lan.get("/toi/").text
    assert [report.code in page for report in (*mine, later, hers)] == [True, True, True, False]
    step(mine[0], Step.RECEIVE)
    step(mine[0], Step.ASK, "Cột đèn số mấy?")
    asked = lan.get(f"/phan-anh/{mine[0].code}").text
    assert (
        "Đơn vị cần bạn bổ sung" in asked and "Đơn vị cần bạn" not in lan.get(f"/phan-anh/{hers.code}").text
    )
    answered = lan.post(
        f"/phan-anh/{mine[0].code}/bo-sung", data={"seen": "waiting", "note": "Cột số 4 trước chợ"}
    )
    assert answered.status_code == 303
    assert (
        lan.post(f"/phan-anh/{hers.code}/bo-sung", data={"seen": "waiting", "note": "…"}).status_code == 403
    )

    other = app.test_client()
    ask(other)
    assert enter(other, phones.code()).status_code == 303
    first, second = (device.id for device in db.session.scalars(select(Device).order_by(Device.id)))
    page = lan.get("/toi/thiet-bi").text
    assert page.count("<article") == 2 and page.count("máy này</span>") == 1
    assert lan.post(f"/toi/thiet-bi/{second}/thoat").location == "/toi/thiet-bi"
    assert later.code not in other.get("/toi/").text
    assert lan.post("/toi/thiet-bi/99/thoat").status_code == 404
    assert lan.post(f"/toi/thiet-bi/{first}/thoat").location == "/toi/"
    assert later.code not in lan.get("/toi/").text
    deeds = list(db.session.scalars(select(AuditEntry.deed).order_by(AuditEntry.id)))
    assert [deed for deed in deeds if "code" in deed or "device" in deed] == [
        *("ask_code", "enter_code", "ask_code", "enter_code", "end_device", "end_device")
    ]


def test_what_only_this_browser_knows_stays_and_a_year_ends(
    app: Flask, lan: FlaskClient, now: time_machine.Traveller
) -> None:
    phones = Phones()
    report, nameless = send_report(email="Lan@Example.vn", phone=""), send_report(phone="", consent=False)
    lan.get(f"/phan-anh/{nameless.code}/theo-doi/{nameless.reporter_key}")
    ask(lan, "lan@example.vn ")
    assert enter(lan, phones.code("lan@example.vn")).status_code == 303
    first = phones.box.sent[-1][1].splitlines()[0]
    assert re.fullmatch(r"[0-9]{6} là mã xem phản ánh của bạn", first)
    second = app.test_client()
    ask(second, "lan@example.vn")
    enter(second, phones.code("lan@example.vn"))
    page = lan.get("/toi/").text
    assert report.code in page and nameless.code in page and "l…@example.vn" in page
    assert lan.post("/toi/thiet-bi/thoat-het").status_code == 303
    assert report.code not in second.get("/toi/").text and report.code in lan.get("/toi/").text
    own = db.session.scalars(select(Device).where(Device.ended_at.is_(None))).one()
    now.move_to(MONDAY_8AM + timedelta(days=364))
    assert report.code in lan.get("/toi/").text
    lan.get(f"/phan-anh/{nameless.code}/theo-doi/{nameless.reporter_key}")  # the cookie lives for a year more
    now.move_to(MONDAY_8AM + timedelta(days=366))
    page = lan.get("/toi/").text
    assert report.code not in page and nameless.code in page and own.ended_at is None
    residents.forget(now=datetime.now(UTC))
    assert [db.session.query(model).count() for model in (Device, ContactCode)] == [0, 0]
    assert db.session.query(Message).filter_by(kind="code").count() == 0


def test_wrong_expired_spent_and_strange_codes_are_told_apart_and_strangers_learn_nothing(
    app: Flask, lan: FlaskClient, now: time_machine.Traveller
) -> None:
    phones = Phones()
    for typed in ("", "12345", "ten@", "0123456789"):
        assert lan.post("/toi/ma", data={"to": typed}).status_code == 422
    stranger = app.test_client()
    send_report()
    answers = [
        client.post("/toi/ma", data={"to": to}) for client, to in ((lan, PHONE), (stranger, "0987654321"))
    ]
    assert answers[0].status_code == answers[1].status_code == 303
    code = phones.code()
    assert {to for to, _ in phones.box.sent} == {"+84912345678"}, "nobody has reported with the other number"
    pages = [re.sub("09xx xxx ...", "", client.get("/toi/ma/nhap").text) for client in (lan, stranger)]
    assert pages[0] == pages[1]
    wrong = WRONG if code != WRONG else "111111"
    assert enter(lan, "12345").status_code == 422
    told = [[enter(client, wrong) for _ in range(5)] for client in (lan, stranger)]
    for known, unknown in zip(*told, strict=True):
        assert known.status_code == unknown.status_code
        assert re.sub("09xx xxx ...", "", known.text) == re.sub("09xx xxx ...", "", unknown.text)
    assert [answer.status_code for answer in told[0]] == [422, 422, 422, 422, 410]
    assert "Còn 4 lần" in told[0][0].text and "Đã nhập sai 5 lần" in told[0][4].text
    assert enter(lan, code).status_code == 410, "right, but too late"
    ask(lan)
    code = phones.code()
    assert enter(stranger, code).status_code == 410, "the code is another browser's"
    now.move_to(MONDAY_8AM + timedelta(minutes=10))
    late = enter(lan, code)
    assert late.status_code == 410 and "hết hạn" in late.text
    ask(lan)
    code = phones.code()
    copied = app.test_client()
    with lan.session_transaction() as held, copied.session_transaction() as taken:
        taken["code"] = held["code"] | {"token": "another"}
    assert enter(lan, code).status_code == 303
    used = enter(copied, code)
    assert used.status_code == 410 and "đã được dùng" in used.text
    assert db.session.query(Device).count() == 1


def test_nobody_floods_a_phone_nor_tries_its_codes_for_long(app_with_limits: Flask, lan: FlaskClient) -> None:
    send_report()
    most_sent, most_tried = LIMITS["code to contact"][0].most, LIMITS["code of contact"][0].most
    tried = 0
    for _ in range(most_sent):
        ask(lan)
        worker.deliver()
        while tried < most_tried and enter(lan, WRONG).status_code == 422:
            tried += 1
    answer = lan.post("/toi/ma", data={"to": PHONE})
    assert answer.status_code == 429 and "đã được gửi nhiều mã" in answer.text
    assert enter(lan, WRONG).status_code == 429
    ask(app_with_limits.test_client(), "0987654321")
