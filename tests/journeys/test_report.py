"""A report's whole life: Lan sends, Minh asks and resolves, Lan follows and reopens."""

import re
from collections.abc import Callable
from threading import Barrier, Thread

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal import worker
from portal.adapters.channels import Channel
from portal.core.workflow import Status, Step
from portal.models import Event, Message, Photo, Report, db
from tests.factories import step
from tests.web.resident_form import DONG_HA, FILLED, page, send

CONTACT = {"phone": "0912 345 678", "name": "Trần Thị Lan", "consent": "y"}


class Letterbox(Channel):
    """Keeps what would have gone to the reporter's phone."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str]] = []

    def send(self, address: str, text: str, *, key: str) -> None:
        self.letters.append((address, text))


def delivered() -> list[str]:
    box = Letterbox()
    worker.deliver({"sms": box, "mail": box})
    assert {address for address, _text in box.letters} <= {"+84912345678"}
    return [text for _address, text in box.letters]


def test_a_lamp_is_reported_from_a_phone_and_followed_to_its_end(
    app: Flask, lan: FlaskClient, photo: bytes
) -> None:
    # In the street: a photo, a position, too few words, and the ward not confirmed yet.
    first = send(
        lan, (photo, "IMG_2041.jpg"), area="", description="đèn tắt", located="device", **DONG_HA, **CONTACT
    )
    assert first.status_code == 422
    kept = re.findall(r'name="kept" value="([\w-]+)"', first.text)
    nearest = re.findall(r'id="near-(\d+)"', first.text)
    assert len(kept) == 1 and len(nearest) == 3

    # Mended and sent: a code, the unit that has it, the promise, a link of one's own.
    sent = send(lan, kept=kept, area="19333", located="device", **DONG_HA, **CONTACT)
    assert sent.status_code == 303
    receipt = page(lan.get(sent.location))
    report = db.session.scalars(select(Report)).one()
    assert report.code in receipt and report.lead_unit.name in receipt and "Hẹn xử lý" in receipt
    assert lan.get(f"{sent.location}/anh/1/large").mimetype == "image/webp"
    (greeting,) = delivered()
    own_link = f"/phan-anh/{report.code}/theo-doi/{report.reporter_key}"
    assert report.code in greeting and own_link in greeting

    # The ward takes it and asks; Lan answers from the link on another phone.
    step(report, Step.RECEIVE)
    step(report, Step.ASK, "Cột đèn số mấy?")
    assert len(delivered()) == 2
    tablet = app.test_client()
    tablet.get(own_link)
    assert "Cột đèn số mấy?" in page(tablet.get(sent.location))
    tablet.post(
        f"{sent.location}/bo-sung", data={"note": "Cột số 12", "seen": report.status, "request_key": "a"}
    )
    assert report.status == Status.IN_PROGRESS

    # Resolved, still dark, reopened, resolved again.
    step(report, Step.RESOLVE, "Đã thay bóng")
    lan.post(
        f"{sent.location}/mo-lai", data={"note": "Lại tắt rồi", "seen": report.status, "request_key": "b"}
    )
    assert report.status == Status.IN_PROGRESS
    step(report, Step.RESOLVE, "Đã thay cả chấn lưu")
    told = page(
        app.test_client().get("/tra-cuu", query_string={"ma": report.code.lower()}, follow_redirects=True)
    )
    for line in (
        "Đã xử lý",
        "Cột đèn số mấy?",
        "Cột số 12",
        "Đã thay bóng",
        "Lại tắt rồi",
        "Đã thay cả chấn lưu",
    ):
        assert line in told
    assert "0912" not in told and "Trần Thị Lan" not in told
    assert len(delivered()) == 3


def test_the_same_form_sent_again_is_the_same_report(lan: FlaskClient, photo: bytes) -> None:
    first, again = (send(lan, (photo, "IMG_1.jpg"), **CONTACT) for _tap in range(2))
    assert first.location == again.location
    assert counted() == (1, 1, 1)
    assert db.session.scalar(select(func.count(Photo.id)).where(Photo.report_id.is_not(None))) == 1
    other = send(lan, **{**CONTACT, "description": "Một việc khác ở cùng chỗ này"})
    assert other.location != first.location


def test_two_taps_at_the_same_moment_are_one_report(app: Flask, photo: bytes) -> None:
    start, answers = Barrier(4), []

    def tap() -> None:
        with app.app_context():
            client = app.test_client()
            start.wait()
            answers.append(send(client, (photo, "IMG_1.jpg"), **CONTACT))
            db.session.remove()

    at_once(tap, 4)
    assert [answer.status_code for answer in answers] == [303] * 4
    assert len({answer.location for answer in answers}) == 1
    assert counted() == (1, 1, 1)


def test_two_answers_at_the_same_moment_are_one(app: Flask, lan: FlaskClient) -> None:
    location = send(lan, **CONTACT).location
    report = db.session.scalars(select(Report)).one()
    step(report, Step.RECEIVE)
    step(report, Step.ASK, "Cột số mấy?")
    own_link = f"{location}/theo-doi/{report.reporter_key}"
    start, answers = Barrier(2), []

    def tap() -> None:
        with app.app_context():
            client = app.test_client()
            client.get(own_link)
            start.wait()
            data = {"note": "Cột số 12", "seen": "waiting", "request_key": "mot-bieu-mau"}
            answers.append(client.post(f"{location}/bo-sung", data=data).status_code)
            db.session.remove()

    at_once(tap, 2)
    assert answers == [303, 303]
    assert db.session.scalar(select(func.count(Event.id)).where(Event.step == "reply")) == 1


def test_without_javascript_nothing_but_the_form_is_needed(lan: FlaskClient) -> None:
    form = lan.get("/phan-anh/moi").text
    typed = {name: FILLED[name] for name in ("category", "description", "area")}
    key = re.search(r'name="client_key" type="hidden" value="(\w+)"', form)
    assert key
    sent = lan.post(
        "/phan-anh/moi", data={**typed, "client_key": key[1], "latitude": "", "longitude": "", "located": ""}
    )
    assert sent.status_code == 303
    assert "Cảm ơn bạn" in lan.get(sent.location).text


def at_once(tap: Callable[[], None], times: int) -> None:
    threads = [Thread(target=tap) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()


def counted() -> tuple[int, int, int]:
    """How many reports, first events and messages there are."""
    kinds = (Report.id, Event.id, Message.id)
    return tuple(db.session.scalar(select(func.count(kind))) for kind in kinds)
