"""The night porter: does what is due, one row at a time, until told to stop. Any number may run side by side."""

import logging
import signal
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from threading import Event as Flag

from flask import Flask, current_app

from portal.adapters.channels import Channel
from portal.core.packs import PackError
from portal.models import db
from portal.services import (
    accounts,
    audit,
    closing,
    evidence,
    notifications,
    reform,
    reports,
    residents,
    waiting,
)
from portal.services.clocks import alarms, assigning, calendar, escalations, recounts
from portal.services.privacy import files, retention, ringing, screening
from portal.web.letters import words

log = logging.getLogger(__name__)
PAUSE_SECONDS = 1.0
LONGEST_DELIVERY = timedelta(minutes=1)
BETWEEN_PURGES = timedelta(hours=1)
BETWEEN_REFORMS = timedelta(minutes=1)


def deliver(channels: Mapping[str, Channel] | None = None, stop: Flag | None = None) -> int:
    """Try every message that is due, until told to stop or for a minute; return how many were tried.

    A gateway that keeps every message waiting must not keep the alarms waiting too.
    """
    tried, vault, until = 0, current_app.extensions["vault"], _now() + LONGEST_DELIVERY
    channels = channels or current_app.extensions["channels"]
    while not (stop and stop.is_set()) and _now() < until:
        if not notifications.deliver_next(channels, words, vault=vault, now=_now()):
            break
        tried += 1
    return tried


def purge() -> None:
    """Forget the photos and documents that no report took within a day, old counts, sessions, links and codes."""
    reports.purge_photos(now=_now())
    evidence.purge_documents(now=_now())
    current_app.extensions["limits"].forget()
    accounts.forget(now=_now())
    residents.forget(now=_now())


def release(stop: Flag) -> None:
    """Take open reports from people whose appointment has ended by its day, one person after the other."""
    while not stop.is_set() and assigning.release_next(now=_now()):
        pass


def close(stop: Flag) -> None:
    """Close what was resolved long ago and not objected to, batch by batch, until told to stop."""
    while not stop.is_set() and closing.close_resolved(now=_now()):
        pass


def alarm(stop: Flag | None = None) -> int:
    """Lay and ring every alarm of the clocks, tell upwards what stays broken, ring for requests about personal data,
    until told to stop.

    Return how many were rung, told or taken away.
    """
    rung = 0
    while not (stop and stop.is_set()) and alarms.lay(now=_now()):
        pass
    while not (stop and stop.is_set()) and alarms.ring_next(now=_now()):
        rung += 1
    for next_one in (escalations.tell_next, ringing.ring_next):
        while not (stop and stop.is_set()) and next_one(now=_now()):
            rung += 1
    return rung


def fall_back(stop: Flag | None = None) -> None:
    """Let the units go on that have waited long enough for a reporter's answer, until told to stop."""
    while not (stop and stop.is_set()) and waiting.fall_back_next(now=_now()):
        pass


def seal(stop: Flag) -> None:
    """Give what was written into the audit and into histories its place in the chain, until told to stop."""
    place = audit.recent()
    while not stop.is_set() and audit.seal(place, now=_now()):
        pass


def verify_days() -> None:
    """Verify the chain of the days that are over and were never verified; a fault stands on the auditors' page too."""
    for fault in audit.verify_ended(now=_now()):
        log.error("the audit does not hold: %s", fault)


def carry_out_reforms() -> None:
    """Carry out every reform whose day has come. One that cannot be waits for a person, who sees why."""
    for reform_id in reform.due(now=_now()):
        try:
            reform.carry_out(reform_id, now=_now())
        except (PackError, reform.Unproven) as error:
            log.exception("reform %s was not carried out", reform_id)
            reform.fail(reform_id, error)


def recount(stop: Flag) -> None:
    """Count open clocks anew where the calendar has changed, batch by batch, until told to stop."""
    while not stop.is_set() and recounts.count_some(now=_now()):
        pass


def screen(stop: Flag) -> None:
    """Mask what is personal in texts of before, batch by batch, until told to stop."""
    vault = current_app.extensions["vault"]
    while not stop.is_set() and screening.screen_some(vault=vault, now=_now()):
        pass


def erase() -> None:
    """Erase, once a day, what has been kept long enough."""
    if retention.is_due(now=_now()):
        retention.run(now=_now())


def delete_files(stop: Flag | None = None) -> None:
    """Delete every file that nothing names any more, until told to stop; one that cannot be waits for the next time."""
    storage, last = current_app.extensions["storage"], 0
    while not (stop and stop.is_set()) and (last := files.delete_some(storage=storage, after=last)):
        pass


def run(app: Flask, stop: Flag, channels: Mapping[str, Channel] | None = None) -> None:
    """Work until `stop` is set. Whatever fails is written to the log and tried again."""
    _say_what_reaches_nobody(app)
    purged = reformed = datetime.min.replace(tzinfo=UTC)
    while not stop.is_set():
        with app.app_context():
            _attempt(lambda: deliver(channels, stop))
            _attempt(lambda: recount(stop))
            _attempt(lambda: fall_back(stop))
            _attempt(lambda: alarm(stop))
            _attempt(lambda: seal(stop))
            if _now() - reformed >= BETWEEN_REFORMS:
                _attempt(carry_out_reforms)
                reformed = _now()
            if _now() - purged >= BETWEEN_PURGES:
                _attempt(purge)
                _attempt(lambda: close(stop))
                _attempt(lambda: release(stop))
                _attempt(verify_days)
                _attempt(lambda: calendar.foresee(now=_now()))
                _attempt(lambda: screen(stop))
                _attempt(erase)
                _attempt(lambda: delete_files(stop))
                purged = _now()
        time.sleep(
            PAUSE_SECONDS
        )  # not stop.wait(): a signal that came while it holds its lock would never end


def run_until_signalled(app: Flask) -> None:
    """Work until SIGINT or SIGTERM; the message in hand is finished first."""
    stop = Flag()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    run(app, stop)


def _say_what_reaches_nobody(app: Flask) -> None:
    for channel in ("SMS", "MAIL"):
        if app.config["ENV"] == "production" and not app.config[f"{channel}_URL"]:
            log.warning("%s reaches nobody but this log: PORTAL_%s_URL is not set", channel, channel)


def _attempt(job: Callable[[], object]) -> None:
    """A database or photo store that is away for a while must not end the worker."""
    try:
        job()
    except Exception:
        log.exception("the worker goes on after an error")
    finally:
        db.session.remove()


def _now() -> datetime:
    return datetime.now(UTC)
