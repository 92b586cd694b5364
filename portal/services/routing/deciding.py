"""One report: who leads it, who helps, and why, kept as data and as a sentence."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from portal.core.cooperation import Kind
from portal.core.deadlines import VIETNAM, WorkCalendar, day_of
from portal.core.routing import Decision
from portal.core.routing.conditions import HOURS, PRIORITY, write
from portal.core.routing.roster import Term
from portal.models import Area, Cooperation, Report, RoutingRule, Unit, db
from portal.services import clocks
from portal.services.routing import books, sentences
from portal.services.routing.questions import Asked


@dataclass(frozen=True)
class Routed:
    """The unit that leads, those that help, and why, as it is kept with the report."""

    unit: Unit
    cooperating: list[Unit]
    decision: dict[str, Any]


def route(
    category: str,
    area: Area,
    moment: datetime,
    *,
    priority: str,
    answers: Mapping[str, str] | None = None,
) -> Routed:
    """Decide who leads a report of this category in this area at this moment. There is always an answer.

    `answers`: question → choice. Raises NotFound where not even the unit for what no rule decides exists.
    """
    shelf = books.current()
    day = day_of(moment)
    known = dict(answers or {}) | {PRIORITY: priority}
    if shelf.ask_for_hours:
        known[HOURS] = hours(moment, office_hours())
    made = shelf.decide(category, (area.vintage, area.code), day, known)
    lead = shelf.lead(made, day)
    units = [db.session.get_one(Unit, term.id) for term in (lead, *made.cooperating)]
    asked = shelf.questions.get(category, {})
    decision = _data(made, lead.code, known, asked) | {
        "lead": made.rule.lead if made.rule else shelf.fallback
    }
    decision["sentence"] = sentences.write(decision)
    return Routed(units[0], units[1:], decision)


def office_hours() -> WorkCalendar:
    """The usual hours of an office, which conditions go by."""
    return clocks.timetable().calendar("")


def hours(moment: datetime, office: WorkCalendar) -> str:
    """Is the office open at that moment: 'office', or 'outside' its hours?"""
    local = moment.astimezone(VIETNAM)
    opened = any(begin <= local < end for begin, end in office.spans(local.date()))
    return "office" if opened else "outside"


def keep(report: Report, routed: Routed, *, now: datetime) -> None:
    """Inside a transaction: a new decision stands with the report, and so do the units that help. Units that somebody
    asked, and superior ones, stay.
    """
    report.decision = routed.decision
    unshare(report, but={unit.id for unit in routed.cooperating})
    helping = db.session.scalars(select(Cooperation.unit_id).where(Cooperation.report_id == report.id))
    share(report, routed, now=now, helping=set(helping))


def share(report: Report, routed: Routed, *, now: datetime, helping: Collection[int] = ()) -> None:
    """Inside a transaction: units that the decision names help, but for those `helping` already; administrators see
    the rules that could not be used for it.
    """
    named = {unit.id for unit in routed.cooperating}.difference(helping)
    db.session.add_all(Cooperation(report_id=report.id, unit_id=unit_id, since=now) for unit_id in named)
    db.session.flush()
    db.session.expire(report, ["cooperations"])
    for fault in routed.decision["faults"]:
        db.session.execute(
            update(RoutingRule)
            .where(RoutingRule.id == fault["rule"])
            .values(fault=fault["reason"], fault_at=now, fault_count=RoutingRule.fault_count + 1)
        )


def unshare(report: Report, *, but: Collection[int] = ()) -> None:
    """Inside a transaction: nobody but these units helps by a rule alone."""
    named = Cooperation.report_id == report.id, Cooperation.kind == Kind.RULE
    db.session.execute(delete(Cooperation).where(*named, Cooperation.unit_id.not_in(but)))
    db.session.expire(report, ["cooperations"])


def _data(
    made: Decision[Term], unit: str, known: Mapping[str, str], asked: Mapping[str, Asked]
) -> dict[str, Any]:
    rule = made.rule
    return {
        "rule_id": rule.id if rule else None,
        "matched": [other.id for other in made.matched],
        "why": made.why,
        "unit": unit,
        "cooperating": [term.code for term in made.cooperating],
        "conditions": write(rule.conditions) if rule else "",
        "held": [sentences.held(subject, known[subject], asked) for subject in sorted(rule.conditions)]
        if rule
        else [],
        "legal_basis": rule.legal_basis if rule else "",
        "faults": [{"rule": faulty.id, "reason": reason} for faulty, reason in made.faults],
    }
