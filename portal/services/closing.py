"""The end of what nobody objected to: a result stands open for thirty days, then the report is closed."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text, update

from portal.core import workflow
from portal.core.workflow import Actor, Condition, Status, Step
from portal.models import Event, Report, db, transaction
from portal.models.reports import RESOLVED

BATCH = 500


def close_resolved(*, now: datetime) -> int:
    """Close up to 500 reports whose time to be reopened is over, and say so in their history; return how many."""
    rule = workflow.decide(Status.RESOLVED, Step.CLOSE, {Actor.SYSTEM}, {Condition.LONG_CLOSED})
    over = text(RESOLVED), Report.closed_at < now - workflow.REOPENED_WITHIN
    with transaction():
        longest = select(Report.id).where(*over).order_by(Report.closed_at).limit(BATCH)
        closed = db.session.execute(
            update(Report)
            .where(Report.id.in_(longest), Report.status == Status.RESOLVED)
            .values(status=rule.to)
            .returning(Report.id, Report.lead_unit_id)
            .execution_options(synchronize_session=False)
        ).all()
        events: list[dict[str, Any]] = [
            {
                "report_id": report_id,
                "step": Step.CLOSE,
                "actor": Actor.SYSTEM,
                "unit_id": unit_id,
                "from_status": Status.RESOLVED,
                "to_status": rule.to,
                "public": rule.public,
                "details": {},
                "at": now,
            }
            for report_id, unit_id in closed
        ]
        if events:
            db.session.execute(insert(Event), events)
    return len(closed)
