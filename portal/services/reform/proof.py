"""Was nothing lost, doubled or changed? The reports before and after, counted and digested in one reading each."""

from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, literal, or_, select

from portal.core.workflow import CLOSED, OPEN
from portal.models import Event, Report, Unit, db
from portal.services.reform.moving import STEP

KEPT = (
    Report.id,
    Report.code,
    Report.category_code,
    Report.priority,
    Report.status,
    Report.submitted_at,
    Report.received_at,
    Report.waiting_since,
    Report.receive_due_at,
    Report.resolve_due_at,
    Report.paused_minutes,
    Report.led_since,
    Report.promised_from,
    Report.hours,
    Report.receive_minutes,
    Report.assign_minutes,
    Report.resolve_minutes,
    Report.put_off_minutes,
)
OF_CLOSED = (
    *KEPT,
    Report.lead_unit_id,
    Report.assignee_id,
    Report.area_vintage,
    Report.area_code,
    Report.closed_at,
    Report.handled_minutes,
)
ROWS = 5_000


class Unproven(RuntimeError):
    """The counts do not match: nothing was changed."""


@dataclass(frozen=True)
class Count:
    """`open`: status → number; the digests are of every open report's code and promises, and of all that a closed
    report says.
    """

    open: dict[str, int]
    closed: int
    open_digest: str
    closed_digest: str

    @property
    def said(self) -> dict[str, Any]:
        return asdict(self)


def take() -> Count:
    """Count and digest all reports as they are now."""
    numbers = dict(db.session.execute(select(Report.status, func.count()).group_by(Report.status)).all())
    return Count(
        open={status: numbers.get(status, 0) for status in sorted(OPEN)},
        closed=sum(numbers.get(status, 0) for status in CLOSED),
        open_digest=_digest(KEPT, Report.status.in_(OPEN)),
        closed_digest=_digest(OF_CLOSED, Report.status.in_(CLOSED)),
    )


def compare(before: Count, after: Count, *, changed: int, first_event: int, day: date) -> None:
    """Raise Unproven with what is wrong, if anything is."""
    wrong = [name for name, value in before.said.items() if value != after.said[name]]
    if left := homeless(day):
        wrong.append(f"{left} open reports lie with a unit that is not there on {day}")
    new = select(func.count(), func.count(func.distinct(Event.report_id)))
    new = new.where(Event.id > first_event, Event.step == STEP)
    if tuple(db.session.execute(new).one()) != (changed, changed):
        wrong.append(f"{changed} reports changed, but their events say otherwise")
    if wrong:
        raise Unproven("the counts do not match, nothing was changed: " + "; ".join(wrong))


def homeless(day: date) -> int:
    """How many open reports lie with a unit that is not there on that day."""
    query = select(func.count()).select_from(Report).join(Unit, Unit.id == Report.lead_unit_id)
    over = or_(Unit.valid_until < day, Unit.valid_from > day)
    return db.session.scalar(query.where(Report.status.in_(OPEN), over)) or 0


def _digest(columns: tuple[Any, ...], which: ColumnElement[bool]) -> str:
    """The database writes each report as one line, so that no value is taken apart here."""
    line: ColumnElement[str] = literal("")
    for column in columns:
        line = line + func.coalesce(cast(column, Text), "-") + "|"
    query = select(line).where(which).order_by(Report.id).execution_options(yield_per=ROWS)
    seen = sha256()
    for row in db.session.connection().execute(query):
        seen.update(f"{row[0]}\n".encode())
    return seen.hexdigest()
