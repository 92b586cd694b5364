"""Texts of before: those that were saved before there were these rules are masked too, batch by batch."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from portal.adapters.vault import Vault
from portal.core.privacy.screening import VERSION, screen
from portal.models import Event, Extension, Report, Screening, db, transaction
from portal.services import audit, former
from portal.services.privacy import masking

BATCH = 200
Rows = Iterator[tuple[int, bool]]


class Pass(NamedTuple):
    """What one batch did: how many rows it looked at, and in how many it masked something."""

    seen: int
    masked: int


def left() -> int:
    """How many reports and events are still to be screened by the rules of today."""
    counts = (
        select(func.count(model.id)).where(model.id > _last(what)) for what, (model, _) in TEXTS.items()
    )
    return sum(db.session.scalar(query) or 0 for query in counts)


def screen_some(*, vault: Vault, now: datetime) -> Pass | None:
    """Screen the next batch, in one transaction with how far it has come; None where all is done."""
    for what, (_model, screened) in TEXTS.items():
        with transaction():
            done = list(screened(_last(what), vault, now))
            if done:
                db.session.merge(Screening(what=what, version=VERSION, last_id=done[-1][0]))
                return Pass(len(done), sum(masked for _number, masked in done))
    return None


def screen_all(
    *, vault: Vault, now: Callable[[], datetime], progress: Callable[[int], object] = lambda _: None
) -> Pass:
    """Screen everything that is left; `progress` is told of the rows of each batch."""
    total = Pass(0, 0)
    while some := screen_some(vault=vault, now=now()):
        total = Pass(total.seen + some.seen, total.masked + some.masked)
        progress(some.seen)
    return total


def _last(what: str) -> int:
    """The last row that was screened by the rules of today; 0 where they are new."""
    progress = db.session.get(Screening, what)
    return progress.last_id if progress and progress.version == VERSION else 0


def _reports(last: int, vault: Vault, now: datetime) -> Rows:
    query = select(Report).where(Report.id > last).order_by(Report.id).limit(BATCH).with_for_update()
    for report in db.session.scalars(query):
        said = {name: masking.masked(getattr(report, name), vault) for name in ("description", "place")}
        touched = any(words.sealed for words in said.values())
        for name, words in said.items():
            if words.sealed:
                setattr(report, name, words.public)
                masking.keep(words, report_id=report.id, field=name, now=now)
        if touched:
            told = f"{report.description} {report.place}"
            report.words_folded = former.searchable(told, report.area, report.latitude, report.longitude)
        yield report.id, touched


def _events(last: int, vault: Vault, now: datetime) -> Rows:
    """What everybody may read of the history; what an officer left on purpose stays."""
    query = select(Event).where(Event.id > last).order_by(Event.id).limit(BATCH).with_for_update()
    for event in db.session.scalars(query):
        shown = event.public or event.step == "propose"
        words = masking.masked(event.note, vault) if shown and masking.LEFT not in event.details else None
        if words and words.sealed:
            audit.forget_report(event.report_id, reason="screened", now=now)
            event.note = words.public
            masking.keep(words, report_id=event.report_id, event_id=event.id, now=now)
        yield event.id, bool(words and words.sealed)


def _extensions(last: int, _vault: Vault, _now: datetime) -> Rows:
    """Why a promise was moved: words of officers, of which nothing is kept beside."""
    query = select(Extension).where(Extension.id > last).order_by(Extension.id).limit(BATCH).with_for_update()
    for extension in db.session.scalars(query):
        public = screen(extension.reason).public
        touched = public != extension.reason
        extension.reason = public
        yield extension.id, touched


TEXTS: dict[str, tuple[Any, Callable[[int, Vault, datetime], Rows]]] = {
    "reports": (Report, _reports),
    "events": (Event, _events),
    "extensions": (Extension, _extensions),
}
