"""Reports of one cause: each keeps its own life and reporter, and an officer sees the others beside it."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select, update

from portal.models import Report, Seat, SharedCause, db
from portal.services import reach


def link(report: Report, other: Report) -> None:
    """Let the report and what hangs on it have the cause of the other one; call it in a transaction."""
    linked = db.session.get(SharedCause, other.id)
    cause = linked.cause_id if linked else other.id
    if cause == report.id:
        return
    db.session.execute(update(SharedCause).filter_by(cause_id=report.id).values(cause_id=cause))
    db.session.merge(SharedCause(report_id=report.id, cause_id=cause))


def others(report: Report, seat: Seat) -> Sequence[Report]:
    """The reports of the same cause that the seat's unit leads too, the oldest first."""
    linked_to = select(SharedCause.cause_id).where(SharedCause.report_id == report.id).scalar_subquery()
    cause = func.coalesce(linked_to, report.id)
    linked = select(SharedCause.report_id).where(SharedCause.cause_id == cause)
    theirs = Report.lead_unit_id == seat.unit_id, reach.unconcerned(seat)
    query = select(Report).where(
        or_(Report.id == cause, Report.id.in_(linked)), Report.id != report.id, *theirs
    )
    return db.session.scalars(query.order_by(Report.id)).all()
