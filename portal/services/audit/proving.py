"""A day's chain as a file that anybody verifies without this house: scripts/verify_audit.py does it in 30 lines.

Entries are written out without address and reason, events by their digest alone: no file tells of a person.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from portal.core import chain
from portal.core.errors import NotFound
from portal.models import AuditDay, AuditEntry, Seat, db, transaction
from portal.services.audit import rows
from portal.services.audit.noting import note
from portal.services.audit.verifying import batches


def proof(day: date, *, by: Seat | None = None, now: datetime) -> Iterator[bytes]:
    """The lines of the proof of this day, the first with its beginning and its head; raises NotFound.

    The export itself is written down first, so a proof of today lacks at least its own entry.
    """
    if (kept := db.session.get(AuditDay, day)) is None:
        raise NotFound(audit_day=day)
    said = {"day": f"{day}", "previous": kept.previous, "count": kept.count, "head": kept.head}
    with transaction():
        note("export_proof", by=by, subject=("audit_day", day), now=now)
    return _lines(day, said)


def _lines(day: date, said: dict[str, Any]) -> Iterator[bytes]:
    yield chain.canonical(said) + b"\n"
    for links in batches(day, said["count"]):
        numbers = [link.row_id for link in links if link.kind == "entry"]
        query = rows.query("entry").where(AuditEntry.id.in_(numbers))
        entries = {row.id: rows.entry_said(row) for row in db.session.execute(query)}
        for link in links:
            line = {
                "number": link.number,
                "kind": link.kind,
                "row": link.row_id,
                "digest": link.digest,
                "hash": link.hash,
            }
            if link.kind == "entry":
                line["said"] = entries.get(link.row_id)
            yield chain.canonical(line) + b"\n"
