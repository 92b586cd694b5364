"""Personal data goes, the proof stays: without its salt a digest tells nothing, and an entry says who took it away."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from portal.models import AuditEntry, AuditSeal, Event, Seat, db
from portal.services.audit import sealing
from portal.services.audit.noting import note

FORGET = "forget"


def forget_report(report_id: int, *, by: Seat | None = None, reason: str = "", now: datetime) -> None:
    """Let the events of a report be changed or erased from here on, and forget from where and why it was looked at.

    Call it inside the transaction that erases, before it does: the database refuses it otherwise. `reason` stays, so
    it must not name anybody. What is sealed at this moment is waited for, else its link would hold the words of before.
    """
    sealing.alone()
    events = list(db.session.scalars(select(Event.id).where(Event.report_id == report_id).order_by(Event.id)))
    of_report = (AuditEntry.subject_kind == "report") & (AuditEntry.subject_id == str(report_id))
    details = {"events": events}
    entry = note(FORGET, by=by, subject=("report", report_id), reason=reason, details=details, now=now)
    db.session.flush()
    db.session.execute(
        update(AuditSeal)
        .where(AuditSeal.kind == "event", AuditSeal.row_id.in_(events), AuditSeal.salt != "")
        .values(salt="", forgotten_by=entry.id)
    )
    _forget_words(entry, of_report)


def forget_words(before: datetime, *, by: Seat | None = None, now: datetime) -> int:
    """Forget from where and why everything was done before this moment; return of how many entries.

    Call it inside a transaction.
    """
    old = AuditEntry.at < before
    if not db.session.scalar(select(AuditEntry.id).where(old, AuditEntry.salt != "").limit(1)):
        return 0
    entry = note(FORGET, by=by, details={"before": before.isoformat()}, now=now)
    db.session.flush()
    return _forget_words(entry, old)


def explains(entry: AuditEntry | None, kind: str, row_id: int, row: Row[Any] | None) -> bool:
    """Whether this entry says that the words of that row were to be forgotten."""
    if entry is None or entry.deed != FORGET:
        return False
    if kind == "event":
        return row_id in entry.details.get("events", ())
    if row is None:
        return False
    same_subject = (entry.subject_kind, entry.subject_id) == (row.subject_kind, row.subject_id)
    before = entry.details.get("before")
    return same_subject if before is None else row.at < datetime.fromisoformat(before)


def _forget_words(entry: AuditEntry, which: Any) -> int:
    gone = db.session.execute(
        update(AuditEntry)
        .where(which, AuditEntry.salt != "", AuditEntry.id != entry.id)
        .values(address="", reason="", salt="", forgotten_by=entry.id)
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]
