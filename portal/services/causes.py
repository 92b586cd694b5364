"""Reports of one cause: each keeps its own life and reporter, and an officer sees the others beside it."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select, update

from portal.models import Report, SharedCause, db


def link(report: Report, other: Report) -> None:
    """Let the report and what hangs on it have the cause of the other one; call it in a transaction."""
    linked = db.session.get(SharedCause, other.id)
    cause = linked.cause_id if linked else other.id
    if cause == report.id:
        return
    db.session.execute(update(SharedCause).filter_by(cause_id=report.id).values(cause_id=cause))
    db.session.merge(SharedCause(report_id=report.id, cause_id=cause))


def others(report: Report, unit_id: int) -> Sequence[Report]:
    """The reports of the same cause that this unit leads too, the oldest first."""
    linked_to = select(SharedCause.cause_id).where(SharedCause.report_id == report.id).scalar_subquery()
    cause = func.coalesce(linked_to, report.id)
    linked = select(SharedCause.report_id).where(SharedCause.cause_id == cause)
    query = select(Report).where(
        or_(Report.id == cause, Report.id.in_(linked)), Report.id != report.id, Report.lead_unit_id == unit_id
    )
    return db.session.scalars(query.order_by(Report.id)).all()
