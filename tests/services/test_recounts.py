"""Counting open clocks anew: what moves, what stays, what is written down, and that nothing is counted twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree
from threading import Event as Flag

import pytest
from flask import Flask
from sqlalchemy import select

from portal import worker
from portal.core.deadlines import VIETNAM
from portal.core.errors import Conflict, NotAllowed, NotFound, Stale
from portal.core.workflow import Step
from portal.models import ClockMove, Event, Holiday, Recount, Seat, Unit, db, end_reading
from portal.services import directory, records, territory
from portal.services.clocks import calendar, recounts
from portal.services.clocks.calendar import DayWords, LevelWords
from tests.factories import seat, send_report, step
from tests.packs import QUANG_TRI

STORM = DayWords("Nghỉ tránh bão", "off", "official", "Công điện của Chủ tịch UBND tỉnh")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


def ha() -> Seat:
    return seat("ha")


def level(minutes: int, **named: str | None) -> LevelWords:
    names = {"category_code": None, "priority": None, "unit_code": None} | named
    return LevelWords(
        **names,
        receive_minutes=60,
        assign_minutes=60,
        resolve_minutes=minutes,
        round_the_clock=False,
        legal_basis="QĐ",
    )


def today() -> datetime:
    return datetime.now(UTC)


def moved() -> list[tuple[int, str, datetime, datetime]]:
    """What the recounts have moved so far, once the worker has done all of them."""
    worker.recount(Flag())
    end_reading()
    rows = select(ClockMove).order_by(ClockMove.report_id, ClockMove.clock)
    return [
        (move.report_id, move.clock, move.old_due_at, move.new_due_at) for move in db.session.scalars(rows)
    ]


def test_a_storm_moves_the_clocks_that_run_and_no_others(app: Flask, now) -> None:
    unreceived, received, closed, urgent = (
        send_report(),
        send_report(),
        send_report(),
        send_report(category="thien_tai"),
    )
    for report in (received, closed):
        step(report, Step.RECEIVE)
    step(closed, Step.RESOLVE, "Đã thay bóng")
    calendar.add_day(date(2026, 11, 17), STORM, by=ha(), now=today())
    assert moved() == [
        (unreceived.id, "receive", at(17, 8), at(18, 8)),
        (unreceived.id, "resolve", at(19, 8), at(20, 8)),
        (received.id, "resolve", at(19, 8), at(20, 8)),
    ]
    assert (unreceived.next_due_at, received.next_due_at) == (at(18, 8), at(20, 8))
    assert closed.next_due_at is None and urgent.receive_due_at == at(16, 9)
    recount = recounts.latest()[0]
    assert (recount.moved, recount.done_at, recount.asked_by.username) == (3, today(), "ha")
    assert recount.cause == {"what": "day", "name": "17/11/2026"}
    told = db.session.scalars(
        select(Event).where(Event.step == "recount", Event.report_id == received.id)
    ).one()
    assert (told.public, datetime.fromisoformat(told.details["due"])) == (False, at(20, 8))
    calendar.remove_day(
        date(2026, 11, 17), seen=records.version(calendar.day(date(2026, 11, 17))), by=ha(), now=today()
    )
    assert len(moved()) == 6
    assert (unreceived.receive_due_at, unreceived.resolve_due_at) == (at(17, 8), at(19, 8))


def test_pauses_stay_granted_and_a_report_that_waits_goes_on_later(app: Flask, now) -> None:
    paused, waiting = send_report(), send_report()
    for report in (paused, waiting):
        step(report, Step.RECEIVE)
        step(report, Step.ASK, "Đèn số mấy?")
    now.move_to(at(16, 10))
    step(paused, Step.START)
    calendar.add_day(date(2026, 11, 18), STORM, by=ha(), now=today())
    assert len(moved()) == 2
    assert paused.resolve_due_at == paused.next_due_at == at(20, 10)
    assert waiting.next_due_at is None
    step(waiting, Step.START)
    assert waiting.resolve_due_at == at(20, 10)


def test_other_hours_of_a_unit_move_its_own_reports_alone(app: Flask) -> None:
    mine, other = send_report(), send_report(area="19351")
    kept = db.session.get_one(Unit, mine.lead_unit_id)
    names = directory.UnitWords.__dataclass_fields__
    words = directory.UnitWords(
        **{name: getattr(kept, name) for name in names} | {"office_hours": "mon-fri 07:30-11:30"}
    )
    directory.change_unit(kept.id, words, seen=records.version(kept), by=ha(), now=today())
    assert {move[0] for move in moved()} == {mine.id}
    assert (mine.receive_due_at, mine.resolve_due_at) == (at(18, 8), at(25, 8))
    assert other.resolve_due_at == at(19, 8)


def test_a_service_level_changes_the_promises_of_which_it_speaks(app: Flask) -> None:
    """And leaves alone what a category promised before its own clocks were edited."""
    lamp, waste = send_report(), send_report(category="rac_thai")
    for category in ("den_duong", "rac_thai"):
        directory.category(category).resolve_minutes = 960
    db.session.flush()
    kept = calendar.add_level(level(480, category_code="den_duong"), by=ha(), now=today())
    assert [move[:2] for move in moved()] == [(lamp.id, "receive"), (lamp.id, "resolve")]
    assert (lamp.receive_due_at, lamp.resolve_due_at) == (at(16, 9), at(17, 8))
    assert waste.resolve_due_at == at(19, 8)
    seen = records.version(kept)
    calendar.change_level(kept.id, level(960, category_code="den_duong"), seen=seen, by=ha(), now=today())
    moved()
    assert lamp.resolve_due_at == at(18, 8)
    with pytest.raises(Stale):
        calendar.remove_level(kept.id, seen=seen, by=ha(), now=today())
    calendar.remove_level(kept.id, seen=records.version(kept), by=ha(), now=today())
    calendar.remove_level(kept.id, seen="", by=ha(), now=today())
    moved()
    assert lamp.receive_due_at == at(17, 8)


def test_a_recount_goes_on_where_it_stopped_and_counts_nothing_twice(app: Flask, monkeypatch) -> None:
    monkeypatch.setattr(recounts, "AT_ONCE", 2)
    for _ in range(5):
        send_report()
    calendar.add_day(date(2026, 11, 17), STORM, by=ha(), now=today())
    assert recounts.count_some(now=today())
    assert db.session.scalars(select(Recount)).one().moved == 4

    def work(_: int) -> None:
        with app.app_context():
            worker.recount(Flag())
            db.session.remove()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    end_reading()
    recount = db.session.scalars(select(Recount)).one()
    assert (recount.moved, recount.done_at) == (10, today())
    assert (
        db.session.query(ClockMove).count() == db.session.query(Event).filter_by(step="recount").count() == 10
    )


def test_a_pack_with_another_holiday_moves_clocks_too_and_leaves_edited_days_alone(
    app: Flask, tmp_path: Path
) -> None:
    report = send_report()
    day = calendar.add_day(date(2026, 11, 18), STORM, by=ha(), now=today())
    assert day.edited_at == today()
    pack = Path(copytree(QUANG_TRI, tmp_path / "pack"))
    with (pack / "holidays.csv").open("a", encoding="utf-8") as file:
        file.write("2026-11-17,Nghỉ bão,off,official,Công điện\r\n")
        file.write("2026-11-18,Ngày thường,off,projected,Gói dữ liệu\r\n")
    changes = territory.load(pack, now=today())
    assert changes.tables["holidays.csv"].added == 1
    assert db.session.get_one(Holiday, date(2026, 11, 18)).name == STORM.name
    moved()
    assert report.resolve_due_at == at(23, 8)


def test_what_a_calendar_may_not_say(app: Flask) -> None:
    monday, by = date(2026, 11, 16), ha()
    with pytest.raises(Conflict) as wrong:
        calendar.add_day(monday, DayWords("Làm bù", "work", "official", "VB"), by=by, now=today())
    assert wrong.value.details["reason"] == "worked_anyway"
    calendar.add_day(monday, STORM, by=by, now=today())
    assert calendar.add_day(monday, STORM, by=by, now=today()).name == STORM.name
    with pytest.raises(Conflict) as wrong:
        calendar.add_day(monday, DayWords("Khác", "off", "official", "VB"), by=by, now=today())
    assert wrong.value.details["reason"] == "day_taken"
    for words, reason in (
        (level(480), "names_nothing"),
        (level(480, category_code="khong_co"), "not_there"),
        (level(480, unit_code="KHONG_CO"), "not_there"),
    ):
        with pytest.raises(Conflict) as wrong:
            calendar.add_level(words, by=by, now=today())
        assert wrong.value.details["reason"] == reason
    assert calendar.add_level(level(480, unit_code="UBND_19333"), by=by, now=today()).id
    with pytest.raises(Conflict) as wrong:
        calendar.add_level(level(960, unit_code="UBND_19333"), by=by, now=today())
    assert wrong.value.details["reason"] == "level_taken"
    with pytest.raises(NotFound):
        calendar.change_level(999, level(480, unit_code="UBND_19333"), seen="", by=by, now=today())
    minh = seat("minh")
    with pytest.raises(NotAllowed):
        calendar.add_day(date(2026, 12, 1), STORM, by=minh, now=today())
    assert db.session.query(Recount).count() == 2
