"""The outbox: each message once, by one worker at a time, again after a failure, in its reader's language."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import product

import pytest
from flask import Flask, current_app, render_template
from flask.testing import FlaskClient
from flask_babel import force_locale

from portal.adapters.channels import NotSent
from portal.core.answers import segments
from portal.core.workflow import STEPS, Channel, Reason, Step
from portal.models import Contact, Event, Message, Report, Unit, db, end_reading, transaction
from portal.services import notifications
from portal.worker import words
from tests.conftest import MONDAY_8AM
from tests.factories import hire, lawful_step, send_report, step, unit, want_approval

MOST_PARTS = 4  # of an SMS, as the operator bills them
LONGEST_NAME = "Công ty Cổ phần Môi trường và Phát triển đô thị Quảng Bình"
SITE = "https://phananh.quangtri.gov.vn"


class Gateway:
    """A gateway that writes down what it is given and refuses as often as it is told."""

    def __init__(self, refusals: int = 0, error: type[Exception] = NotSent):
        self.sent: list[tuple[str, str]] = []
        self.refusals, self.error = refusals, error

    def send(self, address: str, text: str, *, key: str) -> None:
        if self.refusals:
            self.refusals -= 1
            raise self.error("out of order")
        self.sent.append((address, text))


def deliver(gateway: Gateway, now: datetime, say: Callable[[Message], str] = words) -> int:
    tried = 0
    vault = current_app.extensions["vault"]
    while notifications.deliver_next({"sms": gateway, "mail": gateway}, say, vault=vault, now=now):
        tried += 1
    return tried


def messages() -> list[Message]:
    end_reading()
    return db.session.query(Message).order_by(Message.id).all()


def test_a_message_is_sent_once_to_each_address(app: Flask) -> None:
    send_report(email="lan@example.vn")
    gateway = Gateway()
    assert deliver(gateway, MONDAY_8AM) == 2
    assert [address for address, _text in gateway.sent] == ["+84912345678", "lan@example.vn"]
    assert [(message.state, message.sent_at, message.tries) for message in messages()] == [
        ("sent", MONDAY_8AM, 1)
    ] * 2
    assert deliver(gateway, MONDAY_8AM + timedelta(days=1)) == 0


def test_a_refused_message_is_tried_six_times_at_growing_distances(app: Flask, minh: FlaskClient) -> None:
    report = send_report()
    gateway, now, distances = Gateway(refusals=99), MONDAY_8AM, []
    while (message := messages()[0]).state == "waiting":
        assert deliver(gateway, now) == 1
        if messages()[0].state == "waiting":
            distances.append((messages()[0].due_at - now) // timedelta(minutes=1))
            assert deliver(gateway, messages()[0].due_at - timedelta(seconds=1)) == 0
            now = messages()[0].due_at
    assert distances == [2, 4, 8, 16, 32]
    assert (message.state, message.tries, gateway.refusals) == ("failed", 6, 93)
    ticket, unread = f"/can-bo/phan-anh/{report.code}", "Tin nhắn gần nhất không đến được số điện thoại này."
    assert unread in minh.get(ticket).text, "the unit may call"
    step(report, Step.RECEIVE)
    assert deliver(Gateway(), now) == 1
    assert unread not in minh.get(ticket).text


@pytest.mark.parametrize("fault", ["gateway", "text"])
def test_an_unforeseen_error_holds_up_no_other_message(app: Flask, fault: str) -> None:
    first, second = send_report(), send_report(phone="+84987654321")
    gateway = Gateway(refusals=1, error=ZeroDivisionError) if fault == "gateway" else Gateway()

    def say(message: Message) -> str:
        if fault == "text" and message.report_id == first.id:
            raise LookupError("no such template")
        return words(message)

    assert deliver(gateway, MONDAY_8AM, say) == 2
    assert [address for address, _text in gateway.sent] == ["+84987654321"]
    assert [message.state for message in messages()] == ["waiting", "sent"]
    assert messages()[1].report_id == second.id


def test_who_was_erased_is_told_nothing(app: Flask) -> None:
    report = send_report()
    with transaction():
        db.session.delete(db.session.get(Contact, report.id))
    gateway = Gateway()
    assert deliver(gateway, MONDAY_8AM) == 1
    assert gateway.sent == [] and messages()[0].state == "failed"


def test_a_worker_that_dies_loses_nothing(app: Flask) -> None:
    send_report()

    class Killed(BaseException):
        pass

    with pytest.raises(Killed):
        deliver(Gateway(refusals=1, error=Killed), MONDAY_8AM)
    gateway = Gateway()
    assert deliver(gateway, MONDAY_8AM + timedelta(minutes=1, seconds=59)) == 0, "its lease still runs"
    assert deliver(gateway, MONDAY_8AM + notifications.LEASE) == 1
    assert len(gateway.sent) == 1


def test_a_message_that_kills_every_worker_is_given_up(app: Flask) -> None:
    send_report()
    for number in range(7):
        try:
            deliver(Gateway(refusals=1, error=KeyboardInterrupt), MONDAY_8AM + number * notifications.LEASE)
        except KeyboardInterrupt:
            continue
    assert (messages()[0].state, messages()[0].tries) == ("failed", 7)


def test_a_slow_worker_that_lost_its_lease_does_not_send_again(app: Flask) -> None:
    """It answers 'refused' after another worker has sent the message."""
    send_report()

    class Slow(Gateway):
        def send(self, address: str, text: str, *, key: str) -> None:
            deliver(other, MONDAY_8AM + notifications.LEASE)
            raise NotSent("too late")

    other = Gateway()
    deliver(Slow(), MONDAY_8AM)
    assert len(other.sent) == 1
    assert messages()[0].state == "sent"
    assert deliver(other, MONDAY_8AM + timedelta(days=1)) == 0


def test_no_transaction_is_open_while_the_gateway_works(app: Flask) -> None:
    send_report()
    seen = []

    class Watching(Gateway):
        def send(self, address: str, text: str, *, key: str) -> None:
            seen.append(db.session().in_transaction())

    deliver(Watching(), MONDAY_8AM)
    assert seen == [False]


def test_workers_side_by_side_never_send_the_same_message(app: Flask) -> None:
    for number in range(20):
        send_report(phone=f"+849123456{number:02}")
    gateway = Gateway()

    def work(_worker: int) -> int:
        with app.app_context():
            try:
                return deliver(gateway, MONDAY_8AM)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 20
    assert set(Counter(address for address, _text in gateway.sent).values()) == {1}
    assert len(gateway.sent) == 20 and {message.state for message in messages()} == {"sent"}


def every_kind(language: str) -> Report:
    """A report whose messages are of every kind, as wordy as units and officers can be."""
    note = "Đội chiếu sáng đã thay bóng ở trụ số 12 và kiểm tra cả tuyến, mọi đèn đều sáng lại. " * 12
    report = send_report(email="lan@example.vn", language=language)
    with transaction():
        report.lead_unit.name = report.lead_unit.name_en = LONGEST_NAME
    target = unit("UBND_19351")
    with transaction():
        target.name = target.name_en = LONGEST_NAME
    hire("ngoc", "UBND_19333")
    again = send_report(phone="", consent=False)
    for taken, by, changes in (
        (Step.RECEIVE, "minh", {}),
        (Step.START, "minh", {}),
        (Step.ANSWER, "minh", {}),
        (Step.ASK, "minh", {}),
        (Step.REPLY, None, {}),
        (Step.PAUSE, "minh", {"reason": Reason.INSPECTION}),
        (Step.RESUME, "minh", {}),
        (Step.RESOLVE, "minh", {}),
        (Step.REOPEN, None, {}),
        (Step.FORWARD, "minh", {"to_unit": target.id}),
        (Step.RETURN, "tuan", {"reason": Reason.OTHER_OWNER}),
        (Step.DUPLICATE, "minh", {"original": again.code}),
        (Step.REOPEN, "minh", {}),
        (Step.REDIRECT, "minh", {"channel": Channel.COMPLAINT}),
        (Step.REOPEN, "minh", {}),
        (Step.REJECT, "minh", {"reason": Reason.NOT_FOUND}),
        (Step.REOPEN, "minh", {}),
    ):
        step(report, taken, note, by=by, **changes)
    want_approval()
    step(report, Step.PROPOSE, note)
    lawful_step(report, Step.APPROVE, by="ngoc")
    return report


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_message_is_short_and_leads_to_the_reporters_page(app: Flask, language: str) -> None:
    app.config["SITE_URL"] = SITE
    report = every_kind(language)
    gateway = Gateway()
    deliver(gateway, MONDAY_8AM)
    link = f"{SITE}/phan-anh/{report.code}/theo-doi/{report.reporter_key}"
    texts = [text for address, text in gateway.sent if address.startswith("+")]
    letters = [text for address, text in gateway.sent if "@" in address]
    kinds = {message.kind for message in messages()}
    told = {step for (_, step), rule in STEPS.items() if rule.tells_reporter}
    assert kinds == {"submit", *told - {Step.CORRECT, Step.FALL_BACK, Step.SEPARATE, Step.WITHDRAW}}, (
        "these have tests of their own"
    )
    assert len(texts) == len(letters) == len(kinds) + 3, "reopened four times"
    for text in texts:
        assert segments.length(text).parts <= MOST_PARTS, text
        assert text.endswith(link) or f"{report.code}/tra-loi/" in text.rpartition(" ")[2]
        assert report.code in text and "\n" not in text
    for letter in letters:
        subject, empty, body = letter.split("\n", 2)
        assert report.code in subject and not empty
        assert link in body and "\n\n\n" not in letter
    said = [
        kind
        for kind, letter in zip([m.kind for m in messages() if m.channel == "mail"], letters, strict=True)
        if "trụ số 12" in letter
    ]
    assert sorted(said) == [
        *("answer", "approve", "ask", "forward", "pause", "redirect", "reject", "resolve", "return")
    ]


def test_the_rarer_messages_are_short_too(app: Flask) -> None:
    """What is cut is left whole while it is five signs too long: the longest that stays."""
    app.config["SITE_URL"] = SITE
    report, as_long = send_report(), "là " * 30
    somebody = Unit(name=LONGEST_NAME, name_en=LONGEST_NAME)
    rare = (
        ("answer", as_long[:85], {}),
        ("ask", as_long[:75], {}),
        ("extension", as_long[:75], {}),
        ("followed", as_long[:65], {"twin": report.code, "step": "forward"}),
        ("followed", "", {"twin": report.code, "step": "fall_back"}),
        ("correct", "", {"to_unit": LONGEST_NAME}),
        ("correct", "", {"to_unit": LONGEST_NAME[:45]}),
        ("correct", "", {"category": True}),
        ("correct", "", {}),
        ("fall_back", "", {}),
        ("separate", "", {}),
        ("withdraw", "", {}),
        ("data_request", "", {"kind": "correct", "news": "late"}),
    )
    for language, (kind, note, details) in product(("vi", "en"), rare):
        event = Event(step=kind, note=note, details=details, unit=somebody)
        text = words(Message(report=report, event=event, channel="sms", kind=kind, language=language))
        assert segments.length(text).parts <= MOST_PARTS, text
        assert note in text
    with force_locale("vi"):
        text = render_template("messages/sms/reform.txt", reports=[report] * 30, site=SITE)
    assert segments.length(text).parts <= MOST_PARTS and text.count(report.code) == 3


def test_text_in_a_message_is_not_escaped_for_html(app: Flask) -> None:
    report = send_report()
    step(report, Step.RECEIVE)
    step(report, Step.ASK, 'Trụ "A & B" <số mấy>?')
    gateway = Gateway()
    deliver(gateway, MONDAY_8AM)
    assert 'Trụ "A & B" <số mấy>?' in gateway.sent[-1][1]
