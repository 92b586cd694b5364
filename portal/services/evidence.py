"""What officers add to a step: photos and documents, and whether they prove the result that a category demands."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from portal.adapters import documents
from portal.adapters.storage import Storage
from portal.core import workflow
from portal.core.errors import EvidenceDoubtful, EvidenceRequired, NotFound, Stale
from portal.core.evidence import Demand, Doubt, Trace, doubts, met
from portal.core.places import Point
from portal.core.workflow import Step
from portal.models import Document, Event, Photo, Report, db, transaction
from portal.services.privacy import files

RESULTS = frozenset(line[0] for line in workflow.LAW if workflow.Demand.EVIDENCE in line[4])
KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Evidence:
    """Tokens of what was kept for a step; `stated`: why the photos prove it though they do not say when or where."""

    photos: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    stated: str = ""


NO_EVIDENCE = Evidence()


def locate(photos: Sequence[Photo], device: Point, *, now: datetime) -> None:
    """Give kept photos that do not say where they were taken the position of the phone that sends them now."""
    with transaction():
        for photo in photos:
            if photo.latitude is None:
                photo.latitude, photo.longitude = device
                photo.taken_at, photo.source = photo.taken_at or now, "device"


def keep_document(raw: bytes, name: str, *, storage: Storage, now: datetime) -> Document:
    """Look at a PDF and store it, until a step takes it. Raises BadDocument."""
    documents.check(raw)
    token = secrets.token_urlsafe(18)
    storage.put(document_key(token), raw)
    with transaction():
        document = Document(token=token, name=name, size=len(raw), stored_at=now)
        db.session.add(document)
    return document


def document_key(token: str) -> str:
    """Where a document lies in the store."""
    return f"{token[:2]}/{token}.pdf"


def kept_documents(tokens: Sequence[str]) -> list[Document]:
    """The documents of these tokens that no step has taken yet."""
    query = select(Document).where(Document.token.in_(tokens), Document.event_id.is_(None))
    return list(db.session.scalars(query.order_by(Document.id)))


def document(report: Report, document_id: int) -> tuple[Document, Event]:
    """A document of this report, with the event that it belongs to; raises NotFound."""
    query = select(Document, Event).join(Event, Event.id == Document.event_id)
    found = db.session.execute(
        query.where(Document.id == document_id, Document.report_id == report.id)
    ).first()
    if found is None:
        raise NotFound(document=document_id)
    return found[0], found[1]


def purge_documents(*, now: datetime) -> int:
    """Forget documents that no step took within a day; return how many. The rows go first, as with photos."""
    old = Document.event_id.is_(None), Document.stored_at < now - KEPT_FOR
    with transaction():
        gone = list(db.session.scalars(delete(Document).where(*old).returning(Document.token)))
        files.doom(map(document_key, gone))
    return len(gone)


def examine(report: Report, step: Step, given: Evidence, *, now: datetime) -> dict[str, Any]:
    """What the event of a step says about its evidence: which documents, and why doubtful photos were believed.

    Raises EvidenceRequired where a result lacks what its category demands; EvidenceDoubtful where no photo shows by
    itself that it was taken after the report, or its reopening, and near it, and nothing is stated.
    """
    files = kept_documents(given.documents) if given.documents else []
    details: dict[str, Any] = {}
    if files:
        details["documents"] = [[file.id, file.name, file.size] for file in files]
    doubted = _doubted(report, given, len(files), now) if step in RESULTS else []
    if doubted and not given.stated:
        raise EvidenceDoubtful(doubts=doubted)
    return details | ({"doubts": doubted, "evidence_overruled": given.stated} if doubted else {})


def _doubted(report: Report, given: Evidence, files: int, now: datetime) -> list[Doubt]:
    """What is doubtful of photos on which a result depends."""
    demand = Demand(report.category.evidence)
    if demand is Demand.NONE:
        return []
    query = select(Photo).where(Photo.token.in_(given.photos), Photo.report_id.is_(None))
    photos = db.session.scalars(query).all()
    if not met(demand, len(photos), files):
        raise EvidenceRequired(demand=demand)
    if demand is Demand.DOCUMENT or (files and demand is Demand.PHOTO_OR_DOCUMENT):
        return []
    place = None if report.latitude is None else Point(report.latitude, report.longitude or 0)
    return doubts(map(_trace, photos), report.promised_from, place, now)


def attach(event: Event, given: Evidence, proposal: Event | None = None) -> None:
    """Hang the evidence on the event that brought it, inside somebody else's transaction; an approved result's on
    the event by which everybody hears it. Raises Stale where somebody else took it meanwhile.
    """
    for model, tokens in ((Photo, given.photos), (Document, given.documents)):
        if tokens:
            free = model.token.in_(tokens), model.report_id.is_(None)
            taken = db.session.execute(
                update(model).where(*free).values(report_id=event.report_id, event_id=event.id)
            )
            if taken.rowcount != len(set(tokens)):  # type: ignore[attr-defined]
                raise Stale(event=event.step)
        if proposal:
            db.session.execute(update(model).where(model.event_id == proposal.id).values(event_id=event.id))


def _trace(photo: Photo) -> Trace:
    point = None if photo.latitude is None else Point(photo.latitude, photo.longitude or 0)
    return Trace(photo.taken_at, point, photo.source)
