"""Records that administrators keep: changed only as they were seen, one administrator after another, never unsigned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import Select, func, select

from portal.core import permissions
from portal.core.deadlines import day_of
from portal.core.errors import NotAllowed, NotFound, Stale
from portal.core.permissions import Deed
from portal.models import Account, Appointment, Seat, db
from portal.services import audit, territory

PAGE_SIZE = 30
UNSEEN = {"edited_at", "fault", "fault_at", "fault_count"}
SECRET = {"name", "username", "email", "password_hash", "sign_in_stamp"}
PLAIN = (str, int, float, dict, list, type(None))
T = TypeVar("T")


class NoSuchPage(NotFound):
    """The list has no page of that number."""


@dataclass(frozen=True)
class Page:
    """One page of a list: `page` counts from 1 to `pages`, `total` counts the whole list."""

    items: list[Any]
    page: int
    pages: int
    total: int

    @property
    def has_prev(self) -> bool:
        return self.page > 1

    @property
    def has_next(self) -> bool:
        return self.page < self.pages


def page_of(query: Select[Any], page: int) -> Page:
    """That page of the query's records. Raises NoSuchPage for one that the list does not have."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = _pages(total, page)
    items = db.session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return Page(list(items), page, pages, total)


def page_of_list(items: list[Any], page: int) -> Page:
    """The same of a list that had to be sorted here."""
    pages = _pages(len(items), page)
    return Page(items[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], page, pages, len(items))


def version(record: Any) -> str:
    """A short word for what the record says now; a form brings it back as what its reader saw."""
    values = [getattr(record, column.key) for column in record.__table__.columns if column.key not in UNSEEN]
    return sha256(repr(values).encode()).hexdigest()[:20]


def queue(by: Seat | None, deed: Deed, *, now: datetime) -> None:
    """Let administrators write one after another, for their checks look at more records than one; what any
    process remembers of the directory is out of date from here on.

    Call it first in a transaction. Raises NotAllowed where `by` may not do this, or not any more.
    """
    territory.revise()
    if by is None:
        return
    seated = select(Appointment.id).join(Appointment.account)
    seated = seated.where(Account.active, Appointment.of(by, day_of(now)))
    if not permissions.may(deed, by.role) or db.session.scalar(seated) is None:
        raise NotAllowed(account=by.account_id)


def amend(record: Any, values: Mapping[str, Any], *, seen: str) -> dict[str, tuple[Any, Any]]:
    """Give the record these values and return what changed, as (before, after) by column.

    Nothing changes where the record says so already: a form sent twice is no conflict. Raises Stale where it
    would change and is no longer what the person saw.
    """
    changes = {name: (getattr(record, name), value) for name, value in values.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if changes and version(record) != seen:
        raise Stale(record=identity(record))
    for name, (_, value) in changes.items():
        setattr(record, name, value)
    return changes


def sign(record: Any, changes: Mapping[str, tuple[Any, Any]], *, by: Seat | None, now: datetime) -> None:
    """Remember when the record was edited, and who changed what; people's names and secrets stay out of it."""
    if not changes:
        return
    if hasattr(record, "edited_at"):
        record.edited_at = now
    db.session.flush()
    said = {name: _said(record, name, pair) for name, pair in changes.items()}
    audit.note("change", by=by, subject=subject(record), details=said, now=now)


def add(record: Any, *, by: Seat | None, now: datetime) -> None:
    """Keep a new record, signed like a change."""
    db.session.add(record)
    if hasattr(record, "edited_at"):
        record.edited_at = now
    db.session.flush()
    audit.note("create", by=by, subject=subject(record), now=now)


def found(model: type[T], key: Any) -> T:
    """The record of that primary key; raises NotFound."""
    if (record := db.session.get(model, key)) is None:
        raise NotFound(**{model.__tablename__: key})  # type: ignore[attr-defined]
    return record


def remove(record: Any, *, seen: str, by: Seat | None, now: datetime) -> None:
    """Take the record away if it is still what the person saw, and write down who did. Raises Stale."""
    if version(record) != seen:
        raise Stale(record=identity(record))
    db.session.delete(record)
    db.session.flush()
    audit.note("remove", by=by, subject=subject(record), now=now)


def identity(record: Any) -> str:
    """'unit 12', 'category den_duong'."""
    return " ".join(subject(record))


def subject(record: Any) -> tuple[str, str]:
    """('unit', '12'): the record as the audit names it."""
    keys = (getattr(record, column.key) for column in record.__table__.primary_key)
    return record.__tablename__, ", ".join(str(key) for key in keys)


def _said(record: Any, name: str, pair: tuple[Any, Any]) -> list[Any]:
    """Before and after, as far as everybody who reads the audit may know them."""
    if name in SECRET and isinstance(record, Account):
        return []
    return [value if isinstance(value, PLAIN) else str(value) for value in pair]


def _pages(total: int, page: int) -> int:
    pages = max(1, -(-total // PAGE_SIZE))
    if not 1 <= page <= pages:
        raise NoSuchPage(page=page)
    return pages
