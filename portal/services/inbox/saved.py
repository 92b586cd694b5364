"""Filters that officers keep under a name, for themselves or for their unit."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager

from portal.core.deadlines import day_of
from portal.core.errors import Conflict, NotFound
from portal.models import Account, SavedFilter, Seat, db, transaction

MOST = 30  # of one officer


def usable_by(seat: Seat, *, now: datetime) -> Sequence[SavedFilter]:
    """The officer's own by name, then those that colleagues of the unit share."""
    today = day_of(now)
    shared = SavedFilter.shared & Account.works_in(seat.unit_id, today)
    query = (
        select(SavedFilter)
        .join(SavedFilter.account)
        .where(or_(SavedFilter.account_id == seat.account_id, shared))
        .order_by(SavedFilter.account_id != seat.account_id, func.lower(SavedFilter.name), SavedFilter.id)
        .options(contains_eager(SavedFilter.account))
    )
    return db.session.scalars(query).all()


def keep(seat: Seat, name: str, query: str, *, shared: bool) -> None:
    """Keep the query under this name. A form that is sent twice keeps it once.

    Raises Conflict, `field` 'name', where the officer has another one of this name ('taken') or very many ('many').
    """
    try:
        with transaction():
            own = list(db.session.scalars(select(SavedFilter).filter_by(account_id=seat.account_id)))
            same = next((one for one in own if one.name == name), None)
            if same is None and len(own) >= MOST:
                raise Conflict(field="name", reason="many")
            if same is None:
                db.session.add(SavedFilter(account_id=seat.account_id, name=name, query=query, shared=shared))
            elif (same.query, same.shared) != (query, shared):
                raise Conflict(field="name", reason="taken")
    except IntegrityError as error:  # the same name, sent at the same moment
        raise Conflict(field="name", reason="taken") from error


def change(seat: Seat, number: int, name: str, *, shared: bool) -> None:
    """Give the officer's filter this name, and say whether the unit sees it. Raises NotFound, Conflict as `keep`."""
    own = SavedFilter.id == number, SavedFilter.account_id == seat.account_id
    try:
        with transaction():
            changed = db.session.execute(update(SavedFilter).where(*own).values(name=name, shared=shared))
    except IntegrityError as error:
        raise Conflict(field="name", reason="taken") from error
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise NotFound(saved_filter=number)


def forget(seat: Seat, number: int) -> None:
    """Take the officer's filter away; nothing happens where it is gone. Raises NotFound for another officer's."""
    with transaction():
        found = db.session.get(SavedFilter, number)
        if found is not None and found.account_id != seat.account_id:
            raise NotFound(saved_filter=number)
        db.session.execute(delete(SavedFilter).where(SavedFilter.id == number))
