"""What a unit does with a ticket: one step at a time, each with its effect on the clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from portal.core import codes, names, text, workflow
from portal.core.deadlines import VIETNAM
from portal.core.errors import ColleagueRequired, NotFound, Stale, UnitRequired
from portal.core.workflow import Actor, Demand, Effect, Lead, Rule, Status, Step
from portal.models import Account, Event, Report, Unit, db, transaction
from portal.services import causes, clocks, evidence, standing
from portal.services.answers import generic
from portal.services.clocks import assigning, extensions
from portal.services.cooperation import mentions
from portal.services.evidence import NO_EVIDENCE, Evidence
from portal.services.repeats import merging
from portal.services.routing import exists_on

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


@dataclass(frozen=True)
class Command:
    """One step as a person asked for it. `seen` is the status on the page where they pressed the button.

    `original` is the code of another report as it was typed, `proposal` the event of the result that was read
    before it was approved. `to_account` is to be in charge; `nobody` yet, where it is received.
    `request_key` names the form that was sent: the same form sent twice is one step.
    `repeated_because`: why an answer is sent although it nearly repeats an earlier one.
    """

    step: Step
    actor: Actor
    seen: Status
    note: str = ""
    reason: str | None = None
    channel: str | None = None
    to_unit: int | None = None
    to_account: int | None = None
    nobody: bool = False
    original: str = ""
    proposal: int | None = None
    request_key: str | None = None
    account: Account | None = None
    evidence: Evidence = NO_EVIDENCE
    repeated_because: str = ""


@dataclass(frozen=True)
class Found:
    """What a step needs of other records: the unit that leads afterwards, the colleague who gets it, the other
    report, the proposed result."""

    to: Unit | None = None
    colleague: Account | None = None
    original: Report | None = None
    proposal: Event | None = None


def ticket(raw_code: str, unit_id: int) -> Report:
    """The report of this code if this unit leads it; NotFound for every other, so that none is betrayed."""
    return _ticket(raw_code, Report.lead_unit_id == unit_id)


def readable(raw_code: str, unit_id: int) -> Report:
    """The same also for a unit that helps, which reads and takes no step, and for what was merged into its own."""
    return _ticket(raw_code, standing.readable_by(unit_id))


def _ticket(raw_code: str, allowed: ColumnElement[bool]) -> Report:
    query = (
        select(Report)
        .where(Report.code == _parsed(raw_code), allowed)
        .options(
            joinedload(Report.category),
            joinedload(Report.area),
            joinedload(Report.lead_unit),
            joinedload(Report.assignee),
            selectinload(Report.photos),
            selectinload(Report.events).options(joinedload(Event.account), joinedload(Event.unit)),
        )
    )
    report = db.session.scalar(query)
    if report is None:
        raise NotFound(code=raw_code)
    return report


def passed_on(raw_code: str, unit_id: int) -> Event | None:
    """The event by which this unit last gave the report of this code to another one; None where it never did."""
    query = (
        select(Event)
        .join(Report, Report.id == Event.report_id)
        .where(
            Report.code == _parsed(raw_code),
            Event.unit_id == unit_id,
            Event.details["to_unit"].as_string().is_not(None),
        )
        .order_by(Event.id.desc())
        .limit(1)
        .options(joinedload(Event.account), joinedload(Event.unit))
    )
    return db.session.scalar(query)


def open_units(unit_id: int, *, now: datetime) -> Sequence[Row[int, str, str, str]]:
    """The `id`, `name`, `name_en` and `kind` of every unit that a ticket of this one can be given to today."""
    query = select(Unit.id, Unit.name, Unit.name_en, Unit.kind)
    query = query.where(Unit.id != unit_id, *exists_on(now.astimezone(VIETNAM).date()))
    return db.session.execute(query.order_by(Unit.name_folded)).all()


def colleagues(unit_id: int) -> Sequence[Account]:
    """The officers of this unit to whom a ticket can be assigned, by given name."""
    return sorted(db.session.scalars(_officers(unit_id)), key=lambda officer: names.sort_key(officer.name))


def take_step(report: Report, command: Command, *, now: datetime) -> None:
    """Move a report one step, remember it, and tell the reporter where the law says so, together.

    Raises NotAllowed, NoteRequired, ReasonRequired, ChannelRequired, UnitRequired, ColleagueRequired,
    OriginalRequired, EvidenceRequired, EvidenceDoubtful, GenericAnswer; Stale where the report is no longer as the
    person saw it. A repeated sending of the same form changes nothing.
    """
    if is_done(command.request_key):
        return
    note = text.clean(command.note)
    rule = _lawful(report, command, note, now)
    given = evidence.examine(report, command.step, command.evidence, now=now)
    given |= generic.examine(report, command.step, note, command.repeated_because)
    unit_id = report.lead_unit_id
    try:
        with transaction():
            found = _found(report, command, rule, now)
            changes = _changes(report, command, rule, found, now)
            event = _event(report, command, rule, note, found, now)
            event.details |= given
            event.to_status = changes.get("status", command.seen)
            above = merging.above(report)
            move(report, unit_id, command.seen, changes and clocks.settled(report, changes, now=now))
            mentions.remember(report, event)
            _link(report, command.step, found, above, event)
            evidence.attach(event, command.evidence, found.proposal)
            if rule.to in workflow.CLOSED or found.to:
                extensions.withdraw(report)
            if rule.tells_reporter:
                merging.tell(report, event, now=now)
    except (IntegrityError, Stale):
        if not is_done(command.request_key):  # else the other tap of a double tap came first
            raise


def foretold(report: Report, command: Command, *, now: datetime) -> Event:
    """The event that this step would be, for a preview; no session keeps it. Raises what `take_step` raises of the
    step itself, and nothing of its evidence and its words.
    """
    note = text.clean(command.note)
    rule = _lawful(report, command, note, now)
    event = _event(report, command, rule, note, _found(report, command, rule, now), now)
    event.unit = report.lead_unit
    return event


def is_done(request_key: str | None) -> bool:
    """Was the form of this key sent before?"""
    if request_key is None:
        return False
    return db.session.scalar(select(Event.id).where(Event.request_key == request_key)) is not None


def move(report: Report, unit_id: int, seen: Status, values: Values) -> None:
    """Change the report if it is still as the person saw it, with the unit that led it; else raise Stale."""
    same = [Report.id == report.id, Report.status == seen, Report.lead_unit_id == unit_id]
    if "next_due_at" in values:  # counted from these
        same.append(Report.resolve_due_at == report.resolve_due_at)
        same.append(Report.assignee_id.is_not_distinct_from(report.assignee_id))
    moved = db.session.execute(update(Report).where(*same).values(**{"status": seen, **values}))
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale(code=report.code)


def _parsed(raw_code: str) -> str:
    try:
        return codes.parse(raw_code)
    except codes.BadCode as error:
        raise NotFound(code=raw_code) from error


def _lawful(report: Report, command: Command, note: str, now: datetime) -> Rule:
    return workflow.decide(
        command.seen,
        command.step,
        standing.actors(report, command.actor, command.account),
        standing.conditions(report, now=now),
        note=note,
        reason=command.reason,
        channel=command.channel,
    )


def _found(report: Report, command: Command, rule: Rule, now: datetime) -> Found:
    match rule.lead:
        case Lead.CHOSEN:
            return Found(to=_chosen(report, command, now))
        case Lead.SENDER:
            return Found(to=standing.sender(report, now=now))
    if Demand.ORIGINAL in rule.demands:
        return Found(original=_original(report, command))
    if Demand.COLLEAGUE in rule.demands or (command.step is Step.RECEIVE and command.to_account):
        return Found(colleague=_colleague(report, command.to_account))
    if command.step is Step.APPROVE:
        return Found(proposal=_proposal(report, command.proposal))
    return Found()


def _chosen(report: Report, command: Command, now: datetime) -> Unit:
    today = now.astimezone(VIETNAM).date()
    unit = db.session.scalar(select(Unit).where(Unit.id == command.to_unit, *exists_on(today)))
    if unit is None or unit.id == report.lead_unit_id:
        raise UnitRequired(unit=command.to_unit)
    return unit


def _colleague(report: Report, account_id: int | None) -> Account:
    """That officer of the unit; whoever closes or moves their account meanwhile waits, and finds the report."""
    query = _officers(report.lead_unit_id).where(Account.id == account_id)
    found = db.session.scalar(query.with_for_update(read=True))
    if found is None:
        raise ColleagueRequired(account=account_id)
    return found


def _officers(unit_id: int) -> Select[Account]:
    return select(Account).filter_by(unit_id=unit_id, role="officer", active=True)


def _original(report: Report, command: Command) -> Report:
    """The report of the same cause: another of this unit. The coordination centre merges into whose it may be."""
    everywhere = command.step is Step.DUPLICATE and standing.at_centre(report)
    return merging.original(report, command.original, everywhere=everywhere)


def _link(report: Report, step: Step, found: Found, above: list[int], event: Event) -> None:
    """What a step does to other reports."""
    match step:
        case Step.SAME_CAUSE if found.original:
            causes.link(report, found.original)
        case Step.DUPLICATE if found.original:
            merging.join(report, found.original, event)
        case Step.SEPARATE | Step.REOPEN if above:
            merging.part(report, above, event)


def _proposal(report: Report, read: int | None) -> Event:
    """The proposed result, if it is the one that was read."""
    proposal = standing.proposal(report)
    if proposal is None or proposal.id != read:
        raise Stale(code=report.code)
    return proposal


def _event(report: Report, command: Command, rule: Rule, note: str, found: Found, now: datetime) -> Event:
    details: Values = {}
    if found.to:
        details |= {"from_unit": report.lead_unit.name, "to_unit": found.to.name}
    if found.original:
        key = "original" if command.step is Step.DUPLICATE else "cause"
        details[key] = found.original.code
        if command.step is Step.DUPLICATE:
            details["before"] = merging.kept(report)
    if found.colleague:
        details["assignee"] = found.colleague.name
    if found.proposal and "documents" in found.proposal.details:
        details["documents"] = found.proposal.details["documents"]
    if rule.to is Status.WAITING:
        details["answer_due"] = clocks.answer_due(report, now=now).isoformat()
    if Demand.REASON in rule.demands:
        details["reason"] = command.reason
    if Demand.CHANNEL in rule.demands:
        details["channel"] = command.channel
    return Event(
        report_id=report.id,
        step=command.step,
        actor=command.actor,
        account_id=command.account.id if command.account else None,
        unit_id=report.lead_unit_id,
        from_status=command.seen,
        note=found.proposal.note if found.proposal else note,
        public=rule.public,
        details=details,
        request_key=command.request_key,
        at=now,
    )


def _changes(report: Report, command: Command, rule: Rule, found: Found, now: datetime) -> Values:
    """What a step changes in the report: its status and what belongs to it, its clocks, and who leads it."""
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
    if command.nobody or (command.step in AGAIN and assigning.has_left(report)):
        return clocks.NOBODY
    if command.step in workflow.TAKERS and report.assignee_id is None and command.account:
        return clocks.in_charge(report, command.account.id, now=now)
    return {}


def _marks(report: Report, command: Command, to: Status, found: Found, now: datetime) -> Values:
    """What belongs to the new status and to no other."""
    match to:
        case Status.WAITING:
            return {"answer_due_at": clocks.answer_due(report, now=now)}
        case Status.REJECTED:
            return {"refusal_reason": command.reason}
        case Status.PAUSED:
            return {"pause_reason": command.reason}
        case Status.REDIRECTED:
            return {"redirect_channel": command.channel}
        case Status.DUPLICATE if found.original:
            return {"duplicate_of_id": found.original.id}
        case Status.AWAITING_APPROVAL if command.account:
            return {"proposed_by_id": command.account.id}
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
