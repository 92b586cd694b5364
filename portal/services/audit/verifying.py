"""The chain is walked again, link by link and row by row; whatever does not fit is named by its table and number."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from portal.core import chain
from portal.core.deadlines import VIETNAM, day_of
from portal.models import AuditDay, AuditEntry, AuditSeal, db, transaction
from portal.services.audit import forgetting, rows
from portal.services.audit.noting import words_digest

BATCH = 1000
SEALED_WITHIN = timedelta(hours=1)
DAY = timedelta(days=1)
COLUMNS = ("number", "kind", "row_id", "salt", "digest", "hash", "forgotten_by")

Link = Row[Any]


@dataclass(frozen=True)
class Fault:
    """A row that is not as it was sealed. `what`: 'changed', 'missing', 'moved', 'inserted', 'forgotten' or 'cut'."""

    what: str
    table: str
    row: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.table} {self.row}" + (f" ({self.place})" if self.place else "")


@dataclass(frozen=True)
class Day:
    """A day of the chain as it stood when verifying began."""

    name: date
    previous: str
    head: str
    count: int


@dataclass(frozen=True)
class Head:
    """The end of a day's chain as somebody wrote it down: so many links, the last with this hash."""

    count: int
    hash: str


def days(first: date | None = None, last: date | None = None) -> Sequence[AuditDay]:
    """The days of the chain in this period, in order."""
    query = select(AuditDay).order_by(AuditDay.day)
    if first:
        query = query.where(AuditDay.day >= first)
    if last:
        query = query.where(AuditDay.day <= last)
    return db.session.scalars(query).all()


def verify(
    first: date | None = None,
    last: date | None = None,
    *,
    published: Mapping[date, Head] | None = None,
    tick: Callable[[int], object] = lambda links: None,
    now: datetime,
) -> Iterator[Fault]:
    """Give every fault of these days, and remember for each day what was found first.

    `published`: heads that were written down elsewhere; `tick` hears how many links were looked at since it heard last.
    """
    before = _head_before(first)
    for day in [Day(kept.day, kept.previous, kept.head, kept.count) for kept in days(first, last)]:
        found = None
        for fault in _faults_of(day, before, tick):
            found = found or fault
            yield fault
        before = day.head
        _remember(day.name, found, now)
    for written, head in (published or {}).items():
        if (not first or first <= written) and (not last or written <= last):
            yield from _not_as_published(written, head)
    yield from _without_link(first, last, now)


def verify_ended(*, now: datetime) -> Iterator[Fault]:
    """The same for the days that are over and were never verified, of which the sealing is done."""
    today = day_of(now - SEALED_WITHIN)
    query = select(AuditDay.day).where(AuditDay.verified_at.is_(None), AuditDay.day < today)
    ended = db.session.scalars(query.order_by(AuditDay.day)).all()
    if ended:
        yield from verify(ended[0], ended[-1], now=now)


def _head_before(first: date | None) -> str:
    if first is None:
        return chain.BEGINNING
    earlier = select(AuditDay.head).where(AuditDay.day < first).order_by(AuditDay.day.desc()).limit(1)
    return db.session.scalar(earlier) or chain.BEGINNING


def _faults_of(day: Day, before: str, tick: Callable[[int], object]) -> Iterator[Fault]:
    if day.previous != before:
        yield Fault("changed", "audit_day", f"{day.name}", "it does not go on from the day before")
    walk = Walk(day.name, day.previous)
    for links in batches(day.name, day.count):
        found = _looked_up(links)
        for link in links:
            yield from walk.faults(link)
            if (what := _fault_of_row(link, found)) is not None:
                yield Fault(what, rows.table(link.kind), f"{link.row_id}", f"{day.name}/{link.number}")
        tick(len(links))
    if (walk.number, walk.hash) != (day.count, day.head):
        yield Fault("cut", "audit_day", f"{day.name}", f"{day.count} links were sealed")
    beyond = select(AuditSeal.number).join(AuditDay, AuditDay.day == AuditSeal.day)
    beyond = beyond.where(AuditSeal.day == day.name, AuditSeal.number > AuditDay.count)
    for number in db.session.scalars(beyond):
        yield Fault("inserted", "audit_seal", f"{day.name}/{number}")


