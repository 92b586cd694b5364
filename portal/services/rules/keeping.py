"""The routing rules as administrators keep them: who leads for which category, where and when."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select, tuple_

from portal.core.errors import NotFound
from portal.core.permissions import Deed
from portal.models import Area, Category, RoutingRule, Seat, Unit, db, transaction
from portal.services import records
from portal.services.routing import books
from portal.services.rules import cases, checks


@dataclass(frozen=True)
class RuleWords:
    """A rule as it is written. None: any category, the whole province, no last day.

    `lead` is the code of a unit or a placeholder of core.routing, `cooperating` such codes between spaces; the area is
    a key of the table of areas; `conditions` as core.routing.conditions writes them.
    """

    category_code: str | None
    area_vintage: str | None
    area_code: str | None
    conditions: str
    lead: str
    cooperating: str
    valid_from: date
    valid_until: date | None
    legal_basis: str
    verified: bool
    note: str


def listed(page: int, day: date, *, category: str = "", state: str = "open") -> records.Page:
    """One page of rules, category by category as in the residents' form, the rules for all categories first.

    `state`: 'open' on that day or later, 'ended' before it, 'faulty' or 'all'. Raises NoSuchPage.
    """
    query: Select[RoutingRule] = (
        select(RoutingRule)
        .outerjoin(Category, RoutingRule.category_code == Category.code)
        .order_by(Category.code.is_not(None), Category.position, Category.code)
        .order_by(RoutingRule.area_code.is_not(None), RoutingRule.valid_from, RoutingRule.area_code)
        .order_by(RoutingRule.conditions, RoutingRule.id)
    )
    if category:
        query = query.where(RoutingRule.category_code == category)
    if state == "open":
        query = query.where(or_(RoutingRule.valid_until.is_(None), RoutingRule.valid_until >= day))
    elif state == "ended":
        query = query.where(RoutingRule.valid_until < day)
    elif state == "faulty":
        query = query.where(RoutingRule.fault != "")
    return records.page_of(query, page)


def faulty() -> int:
    """How many rules could not be used when they were wanted."""
    return db.session.scalars(
        select(func.count()).select_from(RoutingRule).where(RoutingRule.fault != "")
    ).one()


def rule(rule_id: int) -> RoutingRule:
    """That rule; raises NotFound."""
    if (found := db.session.get(RoutingRule, rule_id)) is None:
        raise NotFound(rule=rule_id)
    return found


def units_named(rules: list[RoutingRule]) -> dict[str, Unit]:
    """The units that lead or help by these rules, by code: of each code the one that began last."""
    codes = {code for rule in rules for code in (rule.lead, *rule.cooperating.split())}
    query = select(Unit).where(Unit.code.in_(codes)).order_by(Unit.valid_from)
    return {unit.code: unit for unit in db.session.scalars(query)}


def areas_named(rules: list[RoutingRule]) -> dict[tuple[str, str], Area]:
    """The areas of these rules, by vintage and code."""
    keys = {(rule.area_vintage, rule.area_code) for rule in rules if rule.area_vintage and rule.area_code}
    found = db.session.scalars(select(Area).where(tuple_(Area.vintage, Area.code).in_(keys)))
    return {(area.vintage, area.code): area for area in found}


def create(words: RuleWords, *, by: Seat | None, now: datetime) -> RoutingRule:
    """Add a rule and return it; the same one sent twice is added once.

    Raises Conflict at a field of RuleWords, or at none where a test case would not hold any more.
    """
    with transaction():
        records.queue(by, Deed.KEEP_SETTINGS, now=now)
        known = db.session.scalars(select(RoutingRule).filter_by(**asdict(words))).first()
        if known is not None:
            return known
        held = cases.results(books.current())
        fresh = RoutingRule(**asdict(words))
        checks.check(fresh)
        records.add(fresh, by=by, now=now)
        cases.demand(held, books.current())
    return fresh


def change(rule_id: int, words: RuleWords, *, seen: str, by: Seat | None, now: datetime) -> RoutingRule:
    """Change or end a rule, and return it; its fault is forgotten. Reports keep the decision that was made for them.

    Raises Stale; Conflict at a field of RuleWords, or at none where a test case would not hold any more.
    """
    with transaction():
        records.queue(by, Deed.KEEP_SETTINGS, now=now)
        kept = rule(rule_id)
        held = cases.results(books.current())
        changes = records.amend(kept, asdict(words), seen=seen)
        if kept.fault or changes.keys() - {"legal_basis", "verified", "note"}:
            checks.check(kept)
        kept.fault, kept.fault_at, kept.fault_count = "", None, 0
        records.sign(kept, changes, by=by, now=now)
        cases.demand(held, books.current())
    return kept
