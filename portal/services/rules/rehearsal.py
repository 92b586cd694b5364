"""What would have become of the last reports if a rule had been as it is about to be saved? Nothing is written."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.core.deadlines import WorkCalendar, day_of
from portal.core.errors import NotFound
from portal.core.routing import Decision
from portal.core.routing.conditions import HOURS, PRIORITY
from portal.core.routing.roster import Term
from portal.models import Report, RoutingRule, Unit, db
from portal.services import places
from portal.services.routing import books, deciding
from portal.services.routing.books import Books
from portal.services.rules import cases, checks
from portal.services.rules.cases import Result
from portal.services.rules.keeping import RuleWords, rule

REPORTS = 1000
CODES_SHOWN = 5
ONE_DAY = timedelta(days=1)
LAST_REPORTS = (
    select(
        Report.code,
        Report.category_code,
        Report.priority,
        Report.area_vintage,
        Report.area_code,
        Report.answers,
        Report.submitted_at,
    )
    .order_by(Report.submitted_at.desc(), Report.id.desc())
    .limit(REPORTS)
)


@dataclass(frozen=True)
class Move:
    """Reports that would go to another unit: how many, and the codes of the newest of them."""

    before: Unit
    after: Unit
    number: int
    codes: list[str]


@dataclass(frozen=True)
class Rehearsal:
    """`reports` were looked at; `helped_otherwise` of them keep their lead and get other cooperating units."""

    reports: int
    moves: list[Move]
    helped_otherwise: int
    broken: list[Result]
    units: dict[str, Unit]


def rehearse(rule_id: int | None, words: RuleWords) -> Rehearsal:
    """Decide the last reports by the rules as they are and as they would be with this rule (None: a new one).

    A report from before the change is taken as if it were sent on the first day on which the change shows, as long
    as its place has the same map then. Raises Conflict at a field of RuleWords.
    """
    kept = rule(rule_id) if rule_id else None
    tried = RoutingRule(id=rule_id, **asdict(words))
    checks.check(tried)
    now, then = books.current(), books.read(instead=tried)
    rows = db.session.execute(LAST_REPORTS).all()
    moved: dict[tuple[int, int], list[str]] = defaultdict(list)
    helped_otherwise = 0
    for row, day, before, after in _decided(rows, now, then, _first_day(kept, words)):
        pair = now.lead(before, day).id, then.lead(after, day).id
        if pair[0] != pair[1]:
            moved[pair].append(row.code)
        elif set(before.cooperating) != set(after.cooperating):
            helped_otherwise += 1
    broken = cases.broken(cases.results(now), cases.results(then))
    return Rehearsal(
        reports=len(rows),
        moves=_moves(moved),
        helped_otherwise=helped_otherwise,
        broken=broken,
        units=cases.units_named(broken),
    )


def _first_day(kept: RoutingRule | None, words: RuleWords) -> date:
    """The first day on which the change shows."""
    if kept is None:
        return words.valid_from
    period = {"valid_from", "valid_until"}
    changed = {name for name, value in asdict(words).items() if getattr(kept, name) != value}
    if changed - period or kept.valid_from != words.valid_from:
        return min(kept.valid_from, words.valid_from)
    last_days = [day for day in (kept.valid_until, words.valid_until) if day is not None]
    return min(last_days, default=words.valid_from - ONE_DAY) + ONE_DAY


def _decided(
    rows: Sequence[Any], now: Books, then: Books, first: date
) -> Iterator[tuple[Any, date, Decision[Term], Decision[Term]]]:
    office = deciding.office_hours()
    map_of_first = _vintage_on(first)
    for row in rows:
        day = day_of(row.submitted_at)
        if row.area_vintage == map_of_first:
            day = max(day, first)
        known = _known(row, office)
        area = (row.area_vintage, row.area_code)
        yield (
            row,
            day,
            now.decide(row.category_code, area, day, known),
            then.decide(row.category_code, area, day, known),
        )


def _known(row: Any, office: WorkCalendar) -> dict[str, str]:
    return dict(row.answers) | {PRIORITY: row.priority} | {HOURS: deciding.hours(row.submitted_at, office)}


def _vintage_on(day: date) -> str | None:
    try:
        return places.vintage_on(day)
    except NotFound:
        return None


def _moves(moved: dict[tuple[int, int], list[str]]) -> list[Move]:
    """The largest first."""
    wanted = {unit_id for pair in moved for unit_id in pair}
    units = {unit.id: unit for unit in db.session.scalars(select(Unit).where(Unit.id.in_(wanted)))}
    return [
        Move(units[before], units[after], len(codes), codes[:CODES_SHOWN])
        for (before, after), codes in sorted(moved.items(), key=lambda pair: -len(pair[1]))
    ]
