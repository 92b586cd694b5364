"""Everything personal of a report is erased, and a certificate says so. What the unit did, and where and when, stays.

Files follow when the transaction is saved (`files`); backups let go of it with their own age (docs/operations.md).
"""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, case, delete, or_, select, update

from portal.core.errors import Held, NotAllowed
from portal.core.privacy.screening import screen
from portal.models import (
    Certificate,
    Consent,
    DataRequest,
    Event,
    Message,
    Photo,
    Report,
    SealedText,
    Seat,
    Task,
    db,
    transaction,
)
from portal.services import audit, former, reports
from portal.services.guidance import suggestions
from portal.services.privacy import files, holds, identity
from portal.services.privacy.masking import ERASED

REQUEST, RETENTION = "request", "retention"
TELL_A_PLACE = ("place", "point")  # what corrections remember of it
OF_REPORTER = or_(
    Photo.event_id.is_(None), Photo.event_id.in_(select(Event.id).where(Event.actor == "resident"))
)


def erase(report: Report, *, because: str, by: Seat | None = None, now: datetime) -> Certificate:
    """Erase a closed report's personal data, once; give the certificate.

    Raises Held where a case in law needs it, NotAllowed while the unit still works on it.
    """
    with transaction():
        locked = select(Report).where(Report.id == report.id).with_for_update()
        db.session.scalars(locked.execution_options(populate_existing=True)).one()
        if (earlier := certificate_of(report.id)) is not None:
            return earlier
        if holds.is_held(report.id, now):
            raise Held(code=report.code)
        if report.closed_at is None:
            raise NotAllowed(status=report.status)
        audit.forget_report(report.id, by=by, reason=because, now=now)
        counts = {
            "contact": int(forget_contact(report.id, now)),
            "sealed_texts": forget_sealed(report.id),
            "photos": forget_photos(report.id),
            "texts": _forget_words(report),
            "messages": _gone(delete(Message).where(Message.report_id == report.id)),
        }
        suggestions.forget(report.id)
        _settle_requests(report.id, now)
        return _certify(report, because, counts, by, now)


def certificate_of(report_id: int) -> Certificate | None:
    return db.session.scalar(select(Certificate).filter_by(report_id=report_id))


def certificate(code: str) -> Certificate | None:
    """The certificate of that code."""
    return db.session.scalar(select(Certificate).filter_by(code=code))


def is_whole(kept: Certificate) -> bool:
    """Does the certificate still say what it said when it was made?"""
    return secrets.compare_digest(kept.digest, digest(kept.says))


def digest(says: Mapping[str, Any]) -> str:
    """SHA-256 of the JSON with sorted keys, no spaces, in UTF-8: anybody can compute it again."""
    written = json.dumps(says, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(written.encode()).hexdigest()


def forget_contact(report_id: int, now: datetime) -> bool:
    """Forget who reported; the proof that they agreed stays, ended. Inside somebody else's transaction."""
    open_consents = Consent.report_id == report_id, Consent.withdrawn_at.is_(None)
    db.session.execute(update(Consent).where(*open_consents).values(withdrawn_at=now))
    return identity.erase(report_id)


def forget_sealed(report_id: int) -> int:
    """Forget what was written before it was masked; inside somebody else's transaction."""
    return _gone(delete(SealedText).where(SealedText.report_id == report_id))


def forget_photos(report_id: int) -> int:
    """Forget the reporter's photos, not those by which the unit proves its work; inside somebody else's transaction."""
    of_report: tuple[ColumnElement[bool], ...] = (Photo.report_id == report_id, OF_REPORTER)
    tokens = db.session.scalars(delete(Photo).where(*of_report).returning(Photo.token)).all()
    files.doom(reports.photo_files(tokens))
    return len(tokens)


def _forget_words(report: Report) -> int:
    """What the reporter wrote and where exactly it was; what is personal in the words of staff is masked."""
    forgotten = 1
    for event in db.session.scalars(select(Event).where(Event.report_id == report.id)):
        if event.actor == "resident" and event.note:
            event.note = ERASED
            forgotten += 1
        else:
            event.note = screen(event.note).public
        event.details = {name: said for name, said in event.details.items() if name not in TELL_A_PLACE}
    for task in db.session.scalars(select(Task).where(Task.report_id == report.id)):
        task.asked, task.answer = screen(task.asked).public, screen(task.answer).public
    report.description, report.place, report.private = ERASED, "", True
    nowhere = dict.fromkeys(("latitude", "longitude"))
    db.session.execute(update(Photo).where(Photo.report_id == report.id).values(nowhere))
    report.latitude = report.longitude = None
    report.located, report.known_by = "area", "resident"
    report.words_folded = former.searchable("", report.area, None, None)
    report.reporter_key = secrets.token_hex(12)
    report.submission_key = sha256(secrets.token_bytes(32)).hexdigest()
    return forgotten


def _settle_requests(report_id: int, now: datetime) -> None:
    """What was asked is done or void, and no words of it stay."""
    of_report = update(DataRequest).where(DataRequest.report_id == report_id)
    is_erasure = DataRequest.kind == "erase"
    settled = {
        "state": case((is_erasure, "granted"), else_="refused"),
        "reason": case((is_erasure, ""), else_=ERASED),
        "decided_at": now,
        "ring_at": None,
    }
    db.session.execute(of_report.where(DataRequest.state == "open").values(settled))
    db.session.execute(of_report.values(words=""))


def _certify(
    report: Report, because: str, counts: dict[str, int], by: Seat | None, now: datetime
) -> Certificate:
    code = secrets.token_hex(8)
    says = {
        "certificate": code,
        "report": report.code,
        "erased_at": now.isoformat(timespec="seconds"),
        "because": because,
        "erased": counts,
        "kept": ["category", "area", "unit", "moments", "work of the unit"],
    }
    kept = Certificate(code=code, report_id=report.id, at=now, says=says, digest=digest(says))
    db.session.add(kept)
    db.session.add(Event.beside(report, "erase", at=now, details={"certificate": code}, by=by, public=True))
    audit.note("create", by=by, subject=("certificate", code), details={"digest": kept.digest}, now=now)
    return kept


def _gone(statement: Any) -> int:
    return db.session.execute(statement).rowcount  # type: ignore[attr-defined]
