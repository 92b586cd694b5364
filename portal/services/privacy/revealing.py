"""Showing who reported to somebody who has to know: never without a reason, never without a trace.

Each look is one event in the report's history, which colleagues see, and one entry of the audit, which also holds the
officer's words and which the reporter is told of. A form that is sent twice shows it twice and is written down twice.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.adapters.limits import Limits
from portal.adapters.vault import Vault
from portal.core import permissions
from portal.core.errors import NotAllowed, NotFound, ReasonRequired, TooOften
from portal.core.permissions import Deed, Place
from portal.core.privacy.purposes import Purpose
from portal.core.privacy.revealing import Why, reasons
from portal.models import AuditEntry, Event, Report, Seat, db, transaction
from portal.services import audit
from portal.services.privacy import consents, identity
from portal.services.privacy.identity import Identity

STEP = Deed.REVEAL


def may(report: Report, seat: Seat) -> bool:
    """May this officer, who may read the report, be shown who sent it? A unit above is one that looks after it."""
    places = permissions.places(Deed.REVEAL, seat.role)
    above = any(one.unit_id == seat.unit_id and one.kind == "superior" for one in report.cooperations)
    return (Place.OWN in places and report.lead_unit_id == seat.unit_id) or (Place.BELOW in places and above)


def allowed(report: Report) -> list[Why]:
    """The reasons that hold for this report's reporter."""
    return reasons(agreed=Purpose.CONTACT in consents.in_force(report.id))


def reveal(
    report: Report, why: Why, words: str, *, by: Seat, vault: Vault, limits: Limits, now: datetime
) -> Identity:
    """Who reported, for this once. Raises NotAllowed, ReasonRequired, NotFound where nobody left anything, TooOften.

    Who asks for too many a day is written down too.
    """
    _check(report, why, by)
    subject = ("report", report.id)
    try:
        limits.spend("identity", str(by.account_id))
    except TooOften:
        with transaction():
            audit.note("reveal_refused", by=by, subject=subject, reason=words, now=now)
        raise
    with transaction():
        _check(report, why, by)
        told = identity.opened(report.id, vault=vault)
        if told is None:
            raise NotFound(code=report.code)
        db.session.add(Event.beside(report, STEP, at=now, details={"why": why}, by=by))
        audit.note(STEP, by=by, subject=subject, reason=words, details={"why": why}, now=now)
    return told


def looks(report: Report) -> Sequence[AuditEntry]:
    """Every time that somebody was shown who sent this report, or what was masked in it."""
    query = select(AuditEntry).filter_by(subject_kind="report", subject_id=str(report.id))
    query = query.where(AuditEntry.deed.in_((STEP, "read"))).order_by(AuditEntry.id)
    return db.session.scalars(query.options(joinedload(AuditEntry.unit))).all()


def _check(report: Report, why: Why, seat: Seat) -> None:
    if not may(report, seat):
        raise NotAllowed(code=report.code)
    if why not in allowed(report):
        raise ReasonRequired(reason=why)
