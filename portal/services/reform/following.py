"""What follows a unit besides its reports: rules and their tests, clocks, officers, units below it.

`consequences` only looks and says what would be; `apply` writes exactly that.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, insert, or_, select, update

from portal.core import text
from portal.core.deadlines import day_of
from portal.core.reform import Change, Kind
from portal.core.reform.checks import PLACEHOLDERS
from portal.models import (
    Account,
    AnswerTemplate,
    Appointment,
    EscalationRule,
    RoutingCase,
    RoutingRule,
    ServiceLevel,
    Unit,
    db,
)
from portal.services.reform.facts import ONE_DAY, Facts

Values = dict[str, Any]
SEVERAL = 2
PARTS = ("category_code", "area_vintage", "area_code", "conditions")


@dataclass
class Consequences:
    """Everything that follows, by the ids of the records; the `unclear` ones are for a person."""

    officers: dict[int, int] = field(default_factory=dict)
    officers_unclear: list[int] = field(default_factory=list)
    rules_ended: list[int] = field(default_factory=list)
    rules_new: list[Values] = field(default_factory=list)
    rules_given: dict[int, Values] = field(default_factory=dict)
    rules_unclear: list[int] = field(default_factory=list)
    clocks: dict[int, str] = field(default_factory=dict)
    clocks_unclear: list[int] = field(default_factory=list)
    cases: dict[str, Values] = field(default_factory=dict)
    cases_unclear: list[str] = field(default_factory=list)
    parents: dict[int, str] = field(default_factory=dict)
    templates: dict[int, str] = field(default_factory=dict)
    templates_unclear: list[int] = field(default_factory=list)
    escalations: dict[int, str] = field(default_factory=dict)
    escalations_unclear: list[int] = field(default_factory=list)

    @property
    def said(self) -> Values:
        """Counts, and the records for a person."""
        return {
            "officers": len(self.officers),
            "rules_ended": len(self.rules_ended),
            "rules_new": len(self.rules_new) + len(self.rules_given),
            "clocks": len(self.clocks),
            "cases": len(self.cases),
            "templates": len(self.templates),
            "escalations": len(self.escalations),
            "officers_unclear": self.officers_unclear,
            "rules_unclear": self.rules_unclear,
            "clocks_unclear": self.clocks_unclear,
            "cases_unclear": self.cases_unclear,
            "templates_unclear": self.templates_unclear,
            "escalations_unclear": self.escalations_unclear,
        }


def consequences(facts: Facts) -> Consequences:
    """What follows from the reform, read only."""
    found = Consequences()
    _officers(facts, found)
    _rules(facts, found)
    _clocks(facts, found)
    _cases(facts, found)
    _templates(facts, found)
    _escalations(facts, found)
    for unit in db.session.scalars(select(Unit).where(Unit.parent_code.is_not(None))):
        heir = facts.heir(unit.parent_code or "")
        if facts.units[unit.id].on(facts.effective) and heir not in (None, unit.parent_code, *PLACEHOLDERS):
            found.parents[unit.id] = str(heir)
    return found


def apply(found: Consequences, facts: Facts, name: str, now: datetime) -> None:
    """Write what was found."""
    eve = facts.effective - ONE_DAY
    for appointment_id, unit_id in found.officers.items():
        _reappoint(db.session.get_one(Appointment, appointment_id), unit_id, facts.today)
    for rule_id in found.rules_ended:
        ended = update(RoutingRule).where(RoutingRule.id == rule_id)
        db.session.execute(ended.values(valid_until=eve, edited_at=now))
    for rule_id, values in found.rules_given.items():
        given = update(RoutingRule).where(RoutingRule.id == rule_id)
        db.session.execute(given.values(**values, verified=False, edited_at=now))
    if found.rules_new:
        rows = [
            values | {"note": f"{name}: {values['note']}", "edited_at": now} for values in found.rules_new
        ]
        db.session.execute(insert(RoutingRule), rows)
    for clock_id, code in found.clocks.items():
        moved = update(ServiceLevel).where(ServiceLevel.id == clock_id)
        db.session.execute(moved.values(unit_code=code, edited_at=now))
    for case, values in found.cases.items():
        db.session.execute(
            update(RoutingCase).where(RoutingCase.name == case).values(**values, edited_at=now)
        )
    for template_id, code in found.templates.items():
        given = update(AnswerTemplate).where(AnswerTemplate.id == template_id)
        db.session.execute(given.values(unit_code=code, edited_at=now))
    for rule_id, code in found.escalations.items():
        told = update(EscalationRule).where(EscalationRule.id == rule_id)
        db.session.execute(told.values(target=code, edited_at=now))
    for unit_id, code in found.parents.items():
        db.session.execute(update(Unit).where(Unit.id == unit_id).values(parent_code=code, edited_at=now))


def end_units(facts: Facts, now: datetime) -> None:
    """End the units that the reform ends, with their successors, and begin those that it names anew."""
    rows = {row.id: row for row in db.session.scalars(select(Unit))}
    for unit in facts.units.values():
        before = rows.get(unit.id)
        if before is None:
            db.session.add(_renamed(rows[-unit.id], facts, now))
        elif (before.valid_until, before.successor_code) != (unit.valid_until, unit.successor):
            before.valid_until, before.successor_code, before.edited_at = (
                unit.valid_until,
                unit.successor,
                now,
            )
    _want_approval(facts, rows)
    db.session.flush()


def _want_approval(facts: Facts, rows: Mapping[int, Unit]) -> None:
    """A unit that begins wants results approved where its only predecessor did, or several of them."""
    wanted: dict[str, list[bool]] = defaultdict(list)
    for before in rows.values():
        if facts.units[before.id].valid_until == facts.effective - ONE_DAY:
            for heir in {row.heir or "" for row in facts.by_unit.get(before.code, ()) if row.ends}:
                wanted[heir].append(before.needs_approval)
    for code, votes in wanted.items():
        unit = facts.on(code, facts.effective)
        if unit and unit.id in rows and unit.valid_from == facts.effective:
            rows[unit.id].needs_approval |= sum(votes) >= min(SEVERAL, len(votes))


def _renamed(before: Unit, facts: Facts, now: datetime) -> Unit:
    change = next(row for row in facts.by_unit[before.code] if row.change == Kind.RENAME)
    kept = {column.name: getattr(before, column.name) for column in Unit.__table__.columns}
    del kept["id"]
    then = facts.units[-before.id]
    return Unit(
        **kept
        | {
            "name": change.name,
            "name_folded": text.fold(change.name),
            "name_en": change.name_en or change.name,
            "valid_from": then.valid_from,
            "valid_until": then.valid_until,
            "successor_code": then.successor if then.valid_until else None,
            "legal_basis": change.legal_basis,
            "verified": False,
            "edited_at": now,
        }
    )


def _officers(facts: Facts, found: Consequences) -> None:
    for held in db.session.scalars(_appointed(facts)):
        unit = facts.units[held.unit_id or 0]
        then = facts.now(unit, None, {})
        if then.undecided:
            found.officers_unclear.append(held.account_id)
        elif then.unit.id != unit.id:
            found.officers[held.id] = then.unit.id


def _appointed(facts: Facts) -> Select[Appointment]:
    """The appointments in units that are in force on the day or later."""
    lasting = or_(Appointment.until.is_(None), Appointment.until > facts.today)
    query = select(Appointment).join(Appointment.account).where(Account.active, lasting)
    return query.where(Appointment.unit_id.is_not(None)).order_by(Appointment.account_id, Appointment.id)


def _reappoint(held: Appointment, unit_id: int, day: date) -> None:
    """The same role in the other unit, from that day on; what was held before stays in the history."""
    if held.since >= day:
        held.unit_id = unit_id
        return
    fresh = Appointment(
        account_id=held.account_id, role=held.role, unit_id=unit_id, since=day, until=held.until
    )
    held.until = day
    db.session.add(fresh)


def _rules(facts: Facts, found: Consequences) -> None:
    """Rules that speak of the day or later: each as it will be, or ended with others in its place."""
    lasting = or_(RoutingRule.valid_until.is_(None), RoutingRule.valid_until >= facts.effective)
    rules = list(db.session.scalars(select(RoutingRule).where(lasting).order_by(RoutingRule.id)))
    wanted = {rule.id: list(_successors_of(rule, facts)) for rule in rules}
    standing = [
        rule for rule in rules if rule.valid_from >= facts.effective or _columns(rule) in wanted[rule.id]
    ]
    here = [_columns(rule) | {"valid_from": rule.valid_from} for rule in standing]
    for rule in rules:
        said, becomes = _columns(rule), wanted[rule.id]
        if becomes == [said]:
            continue
        if rule.valid_from < facts.effective:
            if said not in becomes:
                found.rules_ended.append(rule.id)
            _add(rule, [values for values in becomes if values != said], here, facts, found)
        elif len(becomes) == 1:
            found.rules_given[rule.id] = becomes[0]
        else:
            found.rules_unclear.append(rule.id)


def _add(
    rule: RoutingRule, wanted: list[Values], here: list[Values], facts: Facts, found: Consequences
) -> None:
    """The rules that go on from the day; one that is there for the same case stands instead."""
    unclear = not wanted
    for values in wanted:
        same = [other for other in here if all(other[part] == values[part] for part in PARTS)]
        unclear |= any(other["lead"] != values["lead"] for other in same)
        if any(other["valid_from"] <= facts.effective for other in same):
            continue
        before_next = [other["valid_from"] - ONE_DAY for other in same]
        until = min([*before_next, *([rule.valid_until] if rule.valid_until else [])], default=None)
        days = {"valid_from": facts.effective, "valid_until": until}
        here.append(values | days)
        papers = {"legal_basis": rule.legal_basis, "verified": False, "note": f"thay quy tắc số {rule.id}"}
        found.rules_new.append(values | days | papers)
    if unclear:
        found.rules_unclear.append(rule.id)


def _columns(rule: RoutingRule) -> Values:
    """What a rule says, without its days and papers."""
    return {name: getattr(rule, name) for name in (*PARTS, "lead", "cooperating")}


def _successors_of(rule: RoutingRule, facts: Facts) -> Iterator[Values]:
    """What the rule says from the day on: for each area that its own became, and each unit that now leads there."""
    later = rule.valid_from >= facts.effective
    for area in _areas_of(rule, facts):
        for values in _leads_of(_columns(rule) | area, facts, later):
            yield values | {"cooperating": _cooperating(rule.cooperating, values["lead"], facts, later)}


def _areas_of(rule: RoutingRule, facts: Facts) -> list[Values]:
    vintage = facts.map.vintage
    if rule.area_vintage is None or rule.area_code is None or rule.area_vintage >= vintage:
        return [{}]
    codes = facts.map.codes((rule.area_vintage, rule.area_code))
    return [{"area_vintage": vintage, "area_code": code} for code in sorted(codes)]


def _leads_of(said: Values, facts: Facts, later: bool) -> Iterator[Values]:
    lead, category = said["lead"], said["category_code"]
    if lead in PLACEHOLDERS or (later and facts.on(lead, facts.effective)):
        yield said | {"lead": facts.heir(lead, later)}
        return
    before = facts.last(lead)
    rows = facts.by_unit.get(before.code, []) if before else []
    given = [row for row in rows if not row.ends and category in (None, row.category_code)]
    for row in given:
        yield said | {"lead": row.heir, "category_code": row.category_code}
    if given and category is not None:
        return
    parts = [row for row in rows if row.ends and row.area_code]
    if parts:
        yield from _parts_of(said, parts, rows, facts)
    elif heir := facts.heir(lead):
        yield said | {"lead": heir}


def _parts_of(said: Values, parts: list[Change], rows: list[Change], facts: Facts) -> Iterator[Values]:
    """A rule of a unit that was divided: one for each part or, if it has an area, for the part that holds it."""
    rest = [row for row in rows if row.ends and not row.area_code]
    if said["area_code"] is None:
        for row in parts:
            yield said | {"lead": row.heir, "area_vintage": facts.map.vintage, "area_code": row.area_code}
    else:
        inside = facts.map.chain(said["area_code"]).values()
        rest = [row for row in parts if row.area_code in inside] or rest
    yield from (said | {"lead": row.heir} for row in rest[:1])


def _cooperating(codes: str, lead: str, facts: Facts, later: bool) -> str:
    now = [facts.heir(code, later) for code in codes.split()]
    return " ".join(dict.fromkeys(code for code in now if code and code != lead))


def _clocks(facts: Facts, found: Consequences) -> None:
    """Clocks of one unit go to its successor, unless that one has its own or the code now means another unit."""
    rows = list(db.session.scalars(select(ServiceLevel).where(ServiceLevel.unit_code.is_not(None))))
    heirs = {row.id: facts.heir(row.unit_code or "") for row in rows}
    taken = {(row.category_code, row.priority, row.unit_code) for row in rows}
    for row in rows:
        heir = heirs[row.id]
        if heir == row.unit_code:
            continue
        reused = facts.on(row.unit_code or "", facts.effective) is not None
        key = (row.category_code, row.priority, heir)
        if heir is None or heir in PLACEHOLDERS or reused or key in taken:
            found.clocks_unclear.append(row.id)
        else:
            taken.add(key)
            found.clocks[row.id] = heir


def _cases(facts: Facts, found: Consequences) -> None:
    """A test of the rules of before goes on testing them; one of a day after the reform says what is true then."""
    for case in db.session.scalars(select(RoutingCase).order_by(RoutingCase.name)):
        if day_of(case.at) < facts.effective:
            continue
        area, lead = (
            facts.map.code_of((case.area_vintage, case.area_code), None, None),
            facts.heir(case.lead, True),
        )
        if area is None or lead is None:
            found.cases_unclear.append(case.name)
            continue
        values = {
            "area_vintage": facts.map.vintage,
            "area_code": area,
            "lead": lead,
            "cooperating": _cooperating(case.cooperating, lead, facts, True),
        }
        if any(getattr(case, name) != value for name, value in values.items()):
            found.cases[case.name] = values


def _templates(facts: Facts, found: Consequences) -> None:
    """Answers to begin with go to the successor of their unit, where that is one unit."""
    for template in db.session.scalars(select(AnswerTemplate).where(AnswerTemplate.unit_code.is_not(None))):
        heir = facts.heir(template.unit_code or "")
        if heir is None or heir in PLACEHOLDERS:
            found.templates_unclear.append(template.id)
        elif heir != template.unit_code:
            found.templates[template.id] = heir


def _escalations(facts: Facts, found: Consequences) -> None:
    """Broken clocks are told to the successor of who was told, where that is one unit."""
    for rule in db.session.scalars(select(EscalationRule).where(EscalationRule.target != "")):
        heir = facts.heir(rule.target)
        if heir is None or heir in PLACEHOLDERS:
            found.escalations_unclear.append(rule.id)
        elif heir != rule.target:
            found.escalations[rule.id] = heir


def officers_after(found: Consequences, facts: Facts) -> Collection[tuple[int, int]]:
    """Who works in which unit from now on, as (account, unit), of everybody whose unit is sure."""
    unclear = set(found.officers_unclear)
    return {
        (held.account_id, found.officers.get(held.id, held.unit_id or 0))
        for held in db.session.scalars(_appointed(facts))
        if held.account_id not in unclear and held.since <= facts.today
    }
