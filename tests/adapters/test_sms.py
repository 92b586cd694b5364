"""SMS to a real HTTP gateway on this machine: once, again where it was away, and nothing to a stranger."""

import json
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal import worker
from portal.adapters.channels import NotSent
from portal.adapters.sms import SmsChannel
from portal.app import create_app
from portal.config import Config, ConfigError
from portal.models import Message, db, end_reading
from tests.adapters.conftest import ELSEWHERE, HERE
from tests.factories import send_report

TOKEN = "a-token-of-the-gateway"
BRAND = "QUANG TRI"
LOST, SILENT, STRANGE = "takes it, and the line breaks", "says nothing", "speaks another language"


class Gateway(ThreadingHTTPServer):
    """Answers 202, or in turn what is kept here for a number; `asked` is what it heard, `taken` what goes to phones."""

    def __init__(self) -> None:
        super().__init__((HERE, 0), Desk)
        self.answers: dict[str, list[int | str]] = {}
        self.asked: list[dict[str, str]] = []
        self.taken: dict[str, str] = {}
        self.closing = Event()


class Desk(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append({**said, "path": self.path, "token": self.headers["Authorization"]})
        answers = self.server.answers.get(said["to"])
        answer = answers.pop(0) if answers else 202
        if answer in (LOST, 202):
            self.server.taken.setdefault(said["id"], said["text"])
        if answer == SILENT:
            self.server.closing.wait()
        elif answer == STRANGE:
            self.wfile.write(f"{said['to']}: {said['text']}\r\n".encode())
        elif answer != LOST:
            self.send_response(answer)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(self.requestline.encode())

    def log_message(self, *_said: Any) -> None:
        """It keeps no log."""


@contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[Gateway]:
    with Gateway() as gateway:
        if tls:
            gateway.socket = tls.wrap_socket(gateway.socket, server_side=True)
        Thread(target=gateway.serve_forever, args=(0.01,), daemon=True).start()
        yield gateway
        gateway.closing.set()
        gateway.shutdown()


def channel_to(port: int, scheme: str = "http", host: str = HERE, **options: float) -> SmsChannel:
    return SmsChannel(f"{scheme}://{host}:{port}/send", TOKEN, BRAND, **options)


def test_a_message_arrives_once_and_what_is_refused_for_good_is_given_up(
    app: Flask, lan: FlaskClient, now: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    numbers = [f"+8491234567{digit}" for digit in range(4)]
    for number in numbers:
        send_report(phone=number)
    lan.post("/toi/ma", data={"to": numbers[3]})

    def after(minutes: int) -> list[tuple[str, int]]:
        now.shift(timedelta(minutes=minutes))
        worker.deliver({"sms": channel})
        end_reading()
        return [(sms.state, sms.tries) for sms in db.session.query(Message).order_by(Message.id)]

    with running() as gateway, caplog.at_level(logging.INFO):
        channel = channel_to(gateway.server_port)
        answers = [422], [503, 429], [LOST], [202, LOST]
        gateway.answers = dict(zip(numbers, answers, strict=True))
        assert after(0) == [("failed", 1), ("waiting", 1), ("waiting", 1), ("sent", 1), ("waiting", 1)]
        assert after(2) == [("failed", 1), ("waiting", 2), ("sent", 2), ("sent", 1), ("sent", 2)]
        assert after(4) == [("failed", 1), ("sent", 3), ("sent", 2), ("sent", 1), ("sent", 2)]
    asked = {number: [said for said in gateway.asked if said["to"] == number] for number in numbers}
    assert [len(said) for said in asked.values()] == [1, 3, 2, 3]
    for said in gateway.asked:
        assert said.keys() == {"to", "text", "from", "id", "path", "token"}
        assert (said["from"], said["path"], said["token"]) == (BRAND, "/send", f"Bearer {TOKEN}")
    for number in numbers[1:3]:
        assert len({(said["id"], said["text"]) for said in asked[number]}) == 1
    _told, first, second = asked[numbers[3]]
    assert first["text"] != second["text"] and first["id"] != second["id"], (
        "a code drawn anew is another message"
    )
    assert len(gateway.taken) == 5, "two messages, and the one whose answer was lost once; both codes"
    assert "will not be sent: the SMS gateway answered 422" in caplog.text
    assert "was not sent (try 1): the SMS gateway answered 503" in caplog.text
    assert "9123456" not in caplog.text and "phản ánh" not in caplog.text and TOKEN not in caplog.text


def test_only_what_is_said_of_the_message_is_for_good() -> None:
    def send(channel: SmsChannel) -> str:
        with pytest.raises(NotSent) as caught:
            channel.send("+84912345678", "Mã của bạn: 123456", key="17-a")
        assert not any(word in str(caught.value) for word in ("912345678", "123456"))
        return caught.type.__name__

    with running() as gateway:
        channel = channel_to(gateway.server_port, seconds=0.2)
        for answers, outcome in (
            ([400, 410, 413, 422], "Refused"),
            ([301, 302, 307, 308], "NotSent"),
            ([401, 402, 403, 404, 408, 425, 429, 500, 503, LOST, STRANGE, SILENT], "NotSent"),
        ):
            for answer in answers:
                gateway.answers["+84912345678"] = [answer]
                assert send(channel) == outcome, answer
        for taken in (200, 201, 202, 204):
            gateway.answers["+84912345678"] = [taken]
            channel.send("+84912345678", "Mã của bạn: 123456", key="17-a")
        assert {(said["path"], said["id"]) for said in gateway.asked} == {("/send", "17-a")}
    assert send(channel) == "NotSent", "nobody is there"


def test_nothing_goes_to_a_gateway_that_cannot_prove_its_name(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    with running(tls) as gateway:

        def send(host: str) -> None:
            channel_to(gateway.server_port, "https", host, seconds=2).send("+84912345678", "Chào", key="17-a")

        with pytest.raises(NotSent, match="certificate verify failed"):
            send(ELSEWHERE)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with pytest.raises(NotSent, match="certificate verify failed"):
            send("localhost")
        assert gateway.asked == []
        send(ELSEWHERE)
        assert list(gateway.taken.values()) == ["Chào"]


def test_settings_of_sms_are_checked_before_anything_starts() -> None:
    right = {"URL": "https://sms.example.vn/v1/send", "TOKEN": TOKEN, "FROM": BRAND}

    def read(**changes: str) -> Config:
        return Config.from_env({f"PORTAL_SMS_{name}": said for name, said in (right | changes).items()})

    assert isinstance(create_app(read()).extensions["channels"]["sms"], SmsChannel)
    for url in ("http://127.0.0.1:8080", "http://localhost/sms", "http://[::1]:1401/send"):
        assert url == read(URL=url).SMS_URL
    for name, wrong in (
        ("URL", "http://sms.example.vn/send"),
        ("URL", "ftp://127.0.0.1/send"),
        ("URL", "https:///send"),
        ("URL", "https://portal:geheim@sms.example.vn"),
        ("URL", "https://sms.example.vn/send?key=geheim"),
        ("URL", "https://sms.example.vn:70000/geheim"),
        ("URL", "https://sms.example.vn/send geheim"),
        ("TOKEN", "geheim"),
        ("TOKEN", "geheim\r\nX-Other: geheim-geheim"),
        ("FROM", "QUANG TRI TINH"),
        ("FROM", "Quảng Trị"),
    ):
        with pytest.raises(ConfigError, match=f"PORTAL_SMS_{name}: ") as refusal:
            read(**{name: wrong})
        assert "geheim" not in str(refusal.value), wrong
    for name in right:
        with pytest.raises(ConfigError, match="PORTAL_SMS_URL, PORTAL_SMS_TOKEN and PORTAL_SMS_FROM"):
            read(**{name: ""})
