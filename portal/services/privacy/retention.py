"""What has been kept long enough is erased: every day by the worker, with a report of how much, and a dry run.

A dry run finds by the same queries what a run at the same moment erases. Reports under legal hold are passed over.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select

from portal.core.privacy.durations import Kept
from portal.models import (
    AuditEntry,
    Certificate,
    Contact,
    Message,
    Photo,
    Report,
    RetentionRun,
    SealedText,
    StaffSession,
    db,
    transaction,
)
from portal.services import audit
from portal.services.privacy import durations, erasure, holds

BATCH = 100
EVERY = timedelta(days=1)


class Sweep(NamedTuple):
    """One kind of data: how its rows are found at a moment, and what erases one of them."""

    find: Callable[[datetime], Select[int]]
    erase: Callable[[int, datetime], object]


def plan(*, now: datetime) -> dict[Kept, list[int]]:
    """What a run at this moment would erase: the numbers of its rows. Nothing is written."""
    planned = {kept: list(db.session.scalars(sweep.find(now))) for kept, sweep in SWEEPS.items()}
    old = AuditEntry.at < _before(Kept.ADDRESSES, now), AuditEntry.salt != ""
    entries = select(AuditEntry.id).where(*old).order_by(AuditEntry.id)
    return planned | {Kept.ADDRESSES: list(db.session.scalars(entries))}


def counts(*, now: datetime) -> dict[Kept, int]:
    """How many that would be."""
    counted = (
        (kept, select(func.count()).select_from(sweep.find(now).order_by(None).subquery()))
        for kept, sweep in SWEEPS.items()
    )
    return {kept: db.session.scalar(query) or 0 for kept, query in counted}


def run(
    *, now: datetime, progress: Callable[[Kept, list[int]], object] = lambda _kept, _rows: None
) -> RetentionRun:
    """Erase it in batches, each a transaction of its own; `progress` is told of each batch. Keep how much it was."""
    erased = dict.fromkeys(map(str, SWEEPS), 0)
    for kept, sweep in SWEEPS.items():
        for rows in _erase(sweep, now):
            erased[kept] += len(rows)
            progress(kept, rows)
    with transaction():
        erased[Kept.ADDRESSES] = audit.forget_words(_before(Kept.ADDRESSES, now), now=now)
        done = RetentionRun(at=now, counts=erased)
        db.session.add(done)
        db.session.flush()
        audit.note("forget", subject=("retention_run", done.id), details=erased, now=now)
    return done


def is_due(*, now: datetime) -> bool:
    """Has there been no run for a day?"""
    last = db.session.scalar(select(func.max(RetentionRun.at)))
    return last is None or now - last >= EVERY


def last_runs() -> list[RetentionRun]:
    """The last thirty runs, the newest first."""
    return list(db.session.scalars(select(RetentionRun).order_by(RetentionRun.id.desc()).limit(30)))


def _erase(sweep: Sweep, now: datetime) -> Iterator[list[int]]:
    """Erase batch by batch. What was held or changed between being found and being locked is passed over."""
    query = sweep.find(now)
    (number,) = query.selected_columns
    while True:
        with transaction():
            locked = list(db.session.scalars(query.limit(BATCH).with_for_update(skip_locked=True)))
            rows = list(db.session.scalars(query.where(number.in_(locked)))) if locked else []
            for row in rows:
                sweep.erase(row, now)
        if not locked:
            return
        yield rows


def _of_reports(kept: Kept, *has: ColumnElement[bool]) -> Callable[[datetime], Select[int]]:
    """Reports that were closed so long ago, are not held and still have it."""

    def find(now: datetime) -> Select[int]:
        over = _over(durations.days(kept), now)
        return select(Report.id).where(over, ~holds.held(now), *has).order_by(Report.id)

    return find


def _over(days: Mapping[str | None, int | None], now: datetime) -> ColumnElement[bool]:
    """Is the time of a report's category over?"""
    own = [category for category in days if category is not None]
    cases = []
    for category, number in days.items():
        if number is not None:
            which = Report.category_code.not_in(own) if category is None else Report.category_code == category
            cases.append(and_(which, Report.closed_at < now - timedelta(days=number)))
    return or_(*cases) if cases else Report.id.is_(None)


def _before(kept: Kept, now: datetime) -> datetime:
    """The moment before which such rows are old; the beginning of time where they are kept for ever."""
    days = durations.days(kept)[None]
    return now - timedelta(days=days) if days is not None else datetime.fromtimestamp(0, now.tzinfo)


def _messages(now: datetime) -> Select[int]:
    old = Message.state != "waiting", Message.due_at < _before(Kept.MESSAGES, now)
    return select(Message.id).where(*old).order_by(Message.id)


def _sessions(now: datetime) -> Select[int]:
    return (
        select(StaffSession.id)
        .where(StaffSession.expires_at < _before(Kept.SESSIONS, now))
        .order_by(StaffSession.id)
    )


def _erase_report(report_id: int, now: datetime) -> object:
    return erasure.erase(db.session.get_one(Report, report_id), because=erasure.RETENTION, now=now)


def _of(model: type, report_id: str = "report_id") -> ColumnElement[bool]:
    return exists().where(getattr(model, report_id) == Report.id)


SWEEPS: dict[Kept, Sweep] = {
    Kept.CONTACT: Sweep(_of_reports(Kept.CONTACT, _of(Contact)), erasure.forget_contact),
    Kept.SEALED_TEXTS: Sweep(
        _of_reports(Kept.SEALED_TEXTS, _of(SealedText)), lambda number, _now: erasure.forget_sealed(number)
    ),
    Kept.PHOTOS: Sweep(
        _of_reports(Kept.PHOTOS, exists().where(Photo.report_id == Report.id, erasure.OF_REPORTER)),
        lambda number, _now: erasure.forget_photos(number),
    ),
    Kept.MESSAGES: Sweep(
        _messages, lambda number, _now: db.session.execute(delete(Message).where(Message.id == number))
    ),
    Kept.REPORT: Sweep(_of_reports(Kept.REPORT, ~_of(Certificate)), _erase_report),
    Kept.SESSIONS: Sweep(
        _sessions,
        lambda number, _now: db.session.execute(delete(StaffSession).where(StaffSession.id == number)),
    ),
}
