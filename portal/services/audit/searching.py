"""Finding entries: newest first, from one entry on, by what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import joinedload

from portal.core.deadlines import VIETNAM
from portal.models import Account, AuditDay, AuditEntry, Report, Seat, db, transaction
from portal.services.audit.noting import note

PAGE_SIZE = 50
MOST_EXPORTED = 50_000
AT_ONCE = 10_000


@dataclass(frozen=True)
class Wanted:
    """What is looked for; both days included, '' and None ask for nothing."""

    since: date
    until: date
    deed: str = ""
    account_id: int | None = None
    subject: tuple[str, str] | None = None
    address: str = ""

    def said(self) -> dict[str, object]:
        """The same for the audit; an address looked for is personal and stays out."""
        asked: dict[str, object] = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        if self.deed:
            asked["deed"] = self.deed
        if self.account_id:
            asked["account"] = self.account_id
        if self.subject:
            asked["subject"] = " ".join(self.subject)
        return asked


@dataclass(frozen=True)
class Found:
    """Some entries; `onward` is the number of the last one where there are more behind it, else None."""

    entries: Sequence[AuditEntry]
    onward: int | None


def search(wanted: Wanted, *, behind: int | None = None) -> Found:
    """The newest entries that are wanted, or those behind the entry of this number."""
    query = _query(wanted)
    if behind and (last := db.session.get(AuditEntry, behind)):
        types = [AuditEntry.at.type, AuditEntry.id.type]
        query = query.where(tuple_(AuditEntry.at, AuditEntry.id) < tuple_(last.at, last.id, types=types))
    entries = db.session.scalars(query.limit(PAGE_SIZE + 1)).all()
    more = len(entries) > PAGE_SIZE
    return Found(entries[:PAGE_SIZE], entries[PAGE_SIZE - 1].id if more else None)


def open_up(deed: str, wanted: Wanted, *, by: Seat | None, reason: str, now: datetime) -> None:
    """Write down that somebody reads from where and why others did: 'read_audit' or 'export_audit'."""
    if wanted.address:
        reason = f"{wanted.address}: {reason}"
    with transaction():
        note(deed, by=by, reason=reason, details=wanted.said(), now=now)


def export(wanted: Wanted) -> Sequence[AuditEntry]:
    """All that is wanted, newest first, at most so many as one file holds and one more."""
    return db.session.scalars(_query(wanted).limit(MOST_EXPORTED + 1)).all()


def account_named(username: str) -> int | None:
    """Whose number this is, also of somebody whose account is closed."""
    return db.session.scalar(select(Account.id).where(Account.username == username.lower()))


def report_codes(entries: Sequence[AuditEntry]) -> dict[str, str]:
    """The codes of the reports that these entries are about, by the key that an entry has of them."""
    keys = {entry.subject_id for entry in entries if entry.subject_kind == "report"}
    numbers = [int(key) for key in keys if key.isdecimal()]
    codes: dict[str, str] = {}
    for first in range(0, len(numbers), AT_ONCE):
        some = Report.id.in_(numbers[first : first + AT_ONCE])
        codes |= {
            str(row.id): row.code for row in db.session.execute(select(Report.id, Report.code).where(some))
        }
    return codes


def days_that_fail() -> int:
    """How many days of the chain did not verify when that was last asked."""
    return db.session.scalar(select(func.count()).where(AuditDay.fault != "")) or 0


def chain_days() -> Select[Any]:
    """The days of the chain, newest first."""
    return select(AuditDay).order_by(AuditDay.day.desc())


def _query(wanted: Wanted) -> Select[AuditEntry]:
    query = select(AuditEntry).options(joinedload(AuditEntry.account), joinedload(AuditEntry.unit))
    query = query.where(AuditEntry.at >= _start(wanted.since))
    query = query.where(AuditEntry.at < _start(wanted.until + timedelta(days=1)))
    if wanted.deed:
        query = query.where(AuditEntry.deed == wanted.deed)
    if wanted.account_id:
        query = query.where(AuditEntry.account_id == wanted.account_id)
    if wanted.subject:
        kind, key = wanted.subject
        query = query.where(AuditEntry.subject_kind == kind)
        query = query.where(AuditEntry.subject_id == key) if key else query
    if wanted.address:
        query = query.where(AuditEntry.address == wanted.address)
    return query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc())


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, VIETNAM)
