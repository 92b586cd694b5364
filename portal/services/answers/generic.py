"""A generic answer is caught: one that nearly repeats one of the last that its unit gave needs a reason."""

from typing import Any

from sqlalchemy import select, text

from portal.core.answers import likeness
from portal.core.errors import GenericAnswer
from portal.core.workflow import Step
from portal.models import Event, Report, db
from portal.models.reports import ANSWERS

LAST = 20
EXAMINED = (Step.ANSWER, Step.RESOLVE, Step.PROPOSE, Step.REJECT)


def examine(report: Report, step: Step, note: str, because: str) -> dict[str, Any]:
    """What the event of this answer says about it: nothing, or why it was sent although it repeats another.

    Raises GenericAnswer where it repeats one of the last twenty of its unit and no reason is given.
    """
    if step not in EXAMINED:
        return {}
    earlier = db.session.execute(
        select(Event.note, Event.at, Report.code)
        .join(Report, Report.id == Event.report_id)
        .where(Event.unit_id == report.lead_unit_id, text(ANSWERS))
        .order_by(Event.id.desc())
        .limit(LAST)
    ).all()
    found = likeness.nearest(note, [answer.note for answer in earlier])
    if found is None:
        return {}
    repeated = earlier[found.place]
    if not because:
        raise GenericAnswer(report=repeated.code, at=repeated.at, note=repeated.note, share=found.share)
    return {"repeats": repeated.code, "repeated_because": because}
