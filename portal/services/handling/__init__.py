"""What a unit does with a ticket: one step at a time, each with its effect on the clocks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from portal.core import codes, names, text, workflow
from portal.core.deadlines import day_of
from portal.core.errors import ColleagueRequired, NotFound, Stale, UnitRequired
from portal.core.permissions import Deed
from portal.core.workflow import Demand, Lead, Rule, Status, Step
from portal.models import Account, Event, Report, Seat, Unit, db, transaction
from portal.services import causes, clocks, evidence, reach, standing
from portal.services.answers import generic
from portal.services.clocks import extensions
from portal.services.cooperation import mentions
from portal.services.handling import effects
from portal.services.handling.commands import Command, Found
from portal.services.privacy import masking
from portal.services.repeats import merging
from portal.services.retries import is_done
from portal.services.routing import concerns, exists_on, impartial

__all__ = [
    "Command",
    "Found",
    "colleagues",
    "foretold",
    "is_done",
    "move",
    "open_units",
    "passed_on",
    "readable",
    "take_step",
    "ticket",
]

Values = dict[str, Any]
COLUMNS = Report.__table__.c


def ticket(raw_code: str, seat: Seat) -> Report:
    """The report of this code if the seat may take a step; NotFound for every other, so that none is betrayed."""
    return _ticket(raw_code, reach.of(seat, Deed.HANDLE, Deed.DISTRIBUTE))


def readable(raw_code: str, seat: Seat) -> Report:
    """The report of this code if the seat may read it; NotFound for every other."""
    return _ticket(raw_code, reach.of(seat, Deed.READ_REPORTS))


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


def passed_on(raw_code: str, seat: Seat) -> Event | None:
    """The event by which the seat's unit last gave the report of this code to another one; None where it never did, and
    where it turned out to be about the unit's people for all but who said so.
    """
    query = (
        select(Event)
        .join(Report, Report.id == Event.report_id)
        .where(
            Report.code == _parsed(raw_code),
            Event.unit_id == seat.unit_id,
            or_(Event.account_id == seat.account_id, reach.unconcerned(seat)),
            Event.details["to_unit"].as_string().is_not(None),
        )
        .order_by(Event.id.desc())
        .limit(1)
        .options(joinedload(Event.account), joinedload(Event.unit))
    )
    return db.session.scalar(query)


def colleagues(unit_id: int, *, about: int | None = None, now: datetime) -> Sequence[Account]:
    """Who works in this unit today, and to whom a ticket about the people of that office, or of none, can be assigned;
    by given name.
    """
    found = db.session.scalars(_officers(unit_id, about, now))
    return sorted(found, key=lambda officer: names.sort_key(officer.name))


def take_step(report: Report, command: Command, *, now: datetime) -> None:
    """Move a report one step, remember it, and tell the reporter where the law says so, together.

    Raises NotAllowed, NoteRequired, ReasonRequired, ChannelRequired, UnitRequired, ColleagueRequired,
    OriginalRequired, EvidenceRequired, EvidenceDoubtful, GenericAnswer, PersonalData; Stale where the report is no
    longer as the person saw it. A repeated sending of the same form changes nothing.
    """
    if is_done(command.request_key):
        return
    read = select(Report).where(Report.id == report.id).options(joinedload(Report.lead_unit))
    unit_id = report.lead_unit_id
    try:
        with transaction():
            db.session.scalars(read).one()
            if report.lead_unit_id != unit_id:
                raise Stale(code=report.code)
            _take(report, command, now)
    except (IntegrityError, Stale):
        if not is_done(command.request_key):  # else the other tap of a double tap came first
            raise


def _take(report: Report, command: Command, now: datetime) -> None:
    note = text.clean(command.note)
    rule = _lawful(report, command, note, now)
    note, given = masking.of_step(rule, command.step, note, command.personal)
    given |= evidence.examine(report, command.step, command.evidence, now=now)
    given |= generic.examine(report, command.step, note, command.repeated_because)
    found = _found(report, command, rule, now)
    changes = effects.of_step(report, command, rule, found, now)
    event = _event(report, command, rule, note, found, now)
    event.details |= given
    event.to_status = changes.get("status", command.seen)
    above = merging.above(report)
    move(report, report.lead_unit_id, command.seen, changes and clocks.settled(report, changes, now=now))
    if command.step is Step.WITHDRAW and report.times_merged:
        raise Stale(code=report.code)
    mentions.remember(report, event)
    _link(report, command.step, found, above, event)
    evidence.attach(event, command.evidence, found.proposal)
    masking.keep(command.written, report_id=report.id, event_id=event.id, now=now)
    if rule.to in workflow.CLOSED or found.to:
        extensions.withdraw(report)
    if rule.tells_reporter:
        merging.tell(report, event, now=now)


def foretold(report: Report, command: Command, *, now: datetime) -> Event:
    """The event that this step would be, for a preview; no session keeps it. Raises what `take_step` raises of the
    step itself, and nothing of its evidence and its words.
    """
    note = text.clean(command.note)
    rule = _lawful(report, command, note, now)
    note, _left = masking.of_step(rule, command.step, note, command.personal or masking.MASK)
    event = _event(report, command, rule, note, _found(report, command, rule, now), now)
    event.unit = report.lead_unit
    return event


def move(report: Report, unit_id: int, seen: Status, values: Values) -> None:
    """Change the report if it is still as the person saw it, with its words, the office that it is about and the unit
    that led it; else raise Stale.

    How many were merged into it is read with the change, for nobody can merge another one meanwhile.
    """
    same = [COLUMNS.id == report.id, COLUMNS.status == seen, COLUMNS.lead_unit_id == unit_id]
    same.append(COLUMNS.description == report.description)  # nobody has erased or corrected it meanwhile
    same.append(COLUMNS.about_unit_id.is_not_distinct_from(report.about_unit_id))
    if "next_due_at" in values:  # counted from these
        same.append(COLUMNS.resolve_due_at == report.resolve_due_at)
        same.append(COLUMNS.assignee_id.is_not_distinct_from(report.assignee_id))
    values = {"status": seen, **values}
    moving = update(Report.__table__).where(*same).values(values).returning(COLUMNS.times_merged)
    moved = db.session.execute(moving).first()
    if moved is None:
        raise Stale(code=report.code)
    for name, value in {**values, "times_merged": moved.times_merged}.items():
        set_committed_value(report, name, value)


def _parsed(raw_code: str) -> str:
    try:
        return codes.parse(raw_code)
    except codes.BadCode as error:
        raise NotFound(code=raw_code) from error


def _lawful(report: Report, command: Command, note: str, now: datetime) -> Rule:
    return workflow.decide(
        command.seen,
        command.step,
        standing.actors(report, command.actor, command.by, now=now),
        standing.conditions(report, now=now),
        note=note,
        reason=command.reason,
        channel=command.channel,
    )


def _found(report: Report, command: Command, rule: Rule, now: datetime) -> Found:
    match rule.lead:
        case Lead.CHOSEN:
            return Found(to=_unconcerned(report, _chosen(report, command, now)))
        case Lead.SENDER:
            return Found(to=_unconcerned(report, standing.sender(report, now=now)))
    if Demand.ORIGINAL in rule.demands:
        return Found(original=_original(report, command))
    if Demand.COLLEAGUE in rule.demands or (command.step is Step.RECEIVE and command.to_account):
        return Found(colleague=_colleague(report, command.to_account, now))
    if command.step is Step.APPROVE:
        return Found(proposal=_proposal(report, command.proposal))
    return Found()


def _unconcerned(report: Report, unit: Unit) -> Unit:
    """The unit, unless the report is about its own people. Raises UnitRequired."""
    if concerns(report, unit):
        raise UnitRequired(unit=unit.id)
    return unit


def _chosen(report: Report, command: Command, now: datetime) -> Unit:
    today = day_of(now)
    unit = db.session.scalar(select(Unit).where(Unit.id == command.to_unit, *exists_on(today)))
    if unit is None or unit.id == report.lead_unit_id:
        raise UnitRequired(unit=command.to_unit)
    return unit


def _colleague(report: Report, account_id: int | None, now: datetime) -> Account:
    """That officer of the unit; whoever closes or moves their account meanwhile waits, and finds the report."""
    query = _officers(report.lead_unit_id, report.about_unit_id, now).where(Account.id == account_id)
    found = db.session.scalar(query.with_for_update(read=True))
    if found is None:
        raise ColleagueRequired(account=account_id)
    return found


def _officers(unit_id: int, about: int | None, now: datetime) -> Select[Account]:
    day = day_of(now)
    return select(Account).where(Account.works_in(unit_id, day), impartial(about, day))


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
    if found.proposal:
        kept = ("documents", masking.LEFT)
        details |= {name: said for name, said in found.proposal.details.items() if name in kept}
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
        account_id=command.by.account_id if command.by else None,
        unit_id=command.by.unit_id if command.by else report.lead_unit_id,
        from_status=command.seen,
        note=found.proposal.note if found.proposal else note,
        public=rule.public,
        details=details,
        request_key=command.request_key,
        at=now,
    )
