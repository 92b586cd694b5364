"""Letters to a real SMTP server on this machine: whole, again where it was busy, and never in clear to a stranger."""

import logging
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from flask import Flask

from portal.adapters.channels import NotSent
from portal.adapters.mail import MailChannel
from portal.app import create_app
from portal.config import Config, ConfigError
from portal.models import Message, db, end_reading
from portal.services import notifications
from portal.worker import words
from tests.adapters.conftest import ELSEWHERE, HERE
from tests.conftest import MONDAY_8AM
from tests.factories import send_report
from tests.mailbox import Mailbox
from tests.servers import free_port

FROM = "Cổng phản ánh TP. Đông Hà <phananh@quangtri.example.vn>"


class Office:
    """A mail server's rooms: what arrived, and what it answers to whom."""

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.heard: list[object] = []
        self.strangers: list[str] = []
        self.unread: dict[str, str] = {}
        self.answers: dict[str, list[str]] = {}

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.strangers:
            return self.strangers.pop()
        self.heard.append(address)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answers.get(address):
            return self.answers[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        assert envelope.content.isascii()  # so that no server has to understand more
        if refusal := self.unread.pop(envelope.rcpt_tos[0], ""):
            return refusal
        self.arrived.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    def sign_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, login: LoginPassword
    ) -> AuthResult:
        self.heard.append((login.login, login.password))
        return AuthResult(success=True)


@contextmanager
def server(office: Office, **options: Any) -> Iterator[int]:
    """An SMTP server that is there now; gives its port."""
    running = Controller(office, HERE, free_port(), **options)
    running.start()
    try:
        yield running.port
    finally:
        running.stop()


def test_a_busy_server_gets_it_again_and_what_is_refused_for_good_is_given_up(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    office = Office()
    office.answers = {
        "gone@example.vn": ["550 no gone@example.vn here"],
        "busy@example.vn": ["451 busy@example.vn, come later"],
    }
    office.strangers = ["550 who is phananh@quangtri.example.vn?"]
    office.unread = {"spam@example.vn": "554 no such words, spam@example.vn"}
    for name in ("spam", "gone", "busy", "lan"):
        report = send_report(email=f"{name}@example.vn")

    def at(minutes: int) -> list[tuple[str, int]]:
        now = MONDAY_8AM + timedelta(minutes=minutes)
        while notifications.deliver_next(channels, words, vault=app.extensions["vault"], now=now):
            pass
        end_reading()
        letters = db.session.query(Message).filter_by(channel="mail").order_by(Message.id)
        return [(letter.state, letter.tries) for letter in letters]

    with server(office) as port, caplog.at_level(logging.INFO, "portal"):
        channels = {"sms": Mailbox(), "mail": MailChannel(f"smtp://{HERE}:{port}", FROM)}
        assert at(0) == [("waiting", 1), ("failed", 1), ("waiting", 1), ("sent", 1)]
        [mail] = office.arrived
        assert at(2) == [("failed", 2), ("failed", 1), ("sent", 2), ("sent", 1)]
        assert office.arrived[1]["To"] == "busy@example.vn"
    [sender] = mail["From"].addresses
    assert (mail["To"], f"{sender.display_name} <{sender.addr_spec}>") == ("lan@example.vn", FROM)
    assert mail["Subject"] == f"Đã nhận phản ánh {report.code}"
    assert mail.get_content_type() == "text/plain"
    assert "Chúng tôi đã nhận phản ánh của bạn về “Đèn" in mail.get_content()
    assert f"/theo-doi/{report.reporter_key}\n" in mail.get_content()
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Date"].datetime.tzinfo
    assert mail["Message-ID"].endswith("@quangtri.example.vn>")
    assert len({letter["Message-ID"] for letter in office.arrived}) == 2
    for said in (
        "answered SMTPSenderRefused 550",
        "refused the recipient with 550",
        "refused the recipient with 451",
        "refused the letter with 554",
    ):
        assert f"the mail server {said}" in caplog.text
    assert "example.vn" not in caplog.text


def test_a_server_that_says_nothing_is_left() -> None:
    with socket.create_server((HERE, 0)) as silent:
        channel = MailChannel(f"smtp://{HERE}:{silent.getsockname()[1]}", FROM, seconds=0.2)
        began = time.monotonic()
        with pytest.raises(NotSent):
            channel.send("lan@example.vn", "Chào\n\nChào bạn", key="17-a")
    assert time.monotonic() - began < 2
    with pytest.raises(NotSent):  # and so is one that is not there
        channel.send("lan@example.vn", "Chào\n\nChào bạn", key="17-a")


def test_nothing_goes_in_clear_to_another_machine_nor_to_a_stranger(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, signed_in = Office(), (b"portal", b"a/b")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)

    def send(port: int, scheme: str = "smtp") -> None:
        channel = MailChannel(f"{scheme}://portal:a%2Fb@{ELSEWHERE}:{port}", FROM, seconds=2)
        channel.send("lan@example.vn", "Chào\n\nChào bạn", key="17-a")

    asks = {"authenticator": office.sign_in}
    with server(office, auth_require_tls=False, **asks) as port, pytest.raises(NotSent, match="STARTTLS"):
        send(port)
    by_starttls = server(office, tls_context=tls, require_starttls=True, **asks)
    by_tls = server(office, ssl_context=tls, auth_require_tls=False, **asks)
    with by_starttls as port, by_tls as tls_port:
        for strange in ((port,), (tls_port, "smtps")):
            with pytest.raises(NotSent, match="certificate verify failed"):
                send(*strange)
        assert office.heard == office.arrived == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        send(port)
        send(tls_port, "smtps")
    assert office.heard == [signed_in, "phananh@quangtri.example.vn"] * 2
    assert [mail["Subject"] for mail in office.arrived] == ["Chào"] * 2


def test_settings_of_mail_are_checked_before_anything_starts() -> None:
    def read(url: str, sender: str = FROM) -> Config:
        return Config.from_env({"PORTAL_MAIL_URL": url, "PORTAL_MAIL_FROM": sender})

    for right in ("smtp://mail.example.vn", "smtps://portal:gehe%40im@mail.example.vn:465/"):
        channel = create_app(read(right)).extensions["channels"]["mail"]
        assert (channel.host, channel.port) == ("mail.example.vn", 465 if "smtps" in right else 587)
    for wrong in (
        "http://mail.example.vn",
        "smtp://",
        "smtp://portal:geheim/1@mail.example.vn",
        "smtp://portal:geheim#1@mail.example.vn",
        "smtp://portal:geheim@mail.example.vn:70000",
        "smtp://portal:geheim@[mail",
        "smtp://portal:geheim%E1%BA%A5@mail.example.vn",
        "smtp://:geheim@mail.example.vn",
        "smtp://portal@mail.example.vn",
        "smtp://mail.example.vn/geheim",
    ):
        with pytest.raises(ConfigError, match="PORTAL_MAIL_URL: ") as refusal:
            read(wrong)
        assert "geheim" not in str(refusal.value), wrong
    for strange in ("Lan", "lan@example.vn, tuan@example.vn", "Lan\r\nBcc: x <lan@example.vn>", "<lan@vn>"):
        with pytest.raises(ConfigError, match="PORTAL_MAIL_FROM: "):
            read("smtp://mail.example.vn", strange)
    with pytest.raises(ConfigError, match="PORTAL_MAIL_URL and PORTAL_MAIL_FROM"):
        read("smtp://mail.example.vn", "")
