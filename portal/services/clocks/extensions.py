"""A later date for the answer: one officer asks and says why, another one grants or refuses.

Only a granted extension moves the promise; the reporter is told the new date and the reason, and such reports are
counted apart from those answered on time.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, false, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from portal.core import text
from portal.core.errors import Conflict, NotAllowed, NoteRequired, NotFound, Stale
from portal.core.permissions import Deed
from portal.core.privacy.screening import screen
from portal.core.workflow import EXTENDABLE
from portal.models import Event, Extension, Report, Seat, db, transaction
from portal.services import reach
from portal.services.clocks import promises
from portal.services.repeats import merging
from portal.services.retries import is_done

LONGEST = timedelta(days=365)


def ask(
    report: Report, day: date, reason: str, *, by: Seat, request_key: str | None = None, now: datetime
) -> None:
    """Ask for an answer until the end of work on `day`; the same form sent twice asks once.

    Raises NotAllowed where nothing can be extended, NoteRequired, Conflict at 'day' for one that is off, not later
    than the promise or beyond a year, Conflict at 'reason' where another request waits for its decision.
    """
    reason = screen(text.clean(reason)).public
    if report.status not in EXTENDABLE or by.unit_id != report.lead_unit_id:
        raise NotAllowed(status=report.status)
    if not reason:
        raise NoteRequired(step="ask_extension")
    try:
        with transaction():
            if is_done(request_key):
                return
            due = _end_of(day, report, now)
            db.session.add(
                Extension(
                    report_id=report.id,
                    asked_by_id=by.account_id,
                    asked_at=now,
                    reason=reason,
                    old_due_at=report.resolve_due_at,
                    new_due_at=due,
                )
            )
            event = _event(report, "ask_extension", by, due, reason, now)
            event.request_key = request_key
            db.session.add(event)
    except IntegrityError as error:
        if not is_done(request_key):
            raise Conflict(field="reason", reason="extension_asked") from error


def waiting(report: Report) -> Extension | None:
    """The request for this report that waits for its decision."""
    return db.session.scalar(_asked().where(Extension.report_id == report.id))


def granted(report: Report) -> Extension | None:
    """The extension by which the present promise was made last; None where nothing was extended since."""
    query = (
        select(Extension)
        .where(Extension.report_id == report.id, Extension.state == "granted")
        .where(Extension.decided_at >= report.promised_from)
        .order_by(Extension.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def to_decide(by: Seat, *, now: datetime) -> Sequence[Extension]:
    """The requests that this officer may decide, the most urgent first."""
    query = _asked().where(_decidable(by, now)).order_by(Extension.old_due_at, Extension.id)
    return db.session.scalars(
        query.options(joinedload(Extension.asked_by), joinedload(Extension.report))
    ).all()


def may_decide(extension: Extension, by: Seat, *, now: datetime) -> bool:
    """The lead of the unit or of the one above it; officers where there is none; never who asked."""
    return db.session.scalar(_asked().where(Extension.id == extension.id, _decidable(by, now))) is not None


def decide(extension_id: int, *, grant: bool, note: str = "", by: Seat, now: datetime) -> Extension:
    """Grant or refuse. Raises NotFound for what this officer may not decide, NoteRequired for a refusal without a
    reason, Stale where it is decided already or the promise is no longer earlier.
    """
    note = text.clean(note)
    extension = db.session.scalar(select(Extension).where(Extension.id == extension_id, _decidable(by, now)))
    if extension is None:
        raise NotFound(extension=extension_id)
    if not grant and not note:
        raise NoteRequired(step="refuse_extension")
    with transaction():
        decided = db.session.execute(
            update(Extension)
            .where(Extension.id == extension_id, Extension.state == "asked")
            .values(state="granted" if grant else "refused", decided_by_id=by.account_id, decided_at=now)
            .execution_options(synchronize_session=False)
        )
        if decided.rowcount != 1:  # type: ignore[attr-defined]
            raise Stale(extension=extension_id)
        if grant:
            _extend(extension, by, now)
        else:
            report = extension.report
            db.session.add(_event(report, "refuse_extension", by, extension.new_due_at, note, now))
    return extension


def withdraw(report: Report) -> None:
    """Nobody decides any more about a report that is closed or another unit's; inside somebody's transaction."""
    db.session.execute(
        update(Extension)
        .where(Extension.report_id == report.id, Extension.state == "asked")
        .values(state="withdrawn")
    )


def _asked() -> Select[Extension]:
    return select(Extension).where(Extension.state == "asked")


def _decidable(by: Seat, now: datetime) -> ColumnElement[bool]:
    """Reports that the officer's unit leads, or a unit under it; never what they asked for themselves."""
    if not reach.may(by, Deed.APPROVE, now=now):
        return false()
    of_report = select(Report.id).where(reach.of(by, Deed.APPROVE))
    others = Extension.asked_by_id != by.account_id
    return others & Extension.report_id.in_(of_report.scalar_subquery())


def _extend(extension: Extension, by: Seat, now: datetime) -> None:
    report, due = extension.report, extension.new_due_at
    if report.status not in EXTENDABLE or report.resolve_due_at >= due:
        raise Stale(code=report.code)
    values = {
        "resolve_due_at": due,
        "put_off_minutes": report.put_off_minutes
        + promises.worked_minutes(report.hours, report.resolve_due_at, due),
        "times_extended": report.times_extended + 1,
    }
    moved = db.session.execute(
        update(Report)
        .where(
            Report.id == report.id,
            Report.status == report.status,
            Report.assignee_id.is_not_distinct_from(report.assignee_id),
            Report.resolve_due_at == report.resolve_due_at,
        )
        .values(**promises.settled(report, values, now=now))
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale(code=report.code)
    event = _event(report, "extension", by, due, extension.reason, now)
    event.public = True
    db.session.add(event)
    db.session.flush()
    merging.tell(report, event, now=now)


def _event(report: Report, step: str, by: Seat, due: datetime, note: str, now: datetime) -> Event:
    details = {"old": report.resolve_due_at.isoformat(), "due": due.isoformat()}
    return Event.beside(report, step, by=by, note=note, details=details, at=now)


def _end_of(day: date, report: Report, now: datetime) -> datetime:
    """When work ends on that day, in the hours of the report; a minute before midnight where it never ends."""
    end = promises.end_of_work(day, report.hours)
    if end <= max(now, report.resolve_due_at):
        raise Conflict(field="day", reason="not_later", due=report.resolve_due_at)
    if end > now + LONGEST:
        raise Conflict(field="day", reason="too_late")
    return end
