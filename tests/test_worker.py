"""The worker as a process of its own: killed in the middle, stopped politely, surrounded by trouble."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from portal import worker
from portal.adapters.channels import LogChannel
from portal.app import create_app
from portal.config import Config
from portal.models import Message, Photo, db, end_reading, transaction
from portal.services import notifications, reports
from tests.conftest import MONDAY_8AM
from tests.factories import send_report
from tests.processes import APART, send_for_ever, work
from tests.services.test_notifications import Gateway

SECONDS = 30


@pytest.fixture
def start(app: Flask, tmp_path: Path) -> Iterator[Callable[..., BaseProcess]]:
    """Start a worker on the test's database; it is ended with the test."""
    started: list[BaseProcess] = []
    config = Config(DATABASE_URL=app.config["SQLALCHEMY_DATABASE_URI"], INSTANCE=tmp_path)

    def begin(what: Callable[..., None], *given: object) -> BaseProcess:
        process = APART.Process(target=what, args=(config, *given))
        process.start()
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.join()
        process.close()


@pytest.fixture(autouse=True)
def restless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker in this process makes no pause after its round."""
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0)


def wait_until(true: Callable[[], Any]) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def state() -> str:
    end_reading()
    return db.session.query(Message).one().state


def test_killed_in_the_middle_of_a_delivery_it_loses_nothing(
    app: Flask, start: Callable[..., BaseProcess], tmp_path: Path
) -> None:
    send_report()
    mark = tmp_path / "delivering"
    process = start(send_for_ever, mark)
    wait_until(mark.exists)
    process.kill()
    process.join()
    end_reading()
    message = db.session.query(Message).one()
    assert (message.state, message.tries) == ("waiting", 1)
    gateway = Gateway()
    channels = {"sms": gateway, "mail": gateway}
    early, late = message.due_at - timedelta(seconds=1), message.due_at
    vault = app.extensions["vault"]
    assert not notifications.deliver_next(channels, worker.words, vault=vault, now=early)
    assert notifications.deliver_next(channels, worker.words, vault=vault, now=late)
    assert [address for address, _text in gateway.sent] == ["+84912345678"]
    assert state() == "sent"


def test_it_delivers_to_the_log_and_stops_when_told_to(
    app: Flask, start: Callable[..., BaseProcess], tmp_path: Path
) -> None:
    send_report()
    process = start(work, tmp_path / "log")
    wait_until(lambda: state() == "sent")
    process.terminate()
    process.join(2)
    assert process.exitcode == 0
    log = (tmp_path / "log").read_text()
    assert "message to 09xx xxx 678" in log and "912345678" not in log


def run_once(app: Flask, channels: dict[str, Any] | None = None) -> None:
    """One round of the loop: a flag that is found up when it is asked for the next one."""

    class Once(Flag):
        rounds = 0

        def is_set(self) -> bool:
            frame = sys._getframe(1).f_code.co_name
            self.rounds += frame == "run"
            return self.rounds > 1

    worker.run(app, Once(), channels)


def test_a_round_delivers_and_forgets_photos_that_no_report_took(app: Flask, now: Any, photo: bytes) -> None:
    storage = app.extensions["storage"]
    lost = reports.keep_photo(photo, storage=storage, now=MONDAY_8AM).token
    used = reports.keep_photo(photo, storage=storage, now=MONDAY_8AM).token
    send_report(photos=(used,))
    now.move_to(MONDAY_8AM + timedelta(hours=23))
    fresh = reports.keep_photo(photo, storage=storage, now=MONDAY_8AM + timedelta(hours=23)).token
    now.move_to(MONDAY_8AM + timedelta(hours=25))
    run_once(app)
    end_reading()
    assert state() == "sent"
    assert {kept.token for kept in db.session.query(Photo)} == {used, fresh}
    assert storage.get(reports.photo_key(used, "small"))
    with pytest.raises(Exception, match="small"):
        storage.get(reports.photo_key(lost, "small"))


def test_a_slow_gateway_does_not_hold_up_the_rest_of_the_round(app: Flask, now: Any) -> None:
    class Slow:
        def send(self, address: str, text: str, *, key: str) -> None:
            now.shift(timedelta(seconds=40))

    for _ in range(3):
        send_report()
    assert [worker.deliver({"sms": Slow()}) for _ in range(3)] == [2, 1, 0]


def test_trouble_is_logged_and_the_worker_goes_on(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "ENV", "production")
    monkeypatch.setitem(app.config, "MAIL_URL", "smtp://localhost")
    send_report()
    with transaction():
        db.session.execute(text("ALTER TABLE message RENAME TO message_away"))
    run_once(app)
    assert "the worker goes on after an error" in caplog.text
    assert "SMS reaches nobody but this log: PORTAL_SMS_URL is not set" in caplog.text
    assert "MAIL reaches nobody" not in caplog.text
    with transaction():
        db.session.execute(text("ALTER TABLE message_away RENAME TO message"))
    run_once(app)
    assert state() == "sent"


def test_the_log_keeps_addresses_masked_and_in_production_no_word(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        LogChannel(whole=True).send("+84912345678", "xin chào", key="17-a")
        LogChannel(whole=True).send("lan.nguyen@example.vn", "xin chào", key="17-a")
        create_app(Config(ENV="production")).extensions["channels"]["sms"].send(
            "+84987654321", "mật", key="17-a"
        )
    assert "09xx xxx 678: xin chào" in caplog.text and "l…@example.vn: xin chào" in caplog.text
    assert "09xx xxx 321: 3 characters" in caplog.text
    assert not any(word in caplog.text for word in ("912345678", "nguyen", "mật"))
