"""The rules by which broken clocks are told upwards, as administrators keep them."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from portal.core.errors import Conflict
from portal.core.permissions import Deed
from portal.models import EscalationRule, Seat, Unit, db, transaction
from portal.services import records


@dataclass(frozen=True)
class RuleWords:
    """When whom: None is any category or kind of unit, `target` a unit's code or '' for the unit above."""

    category_code: str | None
    unit_kind: str | None
    clock: str
    after_minutes: int
    target: str


def rules() -> list[EscalationRule]:
    """Every rule, the soonest of each clock first."""
    order = EscalationRule.clock, EscalationRule.after_minutes, EscalationRule.id
    return list(db.session.scalars(select(EscalationRule).order_by(*order)))


def rule(rule_id: int) -> EscalationRule:
    """That rule; raises NotFound."""
    return records.found(EscalationRule, rule_id)


def add_rule(words: RuleWords, *, by: Seat, now: datetime) -> EscalationRule:
    """Add a rule and return it; the same one sent twice is added once. Raises Conflict at 'target'."""
    with transaction():
        records.queue(by, Deed.KEEP_ESCALATIONS, now=now)
        _check(words)
        known = db.session.scalars(select(EscalationRule).filter_by(**asdict(words))).first()
        if known is not None:
            return known
        fresh = EscalationRule(**asdict(words))
        records.add(fresh, by=by, now=now)
    return fresh


def change_rule(rule_id: int, words: RuleWords, *, seen: str, by: Seat, now: datetime) -> EscalationRule:
    """Change a rule for what breaks from now on. Raises NotFound, Stale, Conflict at 'target'."""
    with transaction():
        records.queue(by, Deed.KEEP_ESCALATIONS, now=now)
        _check(words)
        kept = rule(rule_id)
        records.sign(kept, records.amend(kept, asdict(words), seen=seen), by=by, now=now)
    return kept


def remove_rule(rule_id: int, *, seen: str, by: Seat, now: datetime) -> None:
    """Take a rule away; what it has laid is still told. Raises Stale; nothing where it is gone."""
    with transaction():
        records.queue(by, Deed.KEEP_ESCALATIONS, now=now)
        kept = db.session.get(EscalationRule, rule_id)
        if kept is not None:
            records.remove(kept, seen=seen, by=by, now=now)


def _check(words: RuleWords) -> None:
    known = select(Unit.id).where(Unit.code == words.target).limit(1)
    if words.target and db.session.scalar(known) is None:
        raise Conflict(field="target", reason="not_there")
