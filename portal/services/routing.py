"""To whom? The rules of the day applied to one report, with the reason kept as data."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from portal.core import routing
from portal.core.errors import NotFound
from portal.core.routing import COMMUNE_OF_PLACE, DISTRICT_OF_PLACE, Facts, Rule
from portal.models import Area, RoutingRule, Territory, Unit, db
from portal.services import places

MOST_SUCCESSIONS = 10
LEVEL_OF = {COMMUNE_OF_PLACE: ("commune", "district"), DISTRICT_OF_PLACE: ("district", "commune")}


@dataclass(frozen=True)
class Routed:
    """The unit that leads, and why: rule number, what matched, legal basis (kept with the report)."""

    unit: Unit
    decision: dict[str, Any]


def route(category: str, area: Area, day: date) -> Routed:
    """Decide who leads a report of this category in this area on this day. There is always an answer."""
    areas = places.chain(area)
    fallback = db.session.scalars(select(Territory.fallback_unit)).one()
    rows = {row.id: row for row in _rules_on(category, area.vintage, day)}
    rules = [_rule(row) for row in rows.values()]
    made = routing.decide(rules, Facts(category, day, areas), fallback)
    unit = _unit_of_place(made.lead, area, areas, day) if made.lead in LEVEL_OF else in_charge(made.lead, day)
    row = rows.get(made.rule_id) if made.rule_id else None
    decision = {
        "rule_id": made.rule_id,
        "matched": list(made.matched),
        "why": made.why if unit else "fallback",
        "lead": made.lead,
        "legal_basis": row.legal_basis if row and unit else "",
    }
    unit = unit or unit_on(fallback, day)
    if unit is None:
        raise NotFound(unit=fallback)
    return Routed(unit, decision)


def unit_on(code: str, day: date) -> Unit | None:
    """The unit of that code that exists on that day."""
    return db.session.scalar(select(Unit).where(Unit.code == code, *exists_on(day)))


def in_charge(code: str, day: date) -> Unit | None:
    """The unit of that code on that day or, where it has ended, the one that followed it."""
    for _ in range(MOST_SUCCESSIONS):
        if found := unit_on(code, day):
            return found
        ended = select(Unit.successor_code).where(Unit.code == code, Unit.valid_until < day)
        follower = db.session.scalar(ended.order_by(Unit.valid_until.desc()).limit(1))
        if follower is None:
            return None
        code = follower
    return None


def exists_on(day: date) -> tuple[Any, Any]:
    """The conditions of a unit's validity on a day."""
    return Unit.valid_from <= day, or_(Unit.valid_until.is_(None), Unit.valid_until >= day)


def _unit_of_place(placeholder: str, area: Area, areas: dict[str, str], day: date) -> Unit | None:
    """Who serves the place: the last unit that had this area, or the one that followed it."""
    for level in LEVEL_OF[placeholder]:
        if level not in areas:
            continue
        served = select(Unit.code).where(
            Unit.area_code == areas[level],
            Unit.kind.in_(("commune", "district")),
            Unit.valid_from <= day,
            or_(Unit.valid_until.is_(None), Unit.valid_until >= area.valid_from),
        )
        code = db.session.scalar(served.order_by(Unit.valid_from.desc()).limit(1))
        if code and (found := in_charge(code, day)):
            return found
    return None


def _rules_on(category: str, vintage: str, day: date) -> list[RoutingRule]:
    """The rules that may speak of this category on this day; one for an area only of the same vintage, for
    codes were given to other areas since."""
    return list(
        db.session.scalars(
            select(RoutingRule).where(
                or_(RoutingRule.category_code.is_(None), RoutingRule.category_code == category),
                or_(RoutingRule.area_vintage.is_(None), RoutingRule.area_vintage == vintage),
                RoutingRule.valid_from <= day,
                or_(RoutingRule.valid_until.is_(None), RoutingRule.valid_until >= day),
            )
        )
    )


def _rule(row: RoutingRule) -> Rule:
    area = db.session.get(Area, (row.area_vintage, row.area_code)) if row.area_code else None
    return Rule(
        id=row.id,
        lead=row.lead,
        category=row.category_code,
        area_level=area.level if area else None,
        area=row.area_code,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
