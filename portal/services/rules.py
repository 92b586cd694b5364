"""The routing rules as administrators keep them: who leads for which category, where and when."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Select, or_, select, tuple_

from portal.core import routing as law
from portal.core.errors import Conflict, NotFound
from portal.core.routing import COMMUNE_OF_PLACE, DISTRICT_OF_PLACE
from portal.models import Account, Area, Category, RoutingRule, Unit, db, transaction
from portal.services import records, routing


@dataclass(frozen=True)
class RuleWords:
    """A rule as it is written. None: any category, the whole province, no last day.

    `lead` is the code of a unit or a placeholder of core.routing; the area is a key of the table of areas.
    """

    category_code: str | None
    area_vintage: str | None
    area_code: str | None
    lead: str
    valid_from: date
    valid_until: date | None
    legal_basis: str
    verified: bool
    note: str


def listed(page: int, day: date, *, category: str = "", state: str = "open") -> records.Page:
    """One page of rules, category by category as in the residents' form, the rules for all categories first.

    `state`: 'open' on that day or later, 'ended' before it, or 'all'. Raises NoSuchPage.
    """
    query: Select[RoutingRule] = (
        select(RoutingRule)
        .outerjoin(Category, RoutingRule.category_code == Category.code)
        .order_by(Category.code.is_not(None), Category.position, Category.code)
        .order_by(
            RoutingRule.area_code.is_not(None), RoutingRule.valid_from, RoutingRule.area_code, RoutingRule.id
        )
    )
    if category:
        query = query.where(RoutingRule.category_code == category)
    if state == "open":
        query = query.where(or_(RoutingRule.valid_until.is_(None), RoutingRule.valid_until >= day))
    elif state == "ended":
        query = query.where(RoutingRule.valid_until < day)
    return records.page_of(query, page)


def rule(rule_id: int) -> RoutingRule:
    """That rule; raises NotFound."""
    if (found := db.session.get(RoutingRule, rule_id)) is None:
        raise NotFound(rule=rule_id)
    return found


def units_named(rules: list[RoutingRule]) -> dict[str, Unit]:
    """The units that lead by these rules, by code: of each code the one that began last."""
    query = select(Unit).where(Unit.code.in_({rule.lead for rule in rules})).order_by(Unit.valid_from)
    return {unit.code: unit for unit in db.session.scalars(query)}


def areas_named(rules: list[RoutingRule]) -> dict[tuple[str, str], Area]:
    """The areas of these rules, by vintage and code."""
    keys = {(rule.area_vintage, rule.area_code) for rule in rules if rule.area_vintage and rule.area_code}
    found = db.session.scalars(select(Area).where(tuple_(Area.vintage, Area.code).in_(keys)))
    return {(area.vintage, area.code): area for area in found}


def create(words: RuleWords, *, by: Account | None, now: datetime) -> RoutingRule:
    """Add a rule and return it; the same one sent twice is added once. Raises Conflict at a field of RuleWords."""
    with transaction():
        records.queue(by)
        known = db.session.scalars(select(RoutingRule).filter_by(**asdict(words))).first()
        if known is not None:
            return known
        fresh = RoutingRule(**asdict(words))
        _check(fresh)
        records.add(fresh, by=by, now=now)
    return fresh


def change(rule_id: int, words: RuleWords, *, seen: str, by: Account | None, now: datetime) -> RoutingRule:
    """Change or end a rule, and return it. Reports keep the decision that was made for them.

    Raises Stale; Conflict at a field of RuleWords.
    """
    with transaction():
        records.queue(by)
        kept = rule(rule_id)
        changes = records.amend(kept, asdict(words), seen=seen)
        if changes.keys() - {"legal_basis", "verified", "note"}:
            _check(kept)
        records.sign(kept, changes, by=by, now=now)
    return kept


def _check(rule: RoutingRule) -> None:
    with db.session.no_autoflush:
        if rule.valid_until and rule.valid_until < rule.valid_from:
            raise Conflict(field="valid_until", reason="before_start")
        if rule.category_code and db.session.get(Category, rule.category_code) is None:
            raise Conflict(field="category_code", reason="not_there")
        area = _area(rule)
        if area:
            _check_area(rule, area)
        _check_lead(rule)
        _check_ties(rule)


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


def _check_lead(rule: RoutingRule) -> None:
    """The unit exists on the first day, and while the rule lasts it or a successor does."""
    last = rule.valid_until or date.max
    if rule.lead == COMMUNE_OF_PLACE:
        return
    if rule.lead == DISTRICT_OF_PLACE:
        district = select(Unit.id).where(Unit.kind == "district", *routing.exists_on(last)).limit(1)
        if db.session.scalar(district) is None:
            raise Conflict(field="lead", reason="no_districts")
        return
    if routing.unit_on(rule.lead, rule.valid_from) is None:
        raise Conflict(field="lead", reason="not_there_at_first")
    if routing.in_charge(rule.lead, last) is None:
        raise Conflict(field="lead", reason="not_there_at_last")


def _check_ties(rule: RoutingRule) -> None:
    same_case = select(RoutingRule).where(
        RoutingRule.category_code.is_not_distinct_from(rule.category_code),
        RoutingRule.area_code.is_not_distinct_from(rule.area_code),
        RoutingRule.id.is_distinct_from(rule.id),
    )
    others = {other.id: other for other in db.session.scalars(same_case)}
    everything = [_in_law(other) for other in others.values()] + [_in_law(rule)]
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


def _in_law(rule: RoutingRule) -> law.Rule:
    area = _area(rule)
    return law.Rule(
        id=rule.id or 0,
        lead=rule.lead,
        category=rule.category_code,
        area_level=area.level if area else None,
        area=rule.area_code,
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
    )
