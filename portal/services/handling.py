"""What a unit does with its tickets: finding them, and taking one step at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.core import codes, text, workflow
from portal.core.deadlines import VIETNAM
from portal.core.errors import NotFound, Stale, UnitRequired
from portal.core.workflow import Actor, Status, Step
from portal.models import Account, Event, Report, Unit, db, transaction
from portal.services import clocks, notifications


@dataclass(frozen=True)
class Command:
    """One step as a person asked for it. `seen` is the status on the page where they pressed the button."""

    step: Step
    actor: Actor
    seen: Status
    note: str = ""
    reason: str | None = None
    to_unit: int | None = None
    request_key: str | None = None
    account: Account | None = None


def ticket(raw_code: str, unit_id: int) -> Report:
    """The report of this code if this unit leads it; NotFound for every other, so that none is betrayed."""
    try:
        code = codes.parse(raw_code)
    except codes.BadCode as error:
        raise NotFound(code=raw_code) from error
    report = db.session.scalar(select(Report).where(Report.code == code, Report.lead_unit_id == unit_id))
    if report is None:
        raise NotFound(code=raw_code)
    return report


def take_step(report: Report, command: Command, *, now: datetime) -> None:
    """Move a report one step, remember it, and tell the reporter where the law says so, together.

    Raises NotAllowed, NoteRequired, ReasonRequired, UnitRequired; Stale where the report is no longer as the
    person saw it. A repeated sending of the same form changes nothing.
    """
    if _done_before(command):
        return
    rule = workflow.decide(
        command.seen, command.step, command.actor, note=command.note, reason=command.reason
    )
    unit = report.lead_unit_id
    try:
        with transaction():
            to = _target(report, command, now)
            values = _effects(report, command, to, now) | ({"status": rule.to} if rule.to else {})
            where = (Report.id == report.id, Report.status == command.seen, Report.lead_unit_id == unit)
            moved = db.session.execute(
                update(Report).where(*where).values(**values or {"status": command.seen})
            )
            if moved.rowcount != 1:
                raise Stale(code=report.code)
            event = _event(report, command, rule, to, now)
            db.session.add(event)
            db.session.flush()
            if rule.tells_reporter:
                notifications.post(report, event, now=now)
    except IntegrityError:
        if not _done_before(command):
            raise


def _done_before(command: Command) -> bool:
    if command.request_key is None:
        return False
    return db.session.scalar(select(Event.id).where(Event.request_key == command.request_key)) is not None


def _target(report: Report, command: Command, now: datetime) -> Unit | None:
    if command.step is not Step.FORWARD:
        return None
    unit = db.session.get(Unit, command.to_unit) if command.to_unit else None
    today = now.astimezone(VIETNAM).date()
    if unit is None or unit.id == report.lead_unit_id or not _exists(unit, today):
        raise UnitRequired(unit=command.to_unit)
    return unit


def _exists(unit: Unit, day: Any) -> bool:
    return unit.valid_from <= day and (unit.valid_until is None or day <= unit.valid_until)


def _event(report: Report, command: Command, rule: workflow.Rule, to: Unit | None, now: datetime) -> Event:
    details: dict[str, Any] = {}
    if to:
        details = {"from_unit": report.lead_unit.name, "to_unit": to.name}
    if rule.needs_reason:
        details["reason"] = command.reason
    return Event(
        report_id=report.id,
        step=command.step,
        actor=command.actor,
        account_id=command.account.id if command.account else None,
        unit_id=report.lead_unit_id,
        from_status=command.seen,
        to_status=rule.to or command.seen,
        note=text.clean(command.note),
        public=rule.public,
        details=details,
        request_key=command.request_key,
        at=now,
    )


def _effects(report: Report, command: Command, to: Unit | None, now: datetime) -> dict[str, Any]:
    """What a step does to the clocks and to who holds the ticket."""
    values = _resumed(report, now) if report.waiting_since and command.step in LEAVES_WAITING else {}
    due = values.get("resolve_due_at", report.resolve_due_at)
    match command.step:
        case Step.RECEIVE:
            return {
                "received_at": now,
                "assignee_id": command.account and command.account.id,
                "next_due_at": due,
            }
        case Step.START | Step.REPLY:
            return values | {"next_due_at": due}
        case Step.FORWARD if to:
            receive_due = clocks.receive_due(report.category, now)
            return {
                "lead_unit_id": to.id,
                "assignee_id": None,
                "received_at": None,
                "receive_due_at": receive_due,
                "next_due_at": receive_due,
            }
        case Step.ASK:
            return {"waiting_since": now, "next_due_at": None}
        case Step.RESOLVE | Step.REJECT:
            return values | _closed(report, command, values, now)
        case Step.REOPEN:
            return _reopened(report, now)
    return {}


LEAVES_WAITING = frozenset({Step.START, Step.REPLY, Step.REJECT})


def _resumed(report: Report, now: datetime) -> dict[str, Any]:
    paused = clocks.worked_minutes(report.category, report.waiting_since or now, now)
    return {
        "waiting_since": None,
        "paused_minutes": report.paused_minutes + paused,
        "resolve_due_at": clocks.postponed(report, paused),
    }


def _closed(report: Report, command: Command, values: dict[str, Any], now: datetime) -> dict[str, Any]:
    paused = values.get("paused_minutes", report.paused_minutes)
    return {
        "closed_at": now,
        "next_due_at": None,
        "refusal_reason": command.reason if command.step is Step.REJECT else None,
        "handled_minutes": max(0, clocks.worked_minutes(report.category, report.submitted_at, now) - paused),
    }


def _reopened(report: Report, now: datetime) -> dict[str, Any]:
    closed = clocks.worked_minutes(report.category, report.closed_at or now, now)
    due = clocks.resolve_due(report.category, now)
    return {
        "closed_at": None,
        "refusal_reason": None,
        "handled_minutes": None,
        "paused_minutes": report.paused_minutes + closed,
        "times_reopened": report.times_reopened + 1,
        "resolve_due_at": due,
        "next_due_at": due,
    }
