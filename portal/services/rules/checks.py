"""What a rule may not contradict: the areas, units and questions that exist, and the other rules."""

from datetime import date

from sqlalchemy import select

from portal.core import routing as law
from portal.core.errors import Conflict
from portal.core.routing import COMMUNE_OF_PLACE, DISTRICT_OF_PLACE, conditions
from portal.core.routing.conditions import BadConditions
from portal.models import Area, Category, RoutingRule, Unit, db
from portal.services import routing
from portal.services.routing import books


def check(rule: RoutingRule) -> None:
    """Raise Conflict at the field of RuleWords that contradicts."""
    with db.session.no_autoflush:
        if rule.valid_until and rule.valid_until < rule.valid_from:
            raise Conflict(field="valid_until", reason="before_start")
        if rule.category_code and db.session.get(Category, rule.category_code) is None:
            raise Conflict(field="category_code", reason="not_there")
        area = _area(rule)
        if area:
            _check_area(rule, area)
        _check_unit(rule, rule.lead, "lead")
        for code in rule.cooperating.split():
            _check_unit(rule, code, "cooperating")
        _check_conditions(rule)
        _check_ties(rule, area)


def _area(rule: RoutingRule) -> Area | None:
    if rule.area_vintage is None or rule.area_code is None:
        return None
    if (area := db.session.get(Area, (rule.area_vintage, rule.area_code))) is None:
        raise Conflict(field="area", reason="not_there")
    return area


def _check_area(rule: RoutingRule, area: Area) -> None:
    """The code of an area means another area after a reform, so a rule may not outlive it."""
    if rule.valid_from < area.valid_from:
        raise Conflict(field="valid_from", reason="before_area", day=area.valid_from)
    if area.valid_until and (rule.valid_until is None or rule.valid_until > area.valid_until):
        raise Conflict(field="valid_until", reason="after_area", day=area.valid_until)


def _check_unit(rule: RoutingRule, code: str, field: str) -> None:
    """The unit exists on the first day, and while the rule lasts it or a successor does."""
    last = rule.valid_until or date.max
    if code == COMMUNE_OF_PLACE:
        return
    if code == DISTRICT_OF_PLACE:
        district = select(Unit.id).where(Unit.kind == "district", *routing.exists_on(last)).limit(1)
        if db.session.scalar(district) is None:
            raise Conflict(field=field, reason="no_districts")
        return
    if routing.unit_on(code, rule.valid_from) is None:
        raise Conflict(field=field, reason="not_there_at_first")
    if routing.in_charge(code, last) is None:
        raise Conflict(field=field, reason="not_there_at_last")


def _check_conditions(rule: RoutingRule) -> None:
    asked = routing.questions_of(rule.category_code) if rule.category_code else {}
    try:
        conditions.check(conditions.parse(rule.conditions), books.choices_of(asked))
    except BadConditions as error:
        raise Conflict(field="conditions", reason="bad_conditions", said=str(error)) from error


def _check_ties(rule: RoutingRule, area: Area | None) -> None:
    same_case = select(RoutingRule).where(
        RoutingRule.category_code.is_not_distinct_from(rule.category_code),
        RoutingRule.area_vintage.is_not_distinct_from(rule.area_vintage),
        RoutingRule.area_code.is_not_distinct_from(rule.area_code),
        RoutingRule.id.is_distinct_from(rule.id),
    )
    others = {other.id: other for other in db.session.scalars(same_case)}
    areas = {(area.vintage, area.code): area} if area else {}
    asked = books.current().questions
    everything = [books.in_law(one, areas, asked) for one in (*others.values(), rule)]
    for pair in law.ties(everything):
        tied = {one.id for one in pair} - {rule.id or 0}
        if len(tied) == 1:
            other = others[tied.pop()]
            raise Conflict(
                field="lead",
                reason="tie",
                rule=other.id,
                valid_from=other.valid_from,
                valid_until=other.valid_until,
            )
