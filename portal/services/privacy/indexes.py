"""Blind indexes made anew, by the index key of today, from what is sealed beside them.

Phones on which residents see their reports go with the number or address that they showed. One-time codes of before
open nothing any more: they live for ten minutes.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Row, bindparam, func, select, update

from portal.adapters.vault import Unsealable, Vault
from portal.models import Contact, Device, db, end_reading, transaction
from portal.services import audit

BATCH = 500
Contacts = Sequence[Row]
TABLE = Contact.__table__
WRITE = (
    update(TABLE)
    .where(TABLE.c.report_id == bindparam("number"))
    .where(TABLE.c.phone == bindparam("seen_sms"), TABLE.c.email == bindparam("seen_mail"))
    .values(phone_index=bindparam("new_sms"), email_index=bindparam("new_mail"))
)


def rows() -> int:
    """How many contacts there are to look at."""
    return db.session.scalar(select(func.count()).select_from(Contact)) or 0


def stale(vault: Vault, progress: Callable[[int], None]) -> int:
    """How many contacts are found by another key than that of today, which is: not at all."""
    return sum(len(_stale(batch, vault)) for batch in _batches(progress))


def renew(vault: Vault, progress: Callable[[int], None], *, now: datetime) -> int:
    """Make the indexes of these anew, some rows at a time; return how many contacts that were.

    Safe beside running writers, and again after it was broken off: a contact that somebody has changed meanwhile stays
    as they wrote it.
    """
    done = 0
    for batch in _batches(progress):
        if changed := _stale(batch, vault):
            with transaction():
                done += db.session.execute(WRITE, changed).rowcount  # type: ignore[attr-defined]
                _move_devices(changed)
    if done:
        with transaction():
            audit.note("rotate", subject=("index", ""), details={"contacts": done}, now=now)
    return done


def _batches(progress: Callable[[int], None]) -> Iterator[Contacts]:
    """Every contact; nothing is held while the caller works."""
    columns = Contact.report_id, Contact.phone, Contact.email, Contact.phone_index, Contact.email_index
    query = select(*columns).order_by(Contact.report_id).limit(BATCH)
    batch = db.session.execute(query).all()
    while batch:
        end_reading()
        yield batch
        progress(len(batch))
        batch = db.session.execute(query.where(Contact.report_id > batch[-1].report_id)).all()


def _stale(batch: Contacts, vault: Vault) -> list[dict[str, str]]:
    """Of those of these contacts that today's key does not find: what was read of them, and the indexes that it gives.

    What no key of the vault opens is left out; `keys.check` names it.
    """
    found = []
    for row in batch:
        try:
            phone, email = (vault.unseal(sealed) for sealed in (row.phone, row.email))
        except Unsealable:
            continue
        new = {"new_sms": vault.index("phone", phone), "new_mail": vault.index("email", email)}
        if (row.phone_index, row.email_index) != tuple(new.values()):
            old = {"old_sms": row.phone_index, "old_mail": row.email_index}
            found.append({"number": row.report_id, "seen_sms": row.phone, "seen_mail": row.email} | old | new)
    return found


def _move_devices(changed: Sequence[dict[str, str]]) -> None:
    for channel in ("sms", "mail"):
        new = {one[f"old_{channel}"]: one[f"new_{channel}"] for one in changed if one[f"old_{channel}"]}
        theirs = Device.channel == channel, Device.contact_index.in_(new)
        for device in db.session.scalars(select(Device).where(*theirs).order_by(Device.id)):
            device.contact_index = new[device.contact_index]
