"""Who may do what with a ticket now: the facts that the law asks for, read from the ticket and the directory."""

from datetime import datetime

from sqlalchemy import func, select

from portal.core import permissions, workflow
from portal.core.deadlines import day_of
from portal.core.errors import NotFound
from portal.core.permissions import Deed, Place
from portal.core.workflow import Actor, Condition, Reason, Status, Step
from portal.models import Event, Report, Seat, Unit, db
from portal.services import clocks, reach, routing, territory
from portal.services.privacy import masking


def actors(report: Report, actor: Actor, seat: Seat | None = None, *, now: datetime) -> frozenset[Actor]:
    """All that this actor is to the report: an officer may be more than that, or, where another unit leads, only a
    coordinator or an administrator. To an erased report nobody is anything.
    """
    if masking.is_erased(report):
        return frozenset()
    if actor is not Actor.OFFICER:
        return frozenset({actor})
    if seat and seat.unit_id != report.lead_unit_id:
        if permissions.may(Deed.ANSWER_REQUESTS, seat.role):
            return frozenset({Actor.ADMINISTRATOR})
        undecided = Place.UNDECIDED in permissions.places(Deed.DISTRIBUTE, seat.role)
        return frozenset({Actor.COORDINATOR} if undecided and report.status == Status.SUBMITTED else ())
    found = {Actor.OFFICER}
    if seat and seat.account_id != report.proposed_by_id:
        waits = (
            report.status == Status.AWAITING_APPROVAL
        )  # else it is only asked whether somebody was quicker
        found |= {Actor.APPROVER} if not waits or reach.may(seat, Deed.APPROVE, now=now) else set()
    if at_centre(report):
        found.add(Actor.COORDINATOR)
    return frozenset(found)


def conditions(report: Report, *, now: datetime) -> frozenset[Condition]:
    """What is true of the report now."""
    return workflow.conditions(
        needs_approval=report.lead_unit.needs_approval,
        times_returned=report.times_returned,
        at_centre=at_centre(report),
        held_minutes=clocks.worked_minutes(report.hours, report.led_since, now),
        closed_at=report.closed_at,
        answer_due_at=report.answer_due_at,
        times_merged=report.times_merged,
        withdrawn=report.refusal_reason == Reason.WITHDRAWN,
        now=now,
    )


def open_steps(report: Report, actor: Actor, seat: Seat | None = None, *, now: datetime) -> list[Step]:
    """The steps that this actor may take now, from the status as it stands."""
    who = actors(report, actor, seat, now=now)
    return workflow.open_steps(Status(report.status), who, conditions(report, now=now))


def at_centre(report: Report) -> bool:
    """Does the coordination centre lead it?"""
    return report.lead_unit.code == _fallback()


def sender(report: Report, *, now: datetime) -> Unit:
    """Who gets the report when its unit returns it: the unit that forwarded it, else the coordination centre.

    The centre also where the rules gave it to the unit, where who forwarded it is gone, and for the last return.
    """
    today = day_of(now)
    found = None
    if report.times_returned + 1 < workflow.MOST_RETURNS and (forwarder := _forwarder(report)):
        found = db.session.scalar(select(Unit).where(Unit.id == forwarder, *routing.exists_on(today)))
    found = found or routing.in_charge(_fallback(), today)
    if found is None:
        raise NotFound(unit=_fallback())
    return found


def proposal(report: Report) -> Event | None:
    """The last result that an officer proposed."""
    proposed = select(func.max(Event.id)).where(Event.report_id == report.id, Event.step == Step.PROPOSE)
    return db.session.scalar(select(Event).where(Event.id == proposed.scalar_subquery()))


def _forwarder(report: Report) -> int | None:
    """The unit that forwarded the report to the one that leads it; None where a correction gave it there since."""
    moved = select(Event).where(
        Event.report_id == report.id,
        Event.step.in_((Step.FORWARD, Step.CORRECT)),
        Event.details["to_unit"].as_string().is_not(None),
    )
    last = db.session.scalar(moved.order_by(Event.id.desc()).limit(1))
    return last.unit_id if last and last.step == Step.FORWARD else None


def _fallback() -> str:
    loaded = territory.current()
    return loaded.fallback_unit if loaded else ""
