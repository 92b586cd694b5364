"""What a step changes in the report: its status and what belongs to it, its clocks, and who leads it."""

from datetime import datetime
from typing import Any

from portal.core import workflow
from portal.core.workflow import Effect, Reason, Rule, Status, Step
from portal.models import Report, Unit
from portal.services import clocks
from portal.services.clocks import assigning
from portal.services.handling.commands import Command, Found
from portal.services.repeats import merging

Values = dict[str, Any]
AGAIN = (Step.REOPEN, Step.SEPARATE)

NO_MARKS: Values = dict.fromkeys(
    (
        "refusal_reason",
        "pause_reason",
        "redirect_channel",
        "duplicate_of_id",
        "proposed_by_id",
        "answer_due_at",
    )
)


def of_step(report: Report, command: Command, rule: Rule, found: Found, now: datetime) -> Values:
    """The new values of the report's columns, by their names; none where nothing changes."""
    in_charge = _in_charge(report, command, found, now)
    if rule.effect is Effect.RESTORE:
        return merging.restored(report) | in_charge
    if rule.to is None:
        return in_charge
    resumed = clocks.resumed(report, now=now) if report.waiting_since else {}
    values: Values = {
        "status": rule.to,
        **NO_MARKS,
        **_marks(report, command, rule.to, found, now),
        **resumed,
        **in_charge,
    }
    match rule.effect:
        case Effect.NEXT:
            return values | {"received_at": now}
        case Effect.STOP:
            return values | clocks.paused(now=now)
        case Effect.END:
            return values | _closed(report, resumed, now)
        case Effect.START if found.to:
            return values | _given(report, command.step, found.to, now)
        case Effect.START:
            return values | _reopened(report, now)
    return values


def _in_charge(report: Report, command: Command, found: Found, now: datetime) -> Values:
    """Who is in charge from now on, where the step changes that."""
    if found.colleague:
        return clocks.in_charge(report, found.colleague.id, now=now)
    if command.nobody or (command.step in AGAIN and assigning.has_left(report, now=now)):
        return clocks.NOBODY
    if command.step in workflow.TAKERS and report.assignee_id is None and command.by:
        return clocks.in_charge(report, command.by.account_id, now=now)
    return {}


def _marks(report: Report, command: Command, to: Status, found: Found, now: datetime) -> Values:
    """What belongs to the new status and to no other."""
    match to:
        case Status.WAITING:
            return {"answer_due_at": clocks.answer_due(report, now=now)}
        case Status.REJECTED:
            withdrawn = command.step is Step.WITHDRAW
            return {"refusal_reason": Reason.WITHDRAWN if withdrawn else command.reason}
        case Status.PAUSED:
            return {"pause_reason": command.reason}
        case Status.REDIRECTED:
            return {"redirect_channel": command.channel}
        case Status.DUPLICATE if found.original:
            return {"duplicate_of_id": found.original.id}
        case Status.AWAITING_APPROVAL if command.by:
            return {"proposed_by_id": command.by.account_id}
    return {}


def _given(report: Report, step: Step, to: Unit, now: datetime) -> Values:
    return {
        "lead_unit_id": to.id,
        "received_at": None,
        "hops": report.hops + 1,
        "times_returned": report.times_returned + (step is Step.RETURN),
        **clocks.given_to(report, to, now=now),
    }


def _closed(report: Report, resumed: Values, now: datetime) -> Values:
    """Who closes a ticket has received it, also where they refuse it at once."""
    paused = resumed.get("paused_minutes", report.paused_minutes)
    return {
        "received_at": report.received_at or now,
        "closed_at": now,
        "handled_minutes": max(0, clocks.worked_minutes(report.hours, report.submitted_at, now) - paused),
    }


def _reopened(report: Report, now: datetime) -> Values:
    return {
        "closed_at": None,
        "handled_minutes": None,
        "times_reopened": report.times_reopened + 1,
        **clocks.reopened(report, now=now),
    }
