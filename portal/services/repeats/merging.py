"""One report under another of the same cause: linked and never moved, so that parting restores everything.

Links stay as they were made (C → B → A), so each can be taken back by itself; what people see and hear is that of the
last one, the root. Call everything that writes here inside the step's transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, func, select, update
from sqlalchemy.orm import joinedload, selectinload

from portal.core import codes
from portal.core.errors import OriginalRequired, Stale
from portal.core.workflow import Actor, Step
from portal.models import Event, Report, db
from portal.services import notifications
from portal.services.privacy import masking

Values = dict[str, Any]
MERGED_IN, PARTED, FOLLOWED = "merged_in", "parted", "followed"
KEPT = (
    *("pause_reason", "received_at", "waiting_since", "answer_due_at"),
    *("paused_minutes", "put_off_minutes", "resolve_due_at"),
)


def root(report: Report) -> Report:
    """The report that stands for this one: the one into which it was merged, or that one's; itself where none."""
    while report.duplicate_of is not None:
        report = report.duplicate_of
    return report


def original(report: Report, raw_code: str, *, everywhere: bool) -> Report:
    """The report that stands for the one of this code; nobody else merges it or this one until the transaction ends.

    Raises OriginalRequired for no report, this one, one that stands for it already, one that another unit leads,
    unless `everywhere`, and one that is about the people of an office that may read the other.
    """
    try:
        found = db.session.scalar(select(Report).where(Report.code == codes.parse(raw_code)))
    except codes.BadCode as error:
        raise OriginalRequired(code=raw_code) from error
    while found is not None:
        both = select(Report).where(Report.id.in_((report.id, found.id))).order_by(Report.id)
        db.session.scalars(both.with_for_update().execution_options(populate_existing=True)).all()
        if found.duplicate_of is None:
            break
        found = found.duplicate_of
    if found is None or found.id == report.id or found.about_unit_id != report.about_unit_id:
        raise OriginalRequired(code=raw_code)
    if not everywhere and found.lead_unit_id != report.lead_unit_id:
        raise OriginalRequired(code=raw_code)
    return found


def kept(report: Report) -> Values:
    """What merging changes in a report, as it can be written into its event."""
    return {name: _written(getattr(report, name)) for name in KEPT}


def join(report: Report, into: Report, event: Event) -> None:
    """Count the report with the one into which it was merged, and say so there."""
    _count([into.id])
    _say(into, MERGED_IN, report, event)


def restored(report: Report) -> Values:
    """The report as it was before it was merged. The time since counts: nothing was promised anew."""
    merged = select(func.max(Event.id)).where(Event.report_id == report.id, Event.step == Step.DUPLICATE)
    event = db.session.scalar(select(Event).where(Event.id == merged.scalar_subquery()))
    before = event.details.get("before") if event else None
    if event is None or before is None:  # merged before it was kept
        raise Stale(code=report.code)
    return {name: _read(name, value) for name, value in before.items()} | {
        "status": event.from_status,
        "duplicate_of_id": None,
        "closed_at": None,
        "handled_minutes": None,
        "alarmed_for": None,
    }


def part(report: Report, above: Sequence[int], event: Event) -> None:
    """Count the report no longer with those `above` it, and say so in the one that it was merged into."""
    _count(above)
    _say(db.session.get_one(Report, above[0]), PARTED, report, event)


def above(report: Report) -> list[int]:
    """The reports into which this one is merged, one after the other; the nearest first."""
    found = []
    while (report := report.duplicate_of) is not None:  # type: ignore[assignment]
        found.append(report.id)
    return found


def merged(report: Report) -> Sequence[Report]:
    """Every report that was merged into this one, also by way of others; with photos, the oldest first."""
    below = _below(report.id)
    query = select(Report).where(Report.id.in_(select(below.c.id))).order_by(Report.id)
    return db.session.scalars(query.options(selectinload(Report.photos), joinedload(Report.category))).all()


def tell(report: Report, event: Event, *, now: datetime) -> None:
    """Tell the reporter of an event, and with them everybody whose report was merged into this one.

    Each gets it into the history of their own report, and nobody gets two messages of it. What was said of a report
    that is not public, and what its reporter said, stays where it can be erased: the others learn the step alone.
    """
    told = notifications.post(report, event, now=now)
    if not report.times_merged:
        return
    public = report.category.visibility == "public" and not report.private and event.actor != Actor.RESIDENT
    below = _below(report.id)
    for other in db.session.scalars(
        select(Report).where(Report.id.in_(select(below.c.id))).order_by(Report.id)
    ):
        heard = Event(
            report_id=other.id,
            step=FOLLOWED,
            actor=Actor.SYSTEM,
            unit_id=event.unit_id,
            from_status=other.status,
            to_status=other.status,
            note=event.note if public else "",
            public=True,
            details={"twin": report.code, "step": event.step} | masking.left(event),
            at=now,
        )
        db.session.add(heard)
        db.session.flush()
        told |= notifications.post(other, heard, besides=told, now=now)


def _count(reports: Iterable[int]) -> None:
    """Say anew how many were merged into each of these."""
    for report_id in sorted(reports):
        times = select(func.count()).select_from(_below(report_id)).scalar_subquery()
        db.session.execute(
            update(Report)
            .where(Report.id == report_id)
            .values(times_merged=times)
            .execution_options(synchronize_session=False)
        )


def _below(report_id: int) -> CTE:
    """The ids of all that was merged into this report."""
    below = select(Report.id).where(Report.duplicate_of_id == report_id).cte("below", recursive=True)
    return below.union(select(Report.id).join(below, Report.duplicate_of_id == below.c.id))


def _say(report: Report, step: str, other: Report, event: Event) -> None:
    db.session.add(
        Event(
            report_id=report.id,
            step=step,
            actor=event.actor,
            account_id=event.account_id,
            unit_id=event.unit_id,
            from_status=report.status,
            to_status=report.status,
            public=False,
            details={"twin": other.code},
            at=event.at,
        )
    )


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(name: str, value: Any) -> Any:
    timed = name.endswith(("_at", "_since"))
    return datetime.fromisoformat(value) if timed and value else value
