"""Administrative reforms: prepared ahead, shown as a plan, and carried out on their day in one transaction.

A reform moves what exists now; the new areas, units and successions are loaded before with the territory pack.
"""

import json
import logging
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select, text, update

from portal.core import reform as law
from portal.core.deadlines import VIETNAM, day_of
from portal.core.errors import Conflict, NotFound, Stale
from portal.core.packs import PackError
from portal.core.permissions import Deed
from portal.core.reform import Change
from portal.core.reform.faults import Fault
from portal.core.workflow import OPEN
from portal.models import Reform, Report, Seat, db, transaction
from portal.services import records
from portal.services.reform import facts as looking
from portal.services.reform import following, moving, proof
from portal.services.reform.facts import Facts
from portal.services.reform.following import Consequences
from portal.services.reform.moving import Moves, Progress
from portal.services.reform.proof import Unproven

__all__ = [
    "Plan",
    "Unproven",
    "cancel",
    "carry_out",
    "draft",
    "due",
    "fail",
    "found",
    "listed",
    "open_reports",
    "plan",
    "prepare",
]

log = logging.getLogger("portal.directory")
MORNING, EVENING = time(7), time(21)


@dataclass(frozen=True)
class Plan:
    """What a reform does, or did. `units`: code and name of every unit that the moves and the list speak of, by id."""

    changes: Sequence[Change]
    moves: Moves
    consequences: Consequences
    units: dict[int, tuple[str, str]]

    @property
    def said(self) -> dict[str, Any]:
        """The same as plain values, to keep with the reform."""
        return {
            "changes": {
                kind: len({row.unit for row in self.changes if row.change == kind}) for kind in law.Kind
            },
            "open": self.moves.open,
            "moved": self.moves.moved,
            "places": self.moves.places,
            "assignees_cleared": self.moves.assignees_cleared,
            "cooperations": self.moves.cooperations,
            "cooperations_undecided": self.moves.cooperations_undecided,
            "undecided": dict(self.moves.undecided),
            "moves": [
                [*self.units[before], *self.units[after], reports]
                for (before, after), reports in self.moves.reports.most_common()
            ],
            "listed": [[code, why, self.units[unit][1]] for code, why, unit in self.moves.listed],
            **self.consequences.said,
        }


def draft(file: str, raw: bytes, effective: date, name: str) -> Reform:
    """The reform of this file, kept nowhere. Raises PackError with everything that is wrong."""
    changes = law.read(file, raw)
    _check(file, changes, effective)
    rows = [asdict(row) for row in changes]
    said = json.dumps([effective.isoformat(), [row | {"line": 0} for row in rows]], ensure_ascii=False)
    digest = sha256(said.encode()).hexdigest()
    return Reform(name=name, effective_on=effective, digest=digest, plan=rows)


def open_reports() -> int:
    """How many reports a reform will look at."""
    return db.session.scalar(select(func.count()).where(Report.status.in_(OPEN))) or 0


def prepare(file: str, raw: bytes, effective: date, name: str, *, by: Seat | None, now: datetime) -> Reform:
    """Keep a reform as prepared and return it; the same rows for the same day are one reform, also when it is done.

    A cancelled or failed one is prepared again. Raises PackError with everything that is wrong in the file.
    """
    fresh = draft(file, raw, effective, name)
    with transaction():
        records.queue(by, Deed.KEEP_SETTINGS, now=now)
        known = db.session.scalar(select(Reform).where(Reform.digest == fresh.digest))
        if known is None:
            known = fresh
            known.prepared_at, known.prepared_by_id = now, by.account_id if by else None
            db.session.add(known)
            db.session.flush()
            log.info(
                "account %s prepared reform %s for %s", by.account_id if by else "-", known.id, effective
            )
        elif known.state != "done":
            known.state, known.counts, known.name = "prepared", {}, name
    return known


def cancel(reform_id: int, *, by: Seat | None, now: datetime) -> Reform:
    """Take a prepared reform back; one that is cancelled already stays so. Raises NotFound, Stale where it is done."""
    with transaction():
        records.queue(by, Deed.KEEP_SETTINGS, now=now)
        kept = found(reform_id)
        if kept.state == "done":
            raise Stale(reform=reform_id)
        if kept.state == "prepared":
            kept.state = "cancelled"
            log.info("account %s cancelled reform %s at %s", by.account_id if by else "-", kept.id, now)
    return kept


def found(reform_id: int) -> Reform:
    """That reform; raises NotFound."""
    if (kept := db.session.get(Reform, reform_id)) is None:
        raise NotFound(reform=reform_id)
    return kept


def listed(page: int) -> records.Page:
    """One page of reforms, the latest day first."""
    return records.page_of(select(Reform).order_by(Reform.effective_on.desc(), Reform.id.desc()), page)


def due(*, now: datetime) -> list[int]:
    """The prepared reforms whose day has come, in their order; those that failed wait for a person. Where open reports
    lie with a unit that is not there any more, also the last one that is done.
    """
    today = day_of(now)
    query = select(Reform).where(Reform.state == "prepared", Reform.effective_on <= today)
    rows = db.session.scalars(query.order_by(Reform.effective_on, Reform.id))
    ready = [row.id for row in rows if "failed" not in row.counts]
    if ready or not proof.homeless(today):
        return ready
    done = (
        select(Reform.id).where(Reform.state == "done").order_by(Reform.effective_on.desc(), Reform.id.desc())
    )
    return list(db.session.scalars(done.limit(1)))


