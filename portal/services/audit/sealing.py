"""Entries and events get their links in the chain after they were saved, so that nobody who writes waits for another.

The chain of a day of Vietnam begins with the last hash of the day before. A row belongs to the day of its own moment,
as long as no later day has begun in the chain, and never to one that has not come.
"""

import secrets
from collections.abc import Iterator
from datetime import date, datetime
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import Row, func, insert, select, text

from portal.core import chain
from portal.core.deadlines import day_of
from portal.models import AuditDay, AuditSeal, db, transaction
from portal.services.audit import rows
from portal.services.audit.noting import SALT_BYTES

BATCH = 1000
# A transaction that takes its number early and is saved late leaves a gap: so many numbers back are looked at again.
LOOK_BACK = 2_000

Place = dict[str, int]  # kind → the last row looked at


def beginning() -> Place:
    """Where sealing begins that looks at every row."""
    return dict.fromkeys(rows.MODELS, 0)


def recent() -> Place:
    """Where the worker begins: a little before the last row that was sealed."""
    return {kind: max(0, _last_sealed(kind) - LOOK_BACK) for kind in rows.MODELS}


def seal(after: Place, *, now: datetime) -> int:
    """Seal the next rows behind this place, move it on, and return how many they were: 0 when all are sealed."""
    if not list(islice(_unsealed(after), 1)):
        return 0
    with transaction():
        alone()
        taken = list(islice(_unsealed(after), BATCH))
        if taken:
            db.session.execute(insert(AuditSeal), list(_links(taken, now)))
    after.update((kind, row.id) for kind, row in taken)
    return len(taken)


def _last_sealed(kind: str) -> int:
    """One look into the index, however long the chain is."""
    return db.session.scalar(select(func.max(AuditSeal.row_id)).where(AuditSeal.kind == kind)) or 0


def alone() -> None:
    """Nobody else seals until the transaction ends: two would give the same numbers. SQLite lets one write anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE audit_day IN SHARE ROW EXCLUSIVE MODE"))


def _unsealed(after: Place) -> Iterator[tuple[str, Row[Any]]]:
    """Rows of each kind by number, the kinds in the order of their moments."""
    found = (
        [(kind, row) for row in db.session.execute(rows.unsealed(kind, after[kind]).limit(BATCH))]
        for kind in after
    )
    return merge(*found, key=lambda pair: pair[1].at)


def _links(taken: list[tuple[str, Row[Any]]], now: datetime) -> Iterator[dict[str, object]]:
    today = day_of(now)
    current = db.session.scalar(
        select(AuditDay).order_by(AuditDay.day.desc()).limit(1).execution_options(populate_existing=True)
    )
    for kind, row in taken:
        current = _day_of(row.at, today, current)
        salt = secrets.token_hex(SALT_BYTES) if kind == "event" else ""
        digest = rows.digest(kind, row, salt)
        current.count += 1
        current.head = chain.link(current.head, current.day, current.count, kind, row.id, digest)
        yield {
            "day": current.day,
            "number": current.count,
            "kind": kind,
            "row_id": row.id,
            "salt": salt,
            "digest": digest,
            "hash": current.head,
        }


def _day_of(moment: datetime, today: date, current: AuditDay | None) -> AuditDay:
    wanted = min(day_of(moment), today)
    if current and wanted <= current.day:
        return current
    before = current.head if current else chain.BEGINNING
    fresh = AuditDay(day=wanted, previous=before, head=before, count=0)
    db.session.add(fresh)
    return fresh
