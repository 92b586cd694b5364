"""How far a seat reaches: which reports it may read, handle or whatever else, as SQL, in this one place.

Every list, count, map, search and single ticket of staff asks `of`; nothing is sifted afterwards. A report about the
people of a unit is beyond the reach of everybody who is appointed there, whatever the seat in which they act.
"""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import aliased

from portal.core import permissions
from portal.core.deadlines import day_of
from portal.core.permissions import STANDING_IN, Deed, Place, Role
from portal.core.workflow import Status
from portal.models import Account, Appointment, Area, Category, Cooperation, Report, Seat, Unit, db
from portal.services.routing import books

# Once: to make one takes milliseconds.
_other, _lead, _own_unit = aliased(Report), aliased(Unit), aliased(Unit)


def of(seat: Seat, *deeds: Deed) -> ColumnElement[bool]:
    """The reports with which this seat may do one of these deeds."""
    places = frozenset[Place]().union(*(permissions.places(deed, seat.role) for deed in deeds))
    found = true() if Place.ALL in places else or_(false(), *(WHERE[place](seat) for place in sorted(places)))
    return and_(found, unconcerned(seat))


def unconcerned(seat: Seat) -> ColumnElement[bool]:
    """Is the report not about the people of a unit in which this person is appointed, or of one that it carries on?

    They are few and found by an index of their own, so that a count still reads nothing but its index. The units are
    told by number: with a subquery for them PostgreSQL takes the list for so dear that it reads every open report
    rather than those that a unit helps with.
    """
    if not seat.offices:
        return true()
    known = books.current()
    theirs = known.roster.ids(set().union(*map(known.kinship.forebears, seat.offices)))
    return Report.id.not_in(select(_other.id).where(_other.about_unit_id.in_(theirs)))


def helped_by(unit_id: int | None) -> ColumnElement[bool]:
    """Does this unit stand beside the one that leads the report?"""
    return Report.id.in_(select(Cooperation.report_id).where(Cooperation.unit_id == unit_id))


def below(seat: Seat) -> ColumnElement[bool]:
    """Is the unit that leads the report one of which the seat's unit is the superior?"""
    under = select(_lead.id).join(_own_unit, _own_unit.code == _lead.parent_code)
    under = under.where(_own_unit.id == seat.unit_id)
    return Report.lead_unit_id.in_(under.scalar_subquery())


def has_lead(unit_id: int | None, day: date) -> ColumnElement[bool]:
    """Is anybody the lead of this unit on that day?"""
    leads = Appointment.unit_id == unit_id, Appointment.role == Role.UNIT_LEAD, Appointment.on(day)
    return select(Appointment.id).join(Appointment.account).where(Account.active, *leads).exists()


def may(seat: Seat, deed: Deed, *, now: datetime) -> bool:
    """May the seat do it at all today? Officers stand in for a lead that their unit does not have."""
    if not permissions.may(deed, seat.role):
        return False
    if deed not in STANDING_IN or seat.role != Role.OFFICER:
        return True
    return not db.session.scalar(select(has_lead(seat.unit_id, day_of(now))))


def _own(seat: Seat) -> ColumnElement[bool]:
    return Report.lead_unit_id == seat.unit_id


def _cooperating(seat: Seat) -> ColumnElement[bool]:
    into_ours = _other.id == Report.duplicate_of_id, _other.lead_unit_id == seat.unit_id
    merged = select(_other.id).where(*into_ours).exists()
    return or_(Report.cooperations.any(Cooperation.unit_id == seat.unit_id), merged)


def _area(seat: Seat) -> ColumnElement[bool]:
    """Not what is kept from the public: who denounces somebody of this very place writes to another door."""
    code = seat.unit.area_code if seat.unit else None
    in_force = select(Area.vintage).where(Area.code == code, Area.valid_until.is_(None))
    shown = select(Category.code).where(Category.visibility == "public")
    public = and_(Report.private.is_(False), Report.category_code.in_(shown))
    return and_(public, Report.area_code == code, Report.area_vintage.in_(in_force))


def _undecided(_seat: Seat) -> ColumnElement[bool]:
    return Report.status == Status.SUBMITTED


WHERE: dict[Place, Callable[[Seat], ColumnElement[bool]]] = {
    Place.OWN: _own,
    Place.COOPERATING: _cooperating,
    Place.BELOW: below,
    Place.AREA: _area,
    Place.UNDECIDED: _undecided,
}
