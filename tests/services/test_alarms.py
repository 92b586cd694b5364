"""Reminders and breaches: once each, at the right moment, also after a sleep and with several workers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from portal import worker
from portal.core.deadlines import VIETNAM
from portal.core.workflow import Step
from portal.models import Alarm, EscalationRule, Event, Report, db
from tests.factories import empty, send_report, step


@pytest.fixture(autouse=True)
def nobody_above_is_told(app: Flask) -> None:
    empty(EscalationRule)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


def said(report: Report) -> list[tuple[str, str, datetime]]:
    """What the alarms have written into the history."""
    events = select(Event).where(Event.report_id == report.id, Event.actor == "system").order_by(Event.id)
    return [(event.step, event.details["clock"], event.at) for event in db.session.scalars(events)]


def test_a_clock_reminds_once_and_breaks_once(app: Flask, now) -> None:
    """Eight hours to receive: told after six, late after eight; three days to answer, counted at the same time."""
    report, noise = send_report(), send_report()
    step(noise, Step.RECEIVE)
    step(noise, Step.RESOLVE, "Đã thay bóng")
    for moment, rung in (
        ((16, 14, 59), 0),
        ((16, 16, 0), 1),
        ((16, 16, 30), 0),
        ((17, 8, 0), 1),
        ((17, 9, 0), 0),
    ):
        now.move_to(at(*moment))
        assert worker.alarm() == rung, moment
    assert said(report) == [("reminder", "receive", at(16, 16)), ("breach", "receive", at(17, 8))]
    step(report, Step.RECEIVE)
    now.move_to(at(18, 10))
    assert worker.alarm() == 1
    now.move_to(at(19, 8))
    worker.alarm()
    assert said(report)[2:] == [("reminder", "resolve", at(18, 10)), ("breach", "resolve", at(19, 8))]
    assert said(noise) == []
    public = select(Event.public).where(Event.actor == "system").order_by(Event.id)
    assert list(db.session.scalars(public)) == [False, False, False, True]


def test_a_worker_that_slept_tells_of_the_breach_and_not_of_the_reminder(app: Flask, now) -> None:
    report = send_report()
    worker.alarm()
    now.move_to(at(18, 9))
    worker.alarm()
    assert [entry[:2] for entry in said(report)] == [("breach", "receive")]
    worker.alarm()
    assert len(said(report)) == 1


def test_what_was_never_laid_is_told_too(app: Flask, now) -> None:
    report = send_report()
    now.move_to(at(27, 9))
    worker.alarm()
    assert sorted(entry[:2] for entry in said(report)) == [("breach", "receive"), ("breach", "resolve")]


def test_a_pause_moves_the_alarms_with_the_promise(app: Flask, now) -> None:
    report = send_report()
    step(report, Step.RECEIVE)
    worker.alarm()
    step(report, Step.ASK, "Đèn số mấy?")
    now.move_to(at(19, 8))
    worker.alarm()
    assert said(report) == []
    step(report, Step.START)
    assert report.resolve_due_at == at(25, 8)
    worker.alarm()
    now.move_to(at(25, 7, 59))
    worker.alarm()
    now.move_to(at(25, 8))
    worker.alarm()
    assert [entry[:2] for entry in said(report)] == [("reminder", "resolve"), ("breach", "resolve")]


def test_several_workers_ring_an_alarm_once(app: Flask, now) -> None:
    for _ in range(5):
        send_report()
    now.move_to(at(17, 8))

    def work(_: int) -> None:
        with app.app_context():
            worker.alarm()
            db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    events = list(db.session.scalars(select(Event).where(Event.step == "breach")))
    assert len(events) == len({event.report_id for event in events}) == 5
    assert db.session.query(Alarm).filter(Alarm.rung_at.is_not(None)).count() == 5


def test_the_inbox_says_what_runs_out_soon(app: Flask, minh, now) -> None:
    send_report()
    now.move_to(at(16, 16))
    worker.alarm()
    page = minh.get("/can-bo/").text
    assert "sắp hết hạn, còn 2 giờ làm việc" in page
    ticket = minh.get(f"/can-bo/phan-anh/{db.session.scalars(select(Report.code)).one()}").text
    assert "Nhắc đơn vị: sắp hết hạn" in ticket and "Tiếp nhận: hạn 17/11/2026 08:00." in ticket
