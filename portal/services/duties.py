"""What points at a unit or a category, so that none of it is left behind when it is closed."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, func, literal, or_, select

from portal.core.deadlines import day_of
from portal.core.errors import Conflict
from portal.core.workflow import OPEN
from portal.models import (
    Account,
    Appointment,
    Area,
    Category,
    Cooperation,
    Question,
    Report,
    RoutingCase,
    RoutingRule,
    Territory,
    Unit,
    db,
)
from portal.services import routing

OF_A_PLACE = ("commune", "district")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class UnitDuties:
    """What points at a unit: open reports that it leads or helps with, people, rules and their tests that name it."""

    open_reports: int
    cooperations: int
    people: list[Account]
    rules: list[RoutingRule]
    cases: list[RoutingCase]


@dataclass(frozen=True)
class CategoryDuties:
    """What points at a category: open reports, rules, questions, and closed categories that it follows."""

    open_reports: int
    rules: list[RoutingRule]
    questions: list[Question]
    former: list[Category]

    def __bool__(self) -> bool:
        return bool(self.open_reports or self.rules or self.questions or self.former)


def of_unit(unit: Unit, day: date) -> UnitDuties:
    """What would be left behind if the unit were gone on that day."""
    people = (
        select(Account)
        .where(Account.appointments.any((Appointment.unit_id == unit.id) & Appointment.on(day)))
        .order_by(Account.active.desc(), Account.username)
    )
    cases = select(RoutingCase).where(_names(RoutingCase, unit.code)).order_by(RoutingCase.name)
    return UnitDuties(
        open_reports=open_reports([unit.id]).get(unit.id, 0),
        cooperations=_open(select(func.count()).join(Cooperation).where(Cooperation.unit_id == unit.id)),
        people=list(db.session.scalars(people)),
        rules=_rules(_names(RoutingRule, unit.code), day),
        cases=[case for case in db.session.scalars(cases) if day_of(case.at) >= day],
    )


def of_category(category: Category, day: date) -> CategoryDuties:
    """What would be left behind if the category took no more reports from that day on."""
    return CategoryDuties(
        open_reports=_open(select(func.count()).where(Report.category_code == category.code)),
        rules=_rules(RoutingRule.category_code == category.code, day),
        questions=list(db.session.scalars(select(Question).filter_by(category_code=category.code))),
        former=list(
            db.session.scalars(select(Category).filter_by(successor_code=category.code, active=False))
        ),
    )


def open_reports(unit_ids: list[int]) -> dict[int, int]:
    """How many reports each of these units still has to close; units without any are left out."""
    query = (
        select(Report.lead_unit_id, func.count())
        .where(Report.lead_unit_id.in_(unit_ids), Report.status.in_(OPEN))
        .group_by(Report.lead_unit_id)
    )
    return dict(db.session.execute(query).all())


def check_unit(unit: Unit) -> None:
    """Raises Conflict where the unit ends and leaves something behind; the one for what no rule decides never ends."""
    if unit.valid_until is None:
        return
    after = unit.valid_until + ONE_DAY
    fallback = db.session.scalars(select(Territory.fallback_unit)).one()
    if unit.code == fallback and not routing.unit_on(fallback, after):
        raise Conflict(field="valid_until", reason="fallback")
    if unit.successor_code is not None:
        return
    left = of_unit(unit, after)
    if left.open_reports or left.cooperations or left.rules or left.cases or _serves_a_place(unit, after):
        raise Conflict(field="successor_code", reason="still_needed")


def check_category(category: Category, day: date) -> None:
    """Raises Conflict where a closed category leaves something behind, or where its successor can take nothing."""
    if category.active:
        if category.successor_code:
            raise Conflict(field="successor_code", reason="category_in_use")
        return
    if category.successor_code is None:
        if of_category(category, day):
            raise Conflict(field="successor_code", reason="category_needed")
    elif heir(category.successor_code) is None:
        raise Conflict(field="successor_code", reason="no_category_left")


def heir(code: str) -> Category | None:
    """The category of that code or, where it is closed, the one that took its place; None where none did."""
    passed: set[str] = set()
    following: str | None = code
    while following and following not in passed:
        passed.add(following)
        found = db.session.get(Category, following)
        if found is None or found.active:
            return found
        following = found.successor_code
    return None


def _open(query: Select[int]) -> int:
    return db.session.scalars(query.select_from(Report).where(Report.status.in_(OPEN))).one()


def _rules(named: ColumnElement[bool], day: date) -> list[RoutingRule]:
    """Such rules in force on that day or later."""
    query = select(RoutingRule).where(
        named, or_(RoutingRule.valid_until.is_(None), RoutingRule.valid_until >= day)
    )
    return list(db.session.scalars(query.order_by(RoutingRule.valid_from, RoutingRule.id)))


def _names(model: type[RoutingRule | RoutingCase], code: str) -> ColumnElement[bool]:
    helping = literal(" ") + model.cooperating + " "
    return or_(model.lead == code, helping.contains(f" {code} ", autoescape=True))


def _serves_a_place(unit: Unit, day: date) -> bool:
    """Is this the unit of a commune or district that exists on that day? 'The unit of the place' means it."""
    place = select(Area.code).where(
        Area.code == unit.area_code,
        Area.valid_from <= day,
        or_(Area.valid_until.is_(None), Area.valid_until >= day),
    )
    return unit.kind in OF_A_PLACE and db.session.scalar(place.limit(1)) is not None
