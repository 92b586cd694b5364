"""Counting open clocks anew after the calendar, office hours or a service level changed, with a log of what moved.

The wish is a row that is saved with the change; the worker counts in batches and goes on where it, or another one,
stopped. What was promised in minutes stays promised, but where a service level itself was changed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import joinedload

from portal.core.workflow import OPEN, Clock
from portal.models import ClockMove, Event, Recount, Report, Seat, db, transaction
from portal.services import records
from portal.services.clocks import promises
from portal.services.clocks.promises import ONE_MINUTE, Terms, Values, due_of

AT_ONCE = 100
SHOWN = 10


def ask(cause: Values, *, by: Seat | None, now: datetime) -> None:
    """Let the worker count open clocks anew; call it in the transaction that changes what they go by.

    `cause`: {"what": 'day', 'year', 'hours', 'level' or 'pack', "name": what was changed}, and for a level what it
    names
    ('category', 'priority', 'unit'; None for any).
    """
    db.session.add(Recount(cause=cause, asked_at=now, asked_by_id=by.account_id if by else None))


def latest() -> Sequence[Recount]:
    """The last recounts, newest first."""
    query = select(Recount).order_by(Recount.id.desc()).limit(SHOWN)
    return db.session.scalars(query.options(joinedload(Recount.asked_by))).all()


def moves(recount_id: int, page: int) -> tuple[Recount, records.Page]:
    """A recount and one page of the due dates that it moved. Raises NotFound, NoSuchPage."""
    recount = records.found(Recount, recount_id)
    query = select(ClockMove).where(ClockMove.recount_id == recount.id)
    query = query.order_by(ClockMove.report_id, ClockMove.clock).options(joinedload(ClockMove.report))
    return recount, records.page_of(query, page)


def count_some(*, now: datetime) -> bool:
    """Count the next batch of the oldest recount that is not done; False where all are."""
    query = select(Recount.id).where(Recount.done_at.is_(None)).order_by(Recount.id).limit(1)
    found = db.session.scalar(query)
    if found is None:
        return False
    with transaction():
        recount = db.session.get_one(Recount, found)
        batch = _batch(recount.last_report_id)
        if _taken(recount, batch, now):
            moved = [move for report in batch for move in _count(report, recount, now)]
            if moved:
                db.session.execute(insert(ClockMove), moved)
                recount.moved += len(moved)
    return True


def _batch(after: int) -> list[Report]:
    """Open reports, locked: a step that is taken meanwhile waits for the batch or is counted with it."""
    query = (
        select(Report).where(Report.status.in_(OPEN), Report.id > after).order_by(Report.id).limit(AT_ONCE)
    )
    return list(db.session.scalars(query.with_for_update()))


def _taken(recount: Recount, batch: list[Report], now: datetime) -> bool:
    """Whoever moves the mark has counted the batch; False where another worker did."""
    last = batch[-1].id if batch else recount.last_report_id
    taken = db.session.execute(
        update(Recount)
        .where(
            Recount.id == recount.id,
            Recount.last_report_id == recount.last_report_id,
            Recount.done_at.is_(None),
        )
        .values(last_report_id=last, done_at=None if len(batch) == AT_ONCE else now)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def _count(report: Report, recount: Recount, now: datetime) -> Iterator[dict[str, Any]]:
    """Set the report's clocks by today's calendar, and give what moved by a minute or more."""
    terms, runs = _terms(report, recount.cause), promises.running(report)
    values = promises.again(report, terms)
    new = {Clock.RESOLVE: values["resolve_due_at"]}
    if Clock.ASSIGN in runs:
        new[Clock.ASSIGN] = values["assign_due_at"]
    if Clock.RECEIVE in runs:
        new[Clock.RECEIVE] = promises.receive_due(report, terms)
        report.receive_minutes = terms.receive_minutes
    report.hours, report.resolve_minutes = terms.hours, terms.resolve_minutes
    report.assign_minutes = values.get("assign_minutes", report.assign_minutes)
    for clock, due in new.items():
        old = due_of(report, clock)
        if abs(due - old) < ONE_MINUTE:  # a promised date may differ by seconds from its minutes
            continue
        setattr(report, f"{clock}_due_at", due)
        report.alarmed_for = None
        db.session.add(_event(report, clock, old, due, now))
        yield {
            "recount_id": recount.id,
            "report_id": report.id,
            "clock": clock,
            "old_due_at": old,
            "new_due_at": due,
        }
    report.next_due_at = promises.settled(report, {}, now=now)["next_due_at"]


def _terms(report: Report, cause: Values) -> Terms:
    terms = promises.terms_of(report)
    if cause["what"] == "level" and all(
        cause.get(name) in (None, value)
        for name, value in (
            ("category", report.category_code),
            ("priority", report.priority),
            ("unit", report.lead_unit.code),
        )
    ):
        return terms
    kept = ("receive_minutes", "assign_minutes", "resolve_minutes")
    return replace(terms, **{name: getattr(report, name) for name in kept})


def _event(report: Report, clock: Clock, old: datetime, new: datetime, now: datetime) -> Event:
    details = {"clock": clock, "old": old.isoformat(), "due": new.isoformat()}
    return Event.beside(report, "recount", details=details, at=now)
