"""A report about the people of an office goes to the one above it; what is kept from the public is shared with care:
who helps by a rule may be the very office that somebody complains about without ticking the box.
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, select, true

from portal.core.deadlines import day_of
from portal.core.errors import NobodyElse
from portal.core.routing.roster import OF_A_PLACE
from portal.models import Account, Appointment, Category, Report, Unit, db
from portal.services.routing import books, sentences
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
    return ~Account.appointments.any(Appointment.unit_id.in_(offices(about)) & Appointment.on(day))


def offices(about: int) -> Select[int]:
    """The ids of that unit in all its periods, and of all that carry it on."""
    concerned = db.session.get_one(Unit, about)
    return select(Unit.id).where(Unit.code.in_(books.current().kinship.heirs(concerned.code)))


def unshared(routed: Routed, category: Category, *, private: bool) -> Routed:
    """The same decision for a report that is kept from the public: nobody helps by a rule where it is private itself,
    no office of a place where its category is. Whom the rule named beside, a person may ask.
    """
    return _unshared(routed, private=private) if private or category.visibility == "private" else routed


def away_from(concerned: Unit, routed: Routed, *, now: datetime) -> Routed:
    """The same decision, unshared, without this office: where it would lead, one above it does, or the coordination
    centre; see `Roster.instead`. Raises NobodyElse where there is no other unit at all.
    """
    routed = _unshared(routed, private=True)
    if not _is_of(routed.unit, concerned):
        return routed
    shelf = books.current()
    term = shelf.roster.instead(
        concerned.code, shelf.kinship.heirs(concerned.code), shelf.fallback, day_of(now)
    )
    if term is None:
        raise NobodyElse(unit=concerned.code)
    lead = db.session.get_one(Unit, term.id)
    decision = routed.decision | {"unit": lead.code, "lead": lead.code}
    decision["about"] = [concerned.name, concerned.name_en]
    return Routed(lead, [], decision | {"sentence": sentences.write(decision)})


def _unshared(routed: Routed, *, private: bool) -> Routed:
    helping = [unit for unit in routed.cooperating if not private and unit.kind not in OF_A_PLACE]
    left = [unit.name for unit in routed.cooperating if unit not in helping]
    if not left:
        return routed
    decision = routed.decision | {"cooperating": [unit.code for unit in helping], "unshared": left}
    return Routed(routed.unit, helping, decision | {"sentence": sentences.write(decision)})


def _is_of(unit: Unit, concerned: Unit) -> bool:
    """Is it this unit, in whatever period, or one that carries it on?"""
    return unit.code in books.current().kinship.heirs(concerned.code)
