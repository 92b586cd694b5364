"""What reporters ask about their data and a person has to decide, by the clocks of the law."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager, joinedload

from portal.adapters.vault import Vault
from portal.core import text
from portal.core.errors import Conflict, Held, NotAllowed, NoteRequired, NotFound, Stale
from portal.core.privacy.durations import TERMS, Clock
from portal.core.privacy.ringing import next_ring
from portal.core.workflow import Actor, Status, Step
from portal.models import Certificate, DataRequest, Event, Report, SealedText, Seat, db, transaction
from portal.services import audit, clocks, former, handling, reach
from portal.services.guidance import suggestions
from portal.services.handling import Command
from portal.services.privacy import durations, erasure, holds, masking, ringing

CORRECT, ERASE = "correct", "erase"
CLOCKS = {CORRECT: Clock.CORRECT, ERASE: Clock.ERASE}
LATER = {CORRECT: Clock.CORRECT_LATER, ERASE: Clock.ERASE_LATER}
OFFICE_HOURS = "mon-fri 07:30-11:30 13:30-17:30"
MINUTES_A_DAY = 8 * 60


def ask(
    report: Report, kind: str, *, words: str = "", request_key: str, vault: Vault, now: datetime
) -> DataRequest:
    """Remember a request with its days; the same form sent twice is one. `words`: how the text should read.

    Raises NoteRequired for a correction without words, Conflict where one of this kind waits already, NotAllowed where
    everything is erased, NotFound for a kind that there is none of.
    """
    words, report_id = text.clean(words), report.id
    if kind not in CLOCKS:
        raise NotFound(kind=kind)
    if kind == CORRECT and not words:
        raise NoteRequired(step=kind)
    asked = DataRequest(
        report_id=report_id,
        kind=kind,
        words=vault.seal(words) if kind == CORRECT else "",
        request_key=request_key,
        received_at=now,
        reply_due_at=clocks.later(now, _days(Clock.REPLY) * MINUTES_A_DAY, OFFICE_HOURS),
        due_at=now + timedelta(days=_days(CLOCKS[kind])),
        extended_because="",
    )
    asked.ring_at = next_ring(ringing.moments(asked), now)
    try:
        with transaction():
            holds.lock(report_id)
            if masking.is_erased(report):
                raise NotAllowed(kind=kind)
            db.session.add(asked)
            db.session.flush()
            audit.note("create", subject=("data_request", asked.id), details={"kind": kind}, now=now)
    except IntegrityError as error:
        earlier = db.session.scalar(select(DataRequest).filter_by(request_key=request_key))
        if earlier is None:
            raise Conflict(field="kind", reason="asked_already") from error
        return earlier
    return asked


def of_report(report_id: int) -> Sequence[DataRequest]:
    """What was asked about a report, the newest first."""
    query = select(DataRequest).where(DataRequest.report_id == report_id)
    return db.session.scalars(query.order_by(DataRequest.id.desc())).all()


def listed(seat: Seat, *, done: bool = False) -> Sequence[DataRequest]:
    """Those that wait, the first due first; or the last hundred that were decided. None of a report about the people of
    an office in which this person is appointed.
    """
    query = select(DataRequest).join(DataRequest.report).where(reach.unconcerned(seat))
    query = query.options(contains_eager(DataRequest.report), joinedload(DataRequest.decided_by))
    if done:
        query = query.where(DataRequest.state != "open").order_by(DataRequest.decided_at.desc()).limit(100)
    else:
        query = query.where(DataRequest.state == "open").order_by(DataRequest.due_at, DataRequest.id)
    return db.session.scalars(query).all()


def found(request_id: int, seat: Seat) -> DataRequest:
    """Raises NotFound, also for one that is not listed for this person."""
    query = select(DataRequest).join(DataRequest.report)
    asked = db.session.scalar(query.where(DataRequest.id == request_id, reach.unconcerned(seat)))
    if asked is None:
        raise NotFound(request=request_id)
    return asked


def opened(asked: DataRequest, *, by: Seat, vault: Vault, now: datetime) -> str:
    """How the reporter wants the text to read: personal words, so whoever reads them is written down."""
    with transaction():
        audit.note("read", by=by, subject=("data_request", asked.id), now=now)
    return vault.unseal(asked.words)


def put_off(request_id: int, *, because: str, by: Seat, now: datetime) -> DataRequest:
    """Take the longer time that the law allows once. Raises NotFound, NoteRequired, Stale where it was taken already or
    the request is decided.
    """
    report_id, because = found(request_id, by).report_id, text.clean(because)
    if not because:
        raise NoteRequired(step="put_off")
    with transaction():
        holds.lock(report_id)
        asked = db.session.get_one(DataRequest, request_id)
        if asked.state != "open" or asked.extended_because:
            raise Stale(request=request_id)
        asked.extended_because = because
        asked.due_at += timedelta(days=_days(LATER[asked.kind]))
        asked.ring_at = next_ring(ringing.moments(asked), now)
        audit.note("change", by=by, subject=("data_request", request_id), details={"put_off": True}, now=now)
        ringing.tell(asked, "put_off", by=by, now=now)
    return asked


def decide(
    request_id: int, *, grant: bool, reason: str = "", by: Seat, vault: Vault, now: datetime
) -> DataRequest:
    """Do what was asked, or say why not, in one transaction. An open report is withdrawn before it is erased.

    Raises NotFound, Stale where it is decided already, NoteRequired for a refusal without a reason; Held, and
    of an erasure NotAllowed where other reports were merged into an open one.
    """
    report_id, reason = found(request_id, by).report_id, text.clean(reason)
    if not grant and not reason:
        raise NoteRequired(step="refuse")
    with transaction():
        holds.lock(report_id)
        asked = db.session.get_one(DataRequest, request_id)
        if asked.state != "open":
            raise Stale(request=request_id)
        asked.state, asked.reason = "granted" if grant else "refused", reason
        asked.decided_at, asked.decided_by_id, asked.ring_at = now, by.account_id, None
        subject, details = ("data_request", asked.id), {"state": asked.state}
        audit.note("change", by=by, subject=subject, details=details, now=now)
        if grant and asked.kind == ERASE:
            if asked.report.closed_at is None:
                withdraw = Command(Step.WITHDRAW, Actor.OFFICER, Status(asked.report.status), by=by)
                handling.take_step(asked.report, withdraw, now=now)
            erasure.erase(asked.report, because=erasure.REQUEST, by=by, now=now)
            return asked
        if grant:
            _correct(asked, by, vault, now)
        ringing.tell(asked, asked.state, by=by, now=now)
    return asked


def certificate(asked: DataRequest) -> Certificate | None:
    """The certificate of an erasure that was granted."""
    return erasure.certificate_of(asked.report_id) if asked.state == "granted" else None


def _correct(asked: DataRequest, by: Seat, vault: Vault, now: datetime) -> None:
    """The description reads as its reporter wants it, masked for everybody; the one before is forgotten.

    Raises Held where a case in law needs that one.
    """
    report = asked.report
    if holds.is_held(report.id, now):
        raise Held(code=report.code)
    said = masking.masked(vault.unseal(asked.words), vault)
    sealed = select(SealedText).filter_by(report_id=report.id, field="description")
    if (before := db.session.scalar(sealed)) is not None:
        db.session.delete(before)
        db.session.flush()
    suggestions.forget(report.id)
    report.description = said.public
    words = f"{report.description} {report.place}"
    report.words_folded = former.searchable(words, report.area, report.latitude, report.longitude)
    masking.keep(said, report_id=report.id, field="description", now=now)
    db.session.add(Event.beside(report, "rectify", at=now, details={}, by=by, public=True))


def _days(clock: Clock) -> int:
    return durations.days(clock)[None] or TERMS[clock].days or 1
