"""A report about the people of an office goes to the one above it."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, select, true

from portal.core.deadlines import day_of
from portal.models import Account, Appointment, Report, Unit, db
from portal.services.routing import books
from portal.services.routing.deciding import Routed


def concerns(report: Report, unit: Unit) -> bool:
    """Is the report about the people of this unit, in whatever period, or of one that it carries on?"""
    if report.about_unit_id is None:
        return False
    return _is_of(unit, db.session.get_one(Unit, report.about_unit_id))


def impartial(about: int | None, day: date) -> ColumnElement[bool]:
    """Of accounts: is nobody of that office, which a report is about, nor of one that carries it on."""
    if about is None:
        return true()
    concerned = db.session.get_one(Unit, about)
    offices = select(Unit.id).where(Unit.code.in_(books.current().kinship.heirs(concerned.code)))
    return ~Account.appointments.any(Appointment.unit_id.in_(offices) & Appointment.on(day))


def away_from(concerned: Unit, routed: Routed, *, now: datetime) -> Routed:
    """The same decision without this unit: where it would lead, the one above it does, or the coordination centre where
    there is none; it helps nobody either.
    """
    helping = [unit for unit in routed.cooperating if not _is_of(unit, concerned)]
    if not _is_of(routed.unit, concerned):
        return replace(routed, cooperating=helping)
    lead = _above(concerned, now)
    sentence = f"Phản ánh về cán bộ, công chức của {concerned.name}, nên chuyển đến {lead.name}."
    decision = routed.decision | {"unit": lead.code, "lead": lead.code, "about": concerned.code}
    helping = [unit for unit in helping if unit.id != lead.id]
    decision |= {"sentence": sentence, "cooperating": [unit.code for unit in helping]}
    return Routed(lead, helping, decision)


def _above(concerned: Unit, now: datetime) -> Unit:
    today = day_of(now)
    shelf = books.current()
    for code in (concerned.parent_code, shelf.fallback):
        found = books.in_charge(code, today) if code else None
        if found and not _is_of(found, concerned):
            return found
    raise LookupError(f"nobody stands above {concerned.code}")


def _is_of(unit: Unit, concerned: Unit) -> bool:
    """Is it this unit, in whatever period, or one that carries it on?"""
    return unit.code in books.current().kinship.heirs(concerned.code)
