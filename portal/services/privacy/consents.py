"""What reporters agreed to: one purpose at a time, with the words that stood there, taken back at any time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from portal.core.errors import NotAllowed
from portal.core.privacy.purposes import Purpose
from portal.models import Consent, ConsentText, Contact, Message, Report, Text, db, transaction
from portal.services import audit
from portal.services.guidance import texts
from portal.services.privacy import holds, identity


def given(report_id: int, purpose: Purpose, *, how: str, now: datetime) -> None:
    """Remember a consent of this moment, inside somebody else's transaction."""
    wording = _wording(purpose, now)
    db.session.add(Consent(report_id=report_id, purpose=purpose, wording=wording, how=how, given_at=now))


def give(report: Report, purpose: Purpose, *, now: datetime) -> None:
    """The reporter agrees to one more purpose on their page. Raises NotAllowed where nobody can be reached."""
    with transaction():
        holds.lock(report.id)
        if db.session.get(Contact, report.id) is None:
            raise NotAllowed(purpose=purpose)
        if purpose not in in_force(report.id):
            given(report.id, purpose, how="form", now=now)
            audit.note("change", subject=("report", report.id), details={"agreed": purpose}, now=now)


def withdraw(report: Report, purpose: Purpose, *, now: datetime) -> None:
    """Take a consent back at once. Nothing is sent any more without the first purpose; the contact goes with the last,
    unless a case in law needs it.

    What was withdrawn before stays as it is.
    """
    with transaction():
        needed = holds.is_held(report.id, now)
        taken = db.session.execute(
            update(Consent)
            .where(Consent.report_id == report.id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
            .values(withdrawn_at=now)
        )
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            return
        audit.note("change", subject=("report", report.id), details={"withdrawn": purpose}, now=now)
        if purpose is Purpose.FOLLOW:
            db.session.execute(
                update(Message)
                .where(Message.report_id == report.id, Message.state == "waiting")
                .values(state="failed")
            )
        if not in_force(report.id) and not needed:
            identity.erase(report.id)


def in_force(report_id: int) -> dict[Purpose, Consent]:
    """What the reporter agrees to now."""
    return {Purpose(one.purpose): one for one in history(report_id) if one.withdrawn_at is None}


def history(report_id: int) -> Sequence[Consent]:
    """Every consent that was given for a report, with its words, the oldest first."""
    query = select(Consent).where(Consent.report_id == report_id).order_by(Consent.id)
    return db.session.scalars(query.options(joinedload(Consent.wording))).all()


def _wording(purpose: Purpose, now: datetime) -> ConsentText:
    """The version of the province's present words; words that are new become the next one."""
    key = f"consent_{purpose}"
    said = texts.called(key)
    if said is None:
        raise LookupError(f"the loaded pack has no text {key}: load it anew")
    words = {"purpose": purpose, "text": said.text, "text_en": said.text_en}
    known = select(ConsentText).filter_by(**words)
    if (found := db.session.scalar(known)) is not None:
        return found
    db.session.execute(
        select(Text.key).filter_by(key=key).with_for_update()
    )  # one makes the version, others find it
    if (found := db.session.scalar(known)) is not None:
        return found
    last = db.session.scalar(select(func.max(ConsentText.version)).filter_by(purpose=purpose)) or 0
    return ConsentText(version=last + 1, since=now, **words)
