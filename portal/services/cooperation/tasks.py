"""What one unit asks of another about a report. Only officers see it; the reporter hears from the lead alone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from portal.core import cooperation, text
from portal.core.cooperation import Kind, Role, State, Step
from portal.core.deadlines import ALWAYS, day_of
from portal.core.errors import Conflict, NotAllowed, NoteRequired, NotFound, Stale, UnitRequired
from portal.core.workflow import Step as TicketStep
from portal.models import Cooperation, Event, Report, Seat, Task, Unit, db, transaction
from portal.services import clocks, handling
from portal.services.cooperation import mentions
from portal.services.privacy import masking
from portal.services.routing import concerns, exists_on

DAY_OF_WORK = 480  # minutes, for a task about what is late already
LONGEST = timedelta(days=365)
REMOVED = "remove_helper"


@dataclass(frozen=True)
class Wish:
    """What is asked, until the end of work on `day`; None: as long as the report itself has time."""

    asked: str
    unit_id: int | None = None
    day: date | None = None


def of_report(report: Report) -> Sequence[Task]:
    """Every task about the report, the newest first."""
    query = select(Task).where(Task.report_id == report.id).order_by(Task.id.desc())
    return db.session.scalars(
        query.options(joinedload(Task.unit), joinedload(Task.by_unit), joinedload(Task.asked_by))
    ).all()


def beside(report: Report, unit_id: int | None) -> Kind | None:
    """How this unit stands beside the one that leads; None where it does not."""
    found = db.session.get(Cooperation, (report.id, unit_id))
    return Kind(found.kind) if found else None


def open_steps(task: Task, report: Report, unit_id: int | None) -> list[Step]:
    """What an officer of this unit may do with the task now; nothing about a report that is closed."""
    if report.closed_at:
        return []
    return [
        step
        for role in _roles(task, report, unit_id)
        for step in cooperation.open_steps(State(task.state), role)
    ]


def due(reports: Sequence[Report], unit_id: int | None, *, now: datetime) -> dict[int, clocks.Countdown]:
    """By report the task of this unit that is due next."""
    of_these = Task.report_id.in_([report.id for report in reports])
    query = (
        select(Task).where(of_these, Task.unit_id == unit_id, _open()).order_by(Task.due_at.desc(), Task.id)
    )
    return {
        task.report_id: clocks.countdown(task, task.due_at, now=now) for task in db.session.scalars(query)
    }


def next_due(unit_id: int | None) -> ScalarSelect[datetime]:
    """When the next task of this unit in the report of the outer query is due; NULL without an open one."""
    open_ = Task.report_id == Report.id, Task.unit_id == unit_id, _open()
    return select(func.min(Task.due_at)).where(*open_).correlate(Report).scalar_subquery()


def ask(report: Report, wish: Wish, *, by: Seat, request_key: str | None = None, now: datetime) -> None:
    """Ask a unit to help, which becomes a cooperating one; or, as a superior unit, demand something of the lead.

    Raises NotAllowed, NoteRequired, UnitRequired, Conflict at 'day'; Stale where another unit leads meanwhile. The
    same form sent twice asks once.
    """
    lead, asked = report.lead_unit_id, text.clean(wish.asked)
    if not asked:
        raise NoteRequired(step=Step.ASK)
    with _once(request_key) as fresh:
        if fresh:
            _hold(report, lead)
            doer = _doer(report, wish, by, now)
            due_at, hours = _until(report, doer, wish.day, now)
            if by.unit_id == lead:
                _add(report, doer, now)
            task = Task(
                report_id=report.id,
                unit_id=doer.id if by.unit_id == lead else None,
                by_unit_id=by.unit_id or 0,
                asked=asked,
                asked_by_id=by.account_id,
                asked_at=now,
                due_at=due_at,
                hours=hours,
            )
            said = {"unit": doer.name, "due": due_at.isoformat()}
            db.session.add(task)
            _remember(report, Step.ASK, by, asked, said, request_key, now)


def take(
    report: Report,
    task_id: int,
    step: Step,
    *,
    seen: State,
    words: str = "",
    by: Seat,
    request_key: str | None = None,
    now: datetime,
) -> None:
    """Accept, decline, finish or withdraw. Raises NotFound, NotAllowed, NoteRequired; Stale where the task is no longer
    as it was seen. The same form sent twice is one step.
    """
    lead, words = report.lead_unit_id, text.clean(words)
    with _once(request_key) as fresh:
        if fresh:
            task = _task(report, task_id)
            role = next((one for one in _roles(task, report, by.unit_id) if one is _role_of(step)), None)
            rule = cooperation.decide(seen, step, role, words)
            _hold(report, lead)
            moved = db.session.execute(
                update(Task)
                .where(Task.id == task_id, Task.state == seen)
                .values(
                    state=rule.to,
                    answer=words if rule.by is Role.DOER else task.answer,
                    ended_at=now if rule.to in cooperation.ENDED else None,
                )
            )
            if moved.rowcount != 1:  # type: ignore[attr-defined]
                raise Stale(task=task_id)
            said = {"unit": (task.unit or report.lead_unit).name}
            _remember(report, step, by, words or task.asked, said, request_key, now)


def remove(report: Report, unit_id: int, *, by: Seat, request_key: str | None = None, now: datetime) -> None:
    """Let a unit help no longer: its open tasks are withdrawn and it does not read the ticket any more.

    Raises NotAllowed for a superior unit and for who does not lead, NotFound where the unit does not help.
    """
    lead = report.lead_unit_id
    with _once(request_key) as fresh:
        if fresh:
            _hold(report, lead)
            helper = db.session.get(Cooperation, (report.id, unit_id))
            if helper is None:
                raise NotFound(unit=unit_id)
            if by.unit_id != lead or helper.kind == Kind.SUPERIOR:
                raise NotAllowed(unit=unit_id)
            said = {"unit": helper.unit.name}
            let_go(report, [unit_id], now=now)
            _remember(report, REMOVED, by, "", said, request_key, now)


def let_go(report: Report, units: Sequence[int] | Select[int], *, now: datetime) -> None:
    """Inside a transaction: none of these units stands beside the lead any more, whatever was asked of it."""
    theirs = Task.report_id == report.id, Task.unit_id.in_(units), _open()
    db.session.execute(update(Task).where(*theirs).values(state=State.WITHDRAWN, ended_at=now))
    beside = Cooperation.report_id == report.id, Cooperation.unit_id.in_(units)
    db.session.execute(delete(Cooperation).where(*beside))
    db.session.expire(report, ["cooperations"])


def note(report: Report, words: str, *, by: Seat, request_key: str | None = None, now: datetime) -> None:
    """An internal note of a unit beside the lead. Raises NoteRequired; NotAllowed, also where all is erased."""
    words = text.clean(words)
    if not words:
        raise NoteRequired(step=TicketStep.NOTE)
    with _once(request_key) as fresh:
        if fresh:
            if beside(report, by.unit_id) is None or masking.is_erased(report):
                raise NotAllowed(unit=by.unit_id)
            _remember(report, TicketStep.NOTE, by, words, {}, request_key, now)


@contextmanager
def _once(request_key: str | None) -> Iterator[bool]:
    """A transaction for the form of this key: False where it was sent before, also by the other tap of a double tap."""
    try:
        with transaction():
            yield not handling.is_done(request_key)
    except (IntegrityError, Stale):
        if not handling.is_done(request_key):
            raise


def _hold(report: Report, lead: int) -> None:
    """Nobody else changes who leads meanwhile. Raises NotAllowed where it is closed, Stale where another unit leads."""
    held = update(Report).where(Report.id == report.id, Report.lead_unit_id == lead)
    moved = db.session.execute(held.values(lead_unit_id=lead))
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale(code=report.code)
    db.session.refresh(report, ["closed_at", "status", "about_unit_id"])
    if report.closed_at:
        raise NotAllowed(status=report.status)


def _open() -> ColumnElement[bool]:
    return Task.state.in_(cooperation.OPEN)


def _roles(task: Task, report: Report, unit_id: int | None) -> Iterator[Role]:
    """What a unit is to a task: what was asked of the lead goes over to the next lead."""
    lead = report.lead_unit_id
    if unit_id == (task.unit_id or lead):
        yield Role.DOER
    if unit_id == (lead if task.unit_id else task.by_unit_id):
        yield Role.ASKER


def _role_of(step: Step) -> Role:
    return cooperation.LAW[step].by


def _task(report: Report, task_id: int) -> Task:
    task = db.session.scalar(select(Task).where(Task.id == task_id, Task.report_id == report.id))
    if task is None:
        raise NotFound(task=task_id)
    return task


def _doer(report: Report, wish: Wish, by: Seat, now: datetime) -> Unit:
    if by.unit_id != report.lead_unit_id:
        if beside(report, by.unit_id) is not Kind.SUPERIOR:
            raise NotAllowed(unit=by.unit_id)
        return report.lead_unit
    today = day_of(now)
    unit = db.session.scalar(select(Unit).where(Unit.id == wish.unit_id, *exists_on(today)))
    if unit is None or unit.id == report.lead_unit_id or concerns(report, unit):
        raise UnitRequired(unit=wish.unit_id)
    return unit


def _until(report: Report, doer: Unit, day: date | None, now: datetime) -> tuple[datetime, str]:
    """When the task is due, and the hours of who does it."""
    hours = ALWAYS if report.hours == ALWAYS else doer.office_hours
    if day is None:
        late = report.resolve_due_at <= now
        return clocks.later(now, DAY_OF_WORK, hours) if late else report.resolve_due_at, hours
    due_at = clocks.end_of_work(day, hours)
    if due_at <= now:
        raise Conflict(field="day", reason="past")
    if due_at > now + LONGEST:
        raise Conflict(field="day", reason="too_late")
    return due_at, hours


def _add(report: Report, unit: Unit, now: datetime) -> None:
    """What is asked of a unit lasts, also where the rules that named it do so no more."""
    helper = db.session.get(Cooperation, (report.id, unit.id))
    if helper is None:
        db.session.add(Cooperation(report_id=report.id, unit_id=unit.id, since=now, kind=Kind.ASKED))
        db.session.flush()
        db.session.expire(report, ["cooperations"])
    elif helper.kind == Kind.RULE:
        helper.kind = Kind.ASKED


def _remember(
    report: Report, step: str, by: Seat, words: str, said: dict[str, Any], key: str | None, now: datetime
) -> None:
    event = Event.beside(report, step, by=by, note=words, details=said, request_key=key, at=now)
    mentions.remember(report, event)
