"""Texts for everybody: masked before they are saved, with what was written kept sealed beside them.

What a report, an event or a message shows is the masked text, for it is the only one that their tables hold.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.adapters.vault import Vault
from portal.core import text
from portal.core.errors import PersonalData
from portal.core.privacy import screening
from portal.core.privacy.screening import Kind
from portal.core.workflow import Rule, Step
from portal.models import Event, Report, SealedText, db

ERASED = "[Đã xóa theo quy định về bảo vệ dữ liệu cá nhân]"
MASK = "mask"
LEFT = "left_personal"  # of an event: what its officer left in words for everybody


@dataclass(frozen=True)
class Masked:
    """A text as everybody may read it; `sealed` is what was written, '' where nothing was taken out of it."""

    public: str
    sealed: str = ""
    kinds: tuple[Kind, ...] = ()


def masked(written: str, vault: Vault) -> Masked:
    """A text that people typed, cleaned and made ready for everybody."""
    cleaned = text.clean(written)
    screened = screening.screen(cleaned)
    if not screened.kinds:
        return Masked(cleaned)
    return Masked(screened.public, vault.seal(cleaned), screened.kinds)


def keep(
    said: Masked | None, *, report_id: int, field: str = "note", event_id: int | None = None, now: datetime
) -> None:
    """Keep what was written beside what is shown, inside somebody else's transaction; nothing where it is the same.

    What was kept before stays: a text that later rules mask again is no longer what was written.
    """
    if not said or not said.sealed:
        return
    where = {"report_id": report_id, "event_id": event_id, "field": field}
    kept = db.session.scalar(select(SealedText).filter_by(**where))
    if kept is not None:
        kept.kinds = list(dict.fromkeys([*kept.kinds, *said.kinds]))
    else:
        db.session.add(
            SealedText(
                **where,
                words=said.sealed,
                kinds=list(said.kinds),
                sealed_at=now,
            )
        )


def of_step(rule: Rule, step: Step, note: str, decision: str) -> tuple[str, dict[str, Any]]:
    """The words of a step as they are saved, and what its event says of them: the kinds that were left on purpose.

    In words for everybody personal data is asked about, for a number may be an agency's own: `decision` is 'mask',
    'keep' or nothing yet. Raises PersonalData with the `kinds` found and the `public` words that masking would give.
    """
    if not (rule.public or step is Step.PROPOSE):
        return note, {}
    screened = screening.screen(note)
    if not screened.kinds:
        return note, {}
    match decision:
        case "mask":
            return screened.public, {}
        case "keep":
            return note, {LEFT: list(screened.kinds)}
    raise PersonalData(kinds=screened.kinds, public=screened.public)


def left(event: Event) -> dict[str, Any]:
    """What its officer left on purpose, for the details of an event that says the same."""
    return {name: kinds for name, kinds in event.details.items() if name == LEFT}


def is_erased(report: Report) -> bool:
    """Has everything personal of it gone? Then nothing is added either."""
    return report.description == ERASED


def looks_masked(report: Report) -> bool:
    """Does any of its texts hold a sign of masking? Without one there is nothing to ask the table of originals for."""
    said = [report.description, report.place, *(event.note for event in report.events)]
    return any(sign in words for words in said for sign in screening.PLACEHOLDERS.values())


def kinds_of(report_id: int) -> list[str]:
    """What was masked in a report and its reporter's replies, in the order in which it was written."""
    query = select(SealedText.kinds).where(SealedText.report_id == report_id).order_by(SealedText.id)
    return list(dict.fromkeys(kind for kinds in db.session.scalars(query) for kind in kinds))
