"""What was masked, shown to the unit that handles the report, and written down.

A number plate is often the very matter, so the unit sees plates by one press; whatever tells of a person stays masked
until an officer says why it is needed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.adapters.limits import Limits
from portal.adapters.vault import Vault
from portal.core.errors import NotAllowed, NotFound
from portal.core.privacy.screening import Kind, screen
from portal.models import Report, SealedText, Seat, db, transaction
from portal.services import audit
from portal.services.privacy import masking, revealing

PERSONS = frozenset(Kind) - {Kind.PLATE}


@dataclass(frozen=True)
class Shown:
    """One text as it may be read now; `field` is 'description', 'place' or 'note'."""

    field: str
    words: str


def show(
    report: Report, *, reason: str = "", by: Seat, vault: Vault, limits: Limits, now: datetime
) -> list[Shown]:
    """The texts of a report as they were written; without a reason only the plates in them.

    Raises NotAllowed for a unit that does not handle it, NotFound where nothing, or no plate, was masked; TooOften.
    """
    if not revealing.may(report, by):
        raise NotAllowed(code=report.code)
    kinds = masking.kinds_of(report.id)
    if not kinds or (not reason and Kind.PLATE not in kinds):
        raise NotFound(code=report.code)
    if reason:
        limits.spend("identity", str(by.account_id))
    query = select(SealedText).where(SealedText.report_id == report.id).order_by(SealedText.id)
    with transaction():
        rows = db.session.scalars(query).all()
        shown = [Shown(row.field, _opened(vault.unseal(row.words), reason)) for row in rows]
        seen = kinds if reason else [Kind.PLATE]
        audit.note(
            "read", by=by, subject=("report", report.id), reason=reason, details={"kinds": seen}, now=now
        )
    return shown


def _opened(words: str, reason: str) -> str:
    return words if reason else screen(words, PERSONS).public
