"""The end of waiting for the reporter: what they did not answer in time is worked on with what is known."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select, text

from portal.core.errors import NotAllowed, Stale
from portal.core.workflow import Actor, Status, Step
from portal.models import Report, db
from portal.models.reports import ASKED
from portal.services import handling
from portal.services.handling import Command


def fall_back_next(*, now: datetime) -> bool:
    """Take up again the report whose answer is due longest; False when none is.

    What another worker, the reporter or an officer does with it at the same moment goes first.
    """
    due = select(Report).where(text(ASKED), Report.answer_due_at <= now)
    report = db.session.scalar(due.order_by(Report.answer_due_at, Report.id).limit(1))
    if report is None:
        return False
    with suppress(Stale, NotAllowed):
        handling.take_step(report, Command(Step.FALL_BACK, Actor.SYSTEM, Status.WAITING), now=now)
    return True
