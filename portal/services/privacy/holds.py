"""Legal hold: nothing of a report is erased while a case in law needs it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import contains_eager, joinedload

from portal.core.errors import Conflict, NotFound
from portal.models import LegalHold, Report, Seat, db, transaction
from portal.services import audit, reach


def held(now: datetime) -> ColumnElement[bool]:
    """Is the report of a query held at this moment?"""
    return exists().where(
        LegalHold.report_id == Report.id, LegalHold.ended_at.is_(None), LegalHold.until > now
    )


def lock(report_id: int) -> None:
    """Let nobody else decide about this report's data until the transaction ends; before any other row is locked."""
    db.session.execute(select(Report.id).where(Report.id == report_id).with_for_update())


def is_held(report_id: int, now: datetime) -> bool:
    """Is this report held at this moment? Nobody holds it, or lets it go, until the transaction ends."""
    lock(report_id)
    return db.session.scalar(select(Report.id).where(Report.id == report_id, held(now))) is not None


def place(report: Report, *, reason: str, until: datetime, by: Seat | None, now: datetime) -> None:
    """Hold a report until that moment, instead of any hold before. Raises Conflict at 'until' or 'reason', NotFound for
    one about an office of whoever asks.
    """
    if until <= now:
        raise Conflict(field="until", reason="past")
    if not reason:
        raise Conflict(field="reason", reason="empty")
    with transaction():
        _check(report, by)
        lock(report.id)
        _end(report.id, now)
        db.session.add(
            LegalHold(
                report_id=report.id,
                reason=reason,
                until=until,
                held_by_id=by.account_id if by else None,
                held_at=now,
            )
        )
        audit.note(
            "change", by=by, subject=("report", report.id), details={"held_until": until.isoformat()}, now=now
        )


def end(report: Report, *, by: Seat | None, now: datetime) -> None:
    """Hold it no longer; one that is not held stays so. Raises NotFound as `place` does."""
    with transaction():
        _check(report, by)
        if _end(report.id, now):
            audit.note("change", by=by, subject=("report", report.id), details={"held_until": None}, now=now)


def listed(seat: Seat, now: datetime) -> Sequence[LegalHold]:
    """Every hold in force, the first to end first; none of a report about the people of an office of this person."""
    query = select(LegalHold).where(LegalHold.ended_at.is_(None), LegalHold.until > now)
    query = query.join(LegalHold.report).where(reach.unconcerned(seat))
    query = query.order_by(LegalHold.until, LegalHold.id)
    return db.session.scalars(
        query.options(contains_eager(LegalHold.report), joinedload(LegalHold.held_by))
    ).all()


def _check(report: Report, by: Seat | None) -> None:
    query = select(Report.id).where(Report.id == report.id)
    if by and db.session.scalar(query.where(reach.unconcerned(by))) is None:
        raise NotFound(code=report.code)


def _end(report_id: int, now: datetime) -> bool:
    ended = db.session.execute(
        update(LegalHold)
        .where(LegalHold.report_id == report_id, LegalHold.ended_at.is_(None))
        .values(ended_at=now)
    )
    return bool(ended.rowcount)  # type: ignore[attr-defined]
