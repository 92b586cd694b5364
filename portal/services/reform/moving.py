"""Open reports go to whoever follows their unit, each with an event, in batches: memory does not grow with them."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, literal, select, update

from portal.core.reform import Undecided
from portal.core.workflow import OPEN, Actor
from portal.models import Cooperation, Event, Message, Report, Task, db
from portal.services.clocks import promises
from portal.services.privacy import identity
from portal.services.reform.facts import Facts, Now, UnitThen

STEP = "reform"
BATCH = 2_000
MOST_LISTED = 500  # undecided reports named one by one
COLUMNS = (
    Report.id,
    Report.code,
    Report.lead_unit_id,
    Report.about_unit_id,
    Report.category_code,
    Report.status,
    Report.area_vintage,
    Report.area_code,
    Report.latitude,
    Report.longitude,
    Report.assignee_id,
    Report.assign_from,
    *(getattr(Report, name) for name in promises.FOLLOWED if name not in ("status", "assignee_id")),
)
REPORTS = Report.__table__
SET_REPORT = (
    update(REPORTS)
    .where(REPORTS.c.id == bindparam("report"))
    .values(
        lead_unit_id=bindparam("unit"),
        area_vintage=bindparam("vintage"),
        area_code=bindparam("area"),
        words_folded=REPORTS.c.words_folded + bindparam("words"),
    )
)
UNASSIGN = (
    update(REPORTS)
    .where(REPORTS.c.id == bindparam("report"))
    .values(
        assignee_id=None,
        assigned_at=None,
        assign_from=bindparam("since"),
        assign_due_at=bindparam("due"),
        next_due_at=bindparam("next"),
        alarmed_for=None,
    )
)
NO_LONGER_HELPS = delete(Cooperation.__table__).where(
    Cooperation.report_id == bindparam("report"), Cooperation.unit_id == bindparam("unit")
)
ITS_TASKS = update(Task.__table__).where(Task.report_id == bindparam("report"))
TASKS_FOLLOW = (
    ITS_TASKS.where(Task.unit_id == bindparam("unit")).values(unit_id=bindparam("heir")),
    ITS_TASKS.where(Task.unit_id.is_(None), Task.by_unit_id == bindparam("unit")).values(
        by_unit_id=bindparam("heir")
    ),
)
Progress = Callable[[int], None]


def unseen(_reports: int) -> None:
    """Nobody watches."""


@dataclass
class Moves:
    """What happened to open reports, or would: how many from which unit to which, and which of them a person must
    look at.
    """

    open: int = 0
    reports: Counter[tuple[int, int]] = field(default_factory=Counter)
    undecided: Counter[str] = field(default_factory=Counter)
    listed: list[tuple[str, str, int]] = field(default_factory=list)
    places: int = 0
    assignees_cleared: int = 0
    cooperations: int = 0
    cooperations_undecided: int = 0
    changed: int = 0

    @property
    def moved(self) -> int:
        return self.reports.total()


@dataclass(frozen=True)
class Decided:
    """One open report and what becomes of it; `area` is its key from now on, `stays` whether who is in charge
    is of the unit that leads then.
    """

    row: Any
    unit: UnitThen
    now: Now
    area: tuple[str, str]
    stays: bool

    @property
    def moves(self) -> bool:
        return self.unit.id != self.now.unit.id

    @property
    def loses_officer(self) -> bool:
        """Who was in charge does not go along."""
        return self.moves and self.row.assignee_id is not None and not self.stays

    @property
    def tells(self) -> bool:
        """Is it another unit to people, and not the same under new papers?"""
        return self.moves and self.unit.name != self.now.unit.name

    @property
    def has_new_area(self) -> bool:
        return self.area != (self.row.area_vintage, self.row.area_code)

    @property
    def changes(self) -> bool:
        return self.moves or self.has_new_area


@dataclass(frozen=True)
class Batch:
    """Some open reports, the pairs of report and helping unit that go, those that come with their kind, and the
    `heirs` of who goes, who get the tasks.
    """

    reports: list[Decided]
    gone: list[tuple[int, int]] = field(default_factory=list)
    new: list[tuple[int, int, str]] = field(default_factory=list)
    heirs: list[tuple[int, int, int]] = field(default_factory=list)


def decide(
    facts: Facts,
    officers: Collection[tuple[int, int]],
    moves: Moves,
    progress: Progress,
    units: Sequence[int] | None = None,
) -> Iterator[Batch]:
    """What becomes of every open report, or of those of these units, batch after batch, counted in `moves`.

    `officers`: who works in which unit from now on, as (account, unit).
    """
    last = 0
    query = select(*COLUMNS).where(Report.status.in_(OPEN), Report.id > bindparam("last"))
    query = query.order_by(Report.id).limit(BATCH)
    if units is not None:
        query = query.where(Report.lead_unit_id.in_(units))
    while rows := db.session.execute(query, {"last": last}).all():
        last = rows[-1].id
        decided = [_decided(row, facts, officers) for row in rows]
        for each in decided:
            _count(each, moves)
        progress(len(rows))
        yield _helpers(decided, facts, moves)


def write(batch: Batch, facts: Facts, details: Mapping[str, Any], now: datetime) -> None:
    """Give the reports of one batch their units and areas, and each an event: a public one if people see a change."""
    connection = db.session.connection()
    if changing := [each for each in batch.reports if each.changes]:
        connection.execute(SET_REPORT, [_values(each, facts) for each in changing])
        connection.execute(insert(Event), [_event(each, facts, details, now) for each in changing])
    if left := [each for each in changing if each.loses_officer]:
        connection.execute(UNASSIGN, [_unassigned(each.row, now) for each in left])
    if batch.gone:
        connection.execute(NO_LONGER_HELPS, [{"report": report, "unit": unit} for report, unit in batch.gone])
    if batch.new:
        names = ("report_id", "unit_id", "kind")
        new = [dict(zip(names, each, strict=True)) | {"since": now} for each in batch.new]
        connection.execute(insert(Cooperation), new)
    if batch.heirs:
        heirs = [{"report": report, "unit": unit, "heir": heir} for report, unit, heir in batch.heirs]
        for tasks_follow in TASKS_FOLLOW:
            connection.execute(tasks_follow, heirs)


def tell(first_event: int, now: datetime, due: datetime) -> int:
    """One message for each person and channel, however many of their reports went; give how many."""
    said = Event.id > first_event, Event.step == STEP, Event.public
    for channel in identity.INDEXES:
        firsts = identity.first_events(channel, *said)
        values = {
            "report_id": Event.report_id,
            "event_id": Event.id,
            "channel": literal(channel),
            "kind": literal(STEP),
            "language": Report.language,
            "state": literal("waiting"),
            "tries": literal(0),
            "due_at": literal(due, Message.due_at.type),
        }
        rows = (
            select(*values.values())
            .join(firsts, firsts.c.id == Event.id)
            .join(Report, Report.id == Event.report_id)
            .order_by(Event.id)
        )
        db.session.execute(insert(Message).from_select(list(values), rows))
    told = select(func.count()).where(Message.event_id > first_event, Message.kind == STEP)
    return db.session.scalar(told) or 0


def last_event() -> int:
    return db.session.scalar(select(func.max(Event.id))) or 0


def _decided(row: Any, facts: Facts, officers: Collection[tuple[int, int]]) -> Decided:
    here = facts.map.code_of((row.area_vintage, row.area_code), row.latitude, row.longitude)
    unit = facts.units[row.lead_unit_id]
    now = facts.now(unit, row.category_code, facts.map.chain(here) if here else {})
    if facts.concerns(row.about_unit_id, now.unit):
        now = Now(facts.instead(row.about_unit_id) or unit, now.change, Undecided.CONCERNED)
    older = row.area_vintage < facts.map.vintage
    area = (facts.map.vintage, here) if here and older else (row.area_vintage, row.area_code)
    return Decided(row, unit, now, area, (row.assignee_id, now.unit.id) in officers)


def _count(each: Decided, moves: Moves) -> None:
    moves.open += 1
    moves.places += each.has_new_area
    moves.changed += each.changes
    if not each.moves:
        return
    moves.reports[each.unit.id, each.now.unit.id] += 1
    moves.assignees_cleared += each.loses_officer
    if each.now.undecided:
        moves.undecided[each.now.undecided] += 1
        if len(moves.listed) < MOST_LISTED:
            moves.listed.append((each.row.code, each.now.undecided, each.unit.id))


def _values(each: Decided, facts: Facts) -> dict[str, Any]:
    name = facts.map.areas[each.area[1]].name_folded if each.has_new_area else ""
    return {
        "report": each.row.id,
        "unit": each.now.unit.id,
        "vintage": each.area[0],
        "area": each.area[1],
        "words": f" {name}" if name else "",
    }


def _unassigned(row: Any, now: datetime) -> dict[str, Any]:
    then = promises.settled(row, promises.NOBODY, now=now)
    return {
        "report": row.id,
        "since": then.get("assign_from", row.assign_from),
        "due": then.get("assign_due_at", row.assign_due_at),
        "next": then["next_due_at"],
    }


def _event(each: Decided, facts: Facts, details: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    said = dict(details, from_unit=each.unit.name, to_unit=each.now.unit.name)
    if each.has_new_area:
        said["from_area"] = f"{each.row.area_vintage}/{each.row.area_code}"
        said["to_area"] = facts.map.areas[each.area[1]].name
    if each.now.change:
        said["legal_basis"] = each.now.change.legal_basis
    if each.now.undecided:
        said["undecided"] = each.now.undecided
    return {
        "report_id": each.row.id,
        "step": STEP,
        "actor": Actor.SYSTEM,
        "unit_id": each.unit.id,
        "from_status": each.row.status,
        "to_status": each.row.status,
        "note": "",
        "public": each.tells,
        "details": said,
        "at": now,
    }


def _helpers(decided: list[Decided], facts: Facts, moves: Moves) -> Batch:
    """Units that help go over as those that lead do; one that leads now, or helps already, is not named twice."""
    by_id = {each.row.id: each for each in decided}
    query = select(Cooperation.report_id, Cooperation.unit_id, Cooperation.kind)
    query = query.where(Cooperation.report_id.between(decided[0].row.id, decided[-1].row.id))
    rows = db.session.execute(query)
    kinds = {(row.report_id, row.unit_id): row.kind for row in rows if row.report_id in by_id}
    helping = set(kinds)
    batch = Batch(decided)
    for report_id, unit_id in sorted(helping):
        each = by_id[report_id]
        here = facts.map.chain(each.area[1]) if each.area[0] == facts.map.vintage else {}
        then = facts.now(facts.units[unit_id], each.row.category_code, here)
        if then.undecided:
            moves.cooperations_undecided += 1
            continue
        if facts.concerns(each.row.about_unit_id, then.unit):
            batch.gone.append((report_id, unit_id))
            continue
        if then.unit.id == unit_id != each.now.unit.id:
            continue
        moves.cooperations += 1
        batch.gone.append((report_id, unit_id))
        batch.heirs.append((report_id, unit_id, then.unit.id))
        if then.unit.id != each.now.unit.id and (report_id, then.unit.id) not in helping:
            helping |= {(report_id, then.unit.id)}
            batch.new.append((report_id, then.unit.id, kinds[report_id, unit_id]))
    return batch