def plan(reform: Reform, *, now: datetime, progress: Progress = moving.unseen) -> Plan:
    """What the reform would do as things stand; nothing is written. Raises PackError where it no longer fits."""
    changes = _changes(reform)
    _check(reform.name, changes, reform.effective_on)
    facts = Facts(changes, reform.effective_on, day_of(now))
    moves, follows = Moves(), following.consequences(facts)
    for _ in moving.decide(facts, following.officers_after(follows, facts), moves, progress):
        pass
    return _plan(changes, moves, follows, facts)


def carry_out(reform_id: int, *, now: datetime, progress: Progress = moving.unseen) -> Reform:
    """Do it, all or nothing, and prove it; one that is done stays as it is, and takes only what came late.

    Raises Conflict before its day or where it was cancelled, PackError where it no longer fits what exists, Unproven
    where the counts do not match.
    """
    with transaction():
        records.queue(None, Deed.KEEP_SETTINGS, now=now)
        _hold_reports()
        kept = found(reform_id)
        if kept.state == "done":
            _give_on(kept, now)
            return kept
        if kept.state == "cancelled" or day_of(now) < kept.effective_on:
            raise Conflict(field="effective_on", reason="not_now", day=kept.effective_on)
        _do(kept, now, progress)
    return kept


def fail(reform_id: int, error: Exception) -> None:
    """Remember why a reform could not be carried out, so that it is tried again only when somebody says so."""
    with transaction():
        db.session.execute(
            update(Reform)
            .where(Reform.id == reform_id, Reform.state == "prepared")
            .values(counts={"failed": str(error)})
        )


def _do(kept: Reform, now: datetime, progress: Progress) -> None:
    changes, today = _changes(kept), day_of(now)
    _check(kept.name, changes, kept.effective_on)
    following.end_units(Facts(changes, kept.effective_on, today), now)
    facts = Facts(changes, kept.effective_on, today)
    follows = following.consequences(facts)
    officers = following.officers_after(follows, facts)
    following.apply(follows, facts, kept.name, now)
    moves, proven = _move(kept, facts, officers, None, now, progress)
    kept.counts = _plan(changes, moves, follows, facts).said | proven
    kept.state, kept.done_at = "done", now
    log.info("reform %s is done: %s reports moved, %s messages", kept.id, moves.moved, proven["told"])


def _give_on(kept: Reform, now: datetime) -> None:
    """A reform that is done takes what came late: reports that lie with a unit that is not there any more."""
    today = day_of(now)
    if not proof.homeless(today):
        return
    facts = Facts(_changes(kept), kept.effective_on, today)
    officers = following.officers_after(Consequences(), facts)
    over = [unit.id for unit in facts.units.values() if not unit.on(today)]
    moves, _proven = _move(kept, facts, officers, over, now, moving.unseen)
    log.info("reform %s: %s reports came late", kept.id, moves.moved)


def _move(
    kept: Reform,
    facts: Facts,
    officers: Collection[tuple[int, int]],
    units: list[int] | None,
    now: datetime,
    progress: Progress,
) -> tuple[Moves, dict[str, Any]]:
    """Move the open reports of these units, or of all, tell their reporters, and prove it."""
    before, first_event, moves = proof.take(), moving.last_event(), Moves()
    for batch in moving.decide(facts, officers, moves, progress, units):
        moving.write(batch, facts, {"reform": kept.id}, now)
    told = moving.tell(first_event, now, _morning(now))
    db.session.flush()
    after = proof.take()
    proof.compare(before, after, changed=moves.changed, first_event=first_event, day=facts.today)
    return moves, {"told": told, "before": before.said, "after": after.said}


def _check(file: str, changes: list[Change], effective: date) -> None:
    try:
        known = looking.known(effective)
    except NotFound as error:
        raise PackError([Fault.of(file, 0, "", "no_vintage", day=effective)]) from error
    law.check(file, changes, known, effective)


def _changes(reform: Reform) -> list[Change]:
    return [Change(**row) for row in reform.plan]


def _plan(changes: list[Change], moves: Moves, follows: Consequences, facts: Facts) -> Plan:
    ids = {each for pair in moves.reports for each in pair} | {unit for *_, unit in moves.listed}
    return Plan(
        changes, moves, follows, {each: (facts.units[each].code, facts.units[each].name) for each in ids}
    )


def _hold_reports() -> None:
    """Nobody writes a report meanwhile, so that the counts can be compared; everybody may read. SQLite has one
    writer anyway.
    """
    if db.session.connection().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE report IN SHARE ROW EXCLUSIVE MODE"))


def _morning(now: datetime) -> datetime:
    """When to send: at once by day, at night the next morning."""
    local = now.astimezone(VIETNAM)
    if MORNING <= local.time() < EVENING:
        return now
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, VIETNAM)