class Walk:
    """Goes from link to link of a day and knows at each what the last hash was."""

    def __init__(self, day: date, previous: str):
        self.day, self.hash, self.number = day, previous, 0
        self._doubtful = [previous]  # the hashes since the last link that fitted

    def faults(self, link: Link) -> Iterator[Fault]:
        """What is wrong with this link itself; it is the last one from here on."""
        missing = range(self.number + 1, link.number)
        for number in missing:
            yield Fault("missing", "audit_seal", f"{self.day}/{number}")
        fits = any(
            chain.link(before, self.day, link.number, link.kind, link.row_id, link.digest) == link.hash
            for before in self._doubtful
        )
        if not fits and not missing:
            what = f"{rows.table(link.kind)} {link.row_id}"
            yield Fault("moved", "audit_seal", f"{self.day}/{link.number}", what)
        self._doubtful = [link.hash] if fits or missing else [*self._doubtful[-2:], link.hash]
        self.hash, self.number = link.hash, link.number


def batches(day: date, count: int) -> Iterator[Sequence[Link]]:
    """The links of a day up to this number, many at a time; what is sealed meanwhile is not looked at."""
    columns = (getattr(AuditSeal, name) for name in COLUMNS)
    query = select(*columns).where(AuditSeal.day == day, AuditSeal.number <= count)
    number = 0
    while links := db.session.execute(
        query.where(AuditSeal.number > number).order_by(AuditSeal.number).limit(BATCH)
    ).all():
        yield links
        number = links[-1].number


Found = Mapping[tuple[str, int], Any]


def _looked_up(links: Sequence[Link]) -> Found:
    """The rows that these links seal, by kind and number, and the entries that say why some were forgotten."""
    found: dict[tuple[str, int], Any] = {}
    for kind, model in rows.MODELS.items():
        numbers = [link.row_id for link in links if link.kind == kind]
        for row in db.session.execute(rows.query(kind).where(model.id.in_(numbers))):
            found[kind, row.id] = row
    reasons = {link.forgotten_by for link in links} | {
        row.forgotten_by for (kind, _), row in found.items() if kind == "entry"
    }
    for entry in db.session.scalars(select(AuditEntry).where(AuditEntry.id.in_(reasons - {None}))):
        found["forget", entry.id] = entry
        db.session.expunge(entry)
    return found


def _fault_of_row(link: Link, found: Found) -> str | None:
    """'missing', 'changed' or 'forgotten', or None where the row says what was sealed."""
    row = found.get((link.kind, link.row_id))
    if link.kind == "event" and not link.salt:
        entry = found.get(("forget", link.forgotten_by))
        return None if forgetting.explains(entry, "event", link.row_id, row) else "forgotten"
    if row is None:
        return "missing"
    if rows.digest(link.kind, row, link.salt) != link.digest:
        return "changed"
    return _fault_of_words(row, found) if link.kind == "entry" else None


def _fault_of_words(row: Row[Any], found: Found) -> str | None:
    if row.forgotten_by is not None:
        entry = found.get(("forget", row.forgotten_by))
        return None if forgetting.explains(entry, "entry", row.id, row) else "forgotten"
    return None if words_digest(row.address, row.reason, row.salt) == row.words_digest else "changed"


def _not_as_published(day: date, head: Head) -> Iterator[Fault]:
    """A chain that was made anew as a whole fits in itself, but not what was written down elsewhere."""
    query = select(AuditSeal.hash).where(AuditSeal.day == day, AuditSeal.number == head.count)
    if db.session.scalar(query) != head.hash:
        yield Fault("changed", "audit_day", f"{day}", "it is not what was published")


def _without_link(first: date | None, last: date | None, now: datetime) -> Iterator[Fault]:
    """Rows that were never sealed though the worker had the time; one of a minute ago is only waiting."""
    since = datetime.combine(first, datetime.min.time(), VIETNAM) if first else None
    until = min(
        now - SEALED_WITHIN, datetime.combine(last + DAY, datetime.min.time(), VIETNAM) if last else now
    )
    for kind, model in rows.MODELS.items():
        after = 0
        while True:
            query = rows.unsealed(kind, after).where(model.at < until).limit(BATCH)
            left = db.session.execute(query.where(model.at >= since) if since else query).all()
            if not left:
                break
            yield from (Fault("inserted", rows.table(kind), f"{row.id}") for row in left)
            after = left[-1].id


def _remember(day: date, found: Fault | None, now: datetime) -> None:
    with transaction():
        db.session.execute(
            update(AuditDay)
            .where(AuditDay.day == day)
            .values(verified_at=now, fault=str(found) if found else "")
            .execution_options(synchronize_session=False)
        )
