"""The rows that the chain seals, and what of each is said in the one form that is hashed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, select

from portal.core import chain
from portal.models import AuditEntry, AuditSeal, Event

# Never shortened or put in another order: what is sealed already was said with these. More belongs to a new kind.
ENTRY = (
    *("id", "at", "deed", "account_id", "role", "unit_id"),
    *("subject_kind", "subject_id", "details", "words_digest"),
)
EVENT = (
    *("id", "report_id", "step", "actor", "account_id", "unit_id", "from_status", "to_status"),
    *("note", "public", "details", "request_key", "at"),
)
MODELS: dict[str, Any] = {"entry": AuditEntry, "event": Event}
KEPT = {"entry": (*ENTRY, "address", "reason", "salt", "forgotten_by"), "event": EVENT}


def query(kind: str) -> Select[Any]:
    """The rows of this kind with what is said and checked of them."""
    return select(*(getattr(MODELS[kind], name) for name in KEPT[kind]))


def unsealed(kind: str, after: int) -> Select[Any]:
    """Those behind this number that have no link in the chain, by number."""
    model = MODELS[kind]
    has_link = (AuditSeal.kind == kind) & (AuditSeal.row_id == model.id)
    open_ones = query(kind).outerjoin(AuditSeal, has_link).where(AuditSeal.row_id.is_(None))
    return open_ones.where(model.id > after).order_by(model.id)


def table(kind: str) -> str:
    return str(MODELS[kind].__tablename__)


def digest(kind: str, row: Row[Any], salt: str) -> str:
    return chain.digest(SAYING[kind](row), salt)


def entry_said(row: Row[Any]) -> dict[str, object]:
    """An entry as it is hashed and exported: without address and reason, of which it has the digest."""
    return _said(row, ENTRY)


def _event_said(row: Row[Any]) -> dict[str, object]:
    return _said(row, EVENT)


def _said(row: Row[Any], names: tuple[str, ...]) -> dict[str, object]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


SAYING: dict[str, Callable[[Row[Any]], dict[str, object]]] = {"entry": entry_said, "event": _event_said}
