"""For how long what is kept: what an administrator has set for a category or for all, else what the code proposes."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from portal.core.errors import NotFound
from portal.core.permissions import Deed
from portal.core.privacy.durations import OF_REPORTS, TERMS, Term
from portal.models import Duration, Seat, db, transaction
from portal.services import records


class Set(NamedTuple):
    """One duration as it holds: for one category, or for all others (`category` None)."""

    key: str
    category: str | None
    term: Term
    record: Duration | None


def listed() -> list[Set]:
    """Every duration that holds, in the order of the code, each with those of single categories behind it."""
    set_here = db.session.scalars(select(Duration).order_by(Duration.category_code)).all()
    found = []
    for key, term in TERMS.items():
        everywhere = next((one for one in set_here if (one.key, one.category_code) == (key, None)), None)
        found.append(Set(key, None, _term(everywhere) if everywhere else term, everywhere))
        found += [
            Set(key, one.category_code, _term(one), one)
            for one in set_here
            if one.key == key and one.category_code
        ]
    return found


def days(key: str) -> dict[str | None, int | None]:
    """The days of one duration by category; those of all other categories under None."""
    return {one.category: one.term.days for one in listed() if one.key == key}


def keep(
    key: str,
    category: str | None,
    *,
    number: int | None,
    legal_basis: str,
    seen: str,
    by: Seat | None,
    now: datetime,
) -> None:
    """Set a duration. Raises NotFound for what there is none of; Stale where a colleague changed it meanwhile."""
    if key not in TERMS or (category and key not in OF_REPORTS):
        raise NotFound(duration=key)
    with transaction():
        records.queue(by, Deed.KEEP_SETTINGS, now=now)
        where = Duration.category_code.is_(None) if category is None else Duration.category_code == category
        record = db.session.scalar(select(Duration).where(Duration.key == key, where))
        if record is None:
            fresh = Duration(key=key, category_code=category, days=number, legal_basis=legal_basis)
            records.add(fresh, by=by, now=now)
            return
        changes = records.amend(record, {"days": number, "legal_basis": legal_basis}, seen=seen)
        records.sign(record, changes, by=by, now=now)


def _term(record: Duration) -> Term:
    return Term(record.days, record.legal_basis, verified=True)
