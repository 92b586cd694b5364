"""The calendar and the service levels as administrators keep them; every change lets open clocks be counted anew."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import extract, func, select

from portal.core import days_off
from portal.core.deadlines import VIETNAM
from portal.core.errors import Conflict
from portal.core.permissions import Deed
from portal.models import Category, Holiday, Seat, ServiceLevel, Unit, db, transaction
from portal.services import records
from portal.services.clocks import recounts
from portal.services.clocks.promises import Values

SATURDAY = 5


@dataclass(frozen=True)
class DayWords:
    """A day that differs from the week: `effect` 'off' or 'work', `status` 'official' or 'projected'."""

    name: str
    effect: str
    status: str
    legal_basis: str


@dataclass(frozen=True)
class LevelWords:
    """A service level; None: any category, priority or unit. At least one of them is named. Minutes."""

    category_code: str | None
    priority: str | None
    unit_code: str | None
    receive_minutes: int
    assign_minutes: int
    resolve_minutes: int
    round_the_clock: bool
    legal_basis: str


def days(year: int) -> list[Holiday]:
    """The days of a year that differ from the week, in order."""
    query = select(Holiday).where(extract("year", Holiday.day) == year).order_by(Holiday.day)
    return list(db.session.scalars(query))


def years() -> tuple[int, int] | None:
    """The first and the last year of which days are known; None without any."""
    first, last = db.session.execute(select(func.min(Holiday.day), func.max(Holiday.day))).one()
    return (first.year, last.year) if first else None


def day(day: date) -> Holiday:
    """That day; raises NotFound where it is like any other of the week."""
    return records.found(Holiday, day)


def add_day(day: date, words: DayWords, *, by: Seat, now: datetime) -> Holiday:
    """Add a day and return it; the same one sent twice is added once. Raises Conflict at 'day'."""
    with transaction():
        records.queue(by, Deed.KEEP_SETTINGS, now=now)
        if known := db.session.get(Holiday, day):
            if all(getattr(known, name) == value for name, value in asdict(words).items()):
                return known
            raise Conflict(field="day", reason="day_taken", name=known.name)
        fresh = Holiday(day=day, **asdict(words))
        _check_day(fresh)
        records.add(fresh, by=by, now=now)
        recounts.ask(_of_day(fresh), by=by, now=now)
    return fresh


def change_day(of: date, words: DayWords, *, seen: str, by: Seat, now: datetime) -> Holiday:
    """Change a day, and return it. Raises NotFound, Stale; Conflict at 'effect'."""
    with transaction():
        records.queue(by, Deed.KEEP_SETTINGS, now=now)
        kept = day(of)
        changes = records.amend(kept, asdict(words), seen=seen)
        _check_day(kept)
        records.sign(kept, changes, by=by, now=now)
        if "effect" in changes:
            recounts.ask(_of_day(kept), by=by, now=now)
    return kept


def remove_day(of: date, *, seen: str, by: Seat, now: datetime) -> None:
    """Let the day be like any other of the week. Raises Stale; nothing happens where it is already."""
    with transaction():
        records.queue(by, Deed.KEEP_SETTINGS, now=now)
        kept = db.session.get(Holiday, of)
        if kept is None:
            return
        records.remove(kept, seen=seen, by=by, now=now)
        recounts.ask(_of_day(kept), by=by, now=now)


def foresee(*, now: datetime) -> None:
    """Give this year and the next the days off that the law foresees, where no day of them is known, as projected."""
    this_year = now.astimezone(VIETNAM).year
    for year in (this_year, this_year + 1):
        if days(year):
            continue
        with transaction():
            records.queue(None, Deed.KEEP_SETTINGS, now=now)
            for day, name in days_off.foreseen(year).items():
                words = DayWords(name, "off", "projected", days_off.LAW)
                records.add(Holiday(day=day, **asdict(words)), by=None, now=now)
            recounts.ask({"what": "year", "name": str(year)}, by=None, now=now)


def levels() -> list[ServiceLevel]:
    """Every service level, those that win first."""
    by_weight = (
        ServiceLevel.priority.is_(None),
        ServiceLevel.category_code.is_(None),
        ServiceLevel.unit_code.is_(None),
    )
    return list(
        db.session.scalars(
            select(ServiceLevel).order_by(
                *by_weight, ServiceLevel.priority, ServiceLevel.category_code, ServiceLevel.unit_code
            )
        )
    )


def level(level_id: int) -> ServiceLevel:
    """That service level; raises NotFound."""
    return records.found(ServiceLevel, level_id)


def add_level(words: LevelWords, *, by: Seat, now: datetime) -> ServiceLevel:
    """Add a service level and return it; the same one sent twice is added once. Raises Conflict."""
    with transaction():
        records.queue(by, Deed.KEEP_SETTINGS, now=now)
        known = db.session.scalars(select(ServiceLevel).filter_by(**asdict(words))).first()
        if known is not None:
            return known
        fresh = ServiceLevel(**asdict(words))
        _check_level(fresh)
        records.add(fresh, by=by, now=now)
        recounts.ask(_of_level(fresh), by=by, now=now)
    return fresh


def change_level(level_id: int, words: LevelWords, *, seen: str, by: Seat, now: datetime) -> ServiceLevel:
    """Change the time that a service level gives, or what it names. Raises NotFound, Stale; Conflict."""
    with transaction():
        records.queue(by, Deed.KEEP_SETTINGS, now=now)
        kept = level(level_id)
        before = _of_level(kept)
        changes = records.amend(kept, asdict(words), seen=seen)
        _check_level(kept)
        records.sign(kept, changes, by=by, now=now)
        if changes.keys() - {"legal_basis"}:
            for cause in {tuple(cause.items()) for cause in (before, _of_level(kept))}:
                recounts.ask(dict(cause), by=by, now=now)
    return kept


def remove_level(level_id: int, *, seen: str, by: Seat, now: datetime) -> None:
    """Let the next best level, or the category itself, decide again. Raises Stale; nothing where it is gone."""
    with transaction():
        records.queue(by, Deed.KEEP_SETTINGS, now=now)
        kept = db.session.get(ServiceLevel, level_id)
        if kept is None:
            return
        records.remove(kept, seen=seen, by=by, now=now)
        recounts.ask(_of_level(kept), by=by, now=now)


def _of_day(holiday: Holiday) -> Values:
    return {"what": "day", "name": f"{holiday.day:%d/%m/%Y}"}


def _of_level(level: ServiceLevel) -> Values:
    return {
        "what": "level",
        "category": level.category_code,
        "priority": level.priority,
        "unit": level.unit_code,
    }


def _check_day(holiday: Holiday) -> None:
    """Only a day of the week-end can be worked in exchange for another."""
    if holiday.effect == "work" and holiday.day.weekday() < SATURDAY:
        raise Conflict(field="effect", reason="worked_anyway")


def _check_level(level: ServiceLevel) -> None:
    with db.session.no_autoflush:
        if not (level.category_code or level.priority or level.unit_code):
            raise Conflict(field="category_code", reason="names_nothing")
        if level.category_code and db.session.get(Category, level.category_code) is None:
            raise Conflict(field="category_code", reason="not_there")
        known = select(Unit.id).where(Unit.code == level.unit_code).limit(1)
        if level.unit_code and db.session.scalar(known) is None:
            raise Conflict(field="unit_code", reason="not_there")
        same = select(ServiceLevel.id).where(
            ServiceLevel.category_code.is_not_distinct_from(level.category_code),
            ServiceLevel.priority.is_not_distinct_from(level.priority),
            ServiceLevel.unit_code.is_not_distinct_from(level.unit_code),
            ServiceLevel.id.is_distinct_from(level.id),
        )
        if db.session.scalar(same.limit(1)) is not None:
            raise Conflict(field="category_code", reason="level_taken")
