"""Reminders before a clock runs out and breaches after it: laid ahead, rung once, by any number of workers.

Whoever changes a clock changes `next_due_at` alone. The worker finds the reports whose alarms are laid for another
moment (`alarmed_for`), lays them anew, and rings those whose moment has come, also those that it slept through.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, text, update

from portal.core import deadlines
from portal.core.workflow import Clock
from portal.models import Alarm, Event, Report, db, transaction
from portal.models.clocks import TO_RING
from portal.models.reports import UNALARMED
from portal.services.clocks import escalations
from portal.services.clocks.promises import ONE_MINUTE, due_of, running, timetable

REMINDED_AFTER = dict.fromkeys(Clock, 0.75)  # of the time that was promised
AT_ONCE = 100
REMINDER, BREACH = "reminder", "breach"


class Laid(NamedTuple):
    """One alarm of a report, before it is kept."""

    clock: Clock
    kind: str
    due_at: datetime
    ring_at: datetime


def lay(*, now: datetime) -> int:
    """Lay the alarms of some reports whose next due moment has changed; return how many there were."""
    changed = select(Report.id).where(text(UNALARMED)).order_by(Report.next_due_at, Report.id).limit(AT_ONCE)
    found = list(db.session.scalars(changed))
    if not found:
        return 0
    query = select(Report).where(Report.id.in_(found)).order_by(Report.id)
    with transaction():
        reports = list(db.session.scalars(query))
        mine = [report for report in reports if _taken(report)]
        known = _known(mine)
        rows = [
            {"report_id": report.id, **alarm._asdict()}
            for report in mine
            for alarm in _alarms(report, now)
            if (report.id, alarm.clock, alarm.kind, alarm.due_at) not in known
        ]
        if rows:
            db.session.execute(insert(Alarm), rows)
    return len(found)


def _taken(report: Report) -> bool:
    """Whoever moves the mark lays the alarms; False where another worker did."""
    moved = db.session.execute(
        update(Report)
        .where(Report.id == report.id, Report.next_due_at == report.next_due_at, text(UNALARMED))
        .values(alarmed_for=report.next_due_at)
        .execution_options(synchronize_session=False)
    )
    return bool(moved.rowcount)  # type: ignore[attr-defined]


def _known(reports: list[Report]) -> set[tuple[Any, ...]]:
    """The alarms that these reports have or had."""
    query = select(Alarm.report_id, Alarm.clock, Alarm.kind, Alarm.due_at)
    rows = db.session.execute(query.where(Alarm.report_id.in_([report.id for report in reports])))
    return {tuple(row) for row in rows}


def _alarms(report: Report, now: datetime) -> Iterator[Laid]:
    """A reminder and a breach of each running clock; no reminder of what has run out already."""
    for clock in running(report):
        due = due_of(report, clock)
        if due > now:
            yield Laid(clock, REMINDER, due, _reminder(report, clock))
        yield Laid(clock, BREACH, due, due)


def _reminder(report: Report, clock: Clock) -> datetime:
    share = REMINDED_AFTER[clock]
    if clock is Clock.RECEIVE:
        start, minutes = report.led_since, share * report.receive_minutes
    elif clock is Clock.ASSIGN and report.assign_from:
        start, minutes = report.assign_from, share * report.assign_minutes
    else:
        start, minutes = report.promised_from, share * report.resolve_minutes + report.put_off_minutes
    return deadlines.due(start, int(minutes) * ONE_MINUTE, timetable().calendar(report.hours))


def ring_next(*, now: datetime) -> bool:
    """Ring one alarm whose moment has come, or take away one that means nothing any more; False without any."""
    to_ring = text(TO_RING)
    due = select(Alarm.id).where(to_ring, Alarm.ring_at <= now).order_by(Alarm.ring_at, Alarm.id).limit(1)
    found = db.session.scalar(due)
    if found is None:
        return False
    with transaction():
        rung = db.session.execute(update(Alarm).where(Alarm.id == found, to_ring).values(rung_at=now))
        if rung.rowcount:  # type: ignore[attr-defined]
            alarm = db.session.get_one(Alarm, found)
            _ring(alarm, db.session.get_one(Report, alarm.report_id), now)
    return True


def _ring(alarm: Alarm, report: Report, now: datetime) -> None:
    if not _is_meant(alarm, report, now):
        db.session.execute(delete(Alarm).where(Alarm.id == alarm.id))
        db.session.execute(update(Report).where(Report.id == report.id).values(alarmed_for=None))
        return
    if alarm.kind == BREACH:
        escalations.lay(alarm, report)
    public = alarm.kind == BREACH and alarm.clock == Clock.RESOLVE
    details = {"clock": alarm.clock, "due": alarm.due_at.isoformat()}
    db.session.add(Event.beside(report, alarm.kind, public=public, details=details, at=now))


def _is_meant(alarm: Alarm, report: Report, now: datetime) -> bool:
    """Does the clock still run towards this moment? A reminder that was slept through until the breach is not."""
    clock = Clock(alarm.clock)
    runs = clock in running(report) and due_of(report, clock) == alarm.due_at
    return runs and (alarm.kind == BREACH or alarm.due_at > now)


def reminded(reports: Sequence[Report]) -> set[int]:
    """Those of these reports of whose next due moment people were reminded."""
    query = (
        select(Alarm.report_id)
        .join(Report, Report.id == Alarm.report_id)
        .where(
            Alarm.report_id.in_([report.id for report in reports]),
            Alarm.kind == REMINDER,
            Alarm.rung_at.is_not(None),
            Alarm.due_at == Report.next_due_at,
        )
    )
    return set(db.session.scalars(query))
