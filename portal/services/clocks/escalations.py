"""A broken clock is told upwards by rule: laid when it breaks, told once when its time comes, if it is broken still."""

from datetime import datetime

from sqlalchemy import or_, select, text, update

from portal.core.cooperation import Kind
from portal.core.deadlines import day_of
from portal.core.workflow import Clock
from portal.models import Alarm, Cooperation, Escalation, EscalationRule, Event, Report, Unit, db, transaction
from portal.models.cooperation import TO_TELL
from portal.services.clocks.promises import due_of, later, running
from portal.services.routing import concerns

STEP = "escalate"


def lay(alarm: Alarm, report: Report) -> None:
    """Lay what the rules of now say about a clock that breaks; inside the transaction that says so."""
    laid = select(Escalation.target).where(
        Escalation.report_id == report.id,
        Escalation.clock == alarm.clock,
        Escalation.due_at == alarm.due_at,
    )
    known = set(db.session.scalars(laid))
    for rule in _rules(report, alarm.clock):
        if rule.target not in known:
            known.add(rule.target)
            db.session.add(
                Escalation(
                    report_id=report.id,
                    clock=alarm.clock,
                    due_at=alarm.due_at,
                    target=rule.target,
                    tell_at=later(alarm.due_at, rule.after_minutes, report.hours),
                )
            )


def tell_next(*, now: datetime) -> bool:
    """Tell one whose moment has come, or pass over one that means nothing any more; False without any."""
    to_tell = text(TO_TELL)
    due = select(Escalation.id).where(to_tell, Escalation.tell_at <= now)
    found = db.session.scalar(due.order_by(Escalation.tell_at, Escalation.id).limit(1))
    if found is None:
        return False
    with transaction():
        told = db.session.execute(
            update(Escalation).where(Escalation.id == found, to_tell).values(told_at=now)
        )
        if told.rowcount:  # type: ignore[attr-defined]
            each = db.session.get_one(Escalation, found)
            report = db.session.get_one(Report, each.report_id)
            clock = Clock(each.clock)
            broken = clock in running(report) and due_of(report, clock) == each.due_at
            if broken and (superior := _superior(report, each.target, now)):
                _tell(report, each, superior, now)
    return True


def _rules(report: Report, clock: str) -> list[EscalationRule]:
    """Those that fit, the soonest first: one unit is told once, at the earliest."""
    fits = (
        EscalationRule.clock == clock,
        or_(EscalationRule.category_code.is_(None), EscalationRule.category_code == report.category_code),
        or_(EscalationRule.unit_kind.is_(None), EscalationRule.unit_kind == report.lead_unit.kind),
    )
    query = select(EscalationRule).where(*fits).order_by(EscalationRule.after_minutes, EscalationRule.id)
    return list(db.session.scalars(query))


def _superior(report: Report, target: str, now: datetime) -> Unit | None:
    """The unit of that code, '' the one above the lead, as it is today; None where there is none but the lead."""
    code = target or report.lead_unit.parent_code
    today = day_of(now)
    valid = Unit.valid_from <= today, or_(Unit.valid_until.is_(None), Unit.valid_until >= today)
    unit = db.session.scalar(select(Unit).where(Unit.code == code, *valid))
    return unit if unit and unit.id != report.lead_unit_id and not concerns(report, unit) else None


def _tell(report: Report, each: Escalation, superior: Unit, now: datetime) -> None:
    db.session.merge(Cooperation(report_id=report.id, unit_id=superior.id, kind=Kind.SUPERIOR, since=now))
    details = {"unit": superior.name, "clock": each.clock, "due": each.due_at.isoformat()}
    db.session.add(Event.beside(report, STEP, details=details, at=now))
