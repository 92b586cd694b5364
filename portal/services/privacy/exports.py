"""Everything that is held of a reporter about a report, in plain words and numbers, for their own hands."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.adapters.vault import Vault
from portal.models import DataRequest, Message, Photo, Report, SealedText, db, transaction
from portal.services import audit, reports
from portal.services.privacy import consents, erasure, identity, revealing


def take(report: Report, *, vault: Vault, now: datetime) -> dict[str, Any]:
    """All that is held, and that it was taken now is written down."""
    with transaction():
        audit.note("export", subject=("report", report.id), details={"by": "reporter"}, now=now)
    return held(report, vault=vault)


def held(report: Report, *, vault: Vault) -> dict[str, Any]:
    """The report, who sent it, what they agreed to, wrote, were told and asked, as JSON takes it. Raises Unsealable."""
    written = {
        (row.field, row.event_id): vault.unseal(row.words)
        for row in db.session.scalars(select(SealedText).where(SealedText.report_id == report.id))
    }
    told = identity.opened(report.id, vault=vault)
    return {
        "report": _report(report, written),
        "contact": {"name": told.name, "phone": told.phone, "email": told.email} if told else None,
        "consents": [
            {
                "purpose": one.purpose,
                "text": one.wording.text,
                "version": one.wording.version,
                "how": one.how,
                "given_at": _said(one.given_at),
                "withdrawn_at": _said(one.withdrawn_at),
            }
            for one in consents.history(report.id)
        ],
        "history": [
            {"at": _said(event.at), "step": event.step, "text": written.get(("note", event.id), event.note)}
            for event in report.events
            if event.public
        ],
        "messages": [
            {"channel": row.channel, "about": row.kind, "state": row.state, "sent_at": _said(row.sent_at)}
            for row in db.session.scalars(select(Message).filter_by(report_id=report.id).order_by(Message.id))
        ],
        "photos": [f"anh/{number}.webp" for number, _photo in enumerate(photos(report), 1)],
        "requests": [
            {"kind": row.kind, "at": _said(row.received_at), "due_at": _said(row.due_at), "state": row.state}
            for row in db.session.scalars(select(DataRequest).filter_by(report_id=report.id))
        ],
        "seen_by": _seen_by(report),
    }


def photos(report: Report) -> list[Photo]:
    """The reporter's own photos."""
    own = select(Photo).where(Photo.report_id == report.id, erasure.OF_REPORTER).order_by(Photo.id)
    return list(db.session.scalars(own))


def photo_key(photo: Photo) -> str:
    """Where the largest picture of a photo lies in the store."""
    return reports.photo_key(photo.token, "large")


def _report(report: Report, written: dict[tuple[str, int | None], str]) -> dict[str, Any]:
    return {
        "code": report.code,
        "category": report.category.name,
        "description": written.get(("description", None), report.description),
        "description_shown": report.description,
        "place": written.get(("place", None), report.place),
        "area": report.area.name,
        "latitude": report.latitude,
        "longitude": report.longitude,
        "answers": report.answers,
        "channel": report.channel,
        "language": report.language,
        "unit": report.lead_unit.name,
        "status": report.status,
        "submitted_at": _said(report.submitted_at),
        "closed_at": _said(report.closed_at),
    }


def _seen_by(report: Report) -> list[dict[str, Any]]:
    """When which unit looked at personal data of the report, and why by the list of reasons; who it was and in which
    words they said why, which may name others, is the unit's to answer for.
    """
    return [
        {
            "at": _said(entry.at),
            "unit": entry.unit.name if entry.unit else "",
            "why": entry.details.get("why", ""),
        }
        for entry in revealing.looks(report)
    ]


def _said(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
