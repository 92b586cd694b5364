"""The night porter: does what is due, one row at a time, until told to stop. Any number may run side by side."""

import logging
import signal
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from threading import Event as Flag

from flask import Flask, current_app, render_template
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError

from portal.adapters.channels import Channel, LogChannel
from portal.adapters.storage import StorageError
from portal.models import Message, db
from portal.services import notifications, reports

log = logging.getLogger(__name__)
CHANNELS: Mapping[str, Channel] = {"sms": LogChannel(), "mail": LogChannel()}
PAUSE_SECONDS = 1.0
BETWEEN_PURGES = timedelta(hours=1)


def words(message: Message) -> str:
    """The message's text in its own language; no request is at hand here."""
    report, site = message.report, current_app.config["SITE_URL"]
    with force_locale(message.language):
        return render_template(
            f"messages/{message.channel}/{message.kind}.txt",
            report=report,
            event=message.event,
            link=f"{site}/phan-anh/{report.code}/theo-doi/{report.reporter_key}",
        ).strip()


def deliver(now: datetime, channels: Mapping[str, Channel] = CHANNELS) -> int:
    """Send every message that is due; return how many were tried."""
    tried = 0
    while notifications.deliver_next(channels, words, now=now):
        tried += 1
    return tried


def run(app: Flask, stop: Flag) -> None:
    """Work until `stop` is set. A database or store that is away for a while is waited for."""
    purged = datetime.min.replace(tzinfo=UTC)
    while not stop.is_set():
        now = datetime.now(UTC)
        with app.app_context():
            try:
                deliver(now)
                if now - purged >= BETWEEN_PURGES:
                    reports.purge_photos(storage=app.extensions["storage"], now=now)
                    purged = now
            except (OperationalError, StorageError):
                log.exception("waiting for the database or the photo store")
            finally:
                db.session.remove()
        stop.wait(PAUSE_SECONDS)


def run_until_signalled(app: Flask) -> None:
    """Work until SIGINT or SIGTERM; the step in hand is finished first."""
    stop = Flag()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    run(app, stop)
