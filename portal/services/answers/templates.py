"""Answer templates: which a ticket offers, and kept by administrators."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import or_, select

from portal.core.answers import variables
from portal.core.errors import Conflict
from portal.core.permissions import Deed
from portal.core.workflow import Step
from portal.models import AnswerTemplate, Report, Seat, db, transaction
from portal.services import records


@dataclass(frozen=True)
class TemplateWords:
    """What an administrator may say: for which step, and of which category and unit; None is any."""

    name: str
    step: str
    category_code: str | None
    unit_code: str | None
    text: str


def offered(report: Report, steps: Sequence[Step]) -> list[AnswerTemplate]:
    """The templates for these steps of a report, the most particular first."""
    if not steps:
        return []
    own = AnswerTemplate.category_code, AnswerTemplate.unit_code
    category, unit = report.category_code, report.lead_unit.code
    query = select(AnswerTemplate).where(
        AnswerTemplate.step.in_(steps),
        or_(own[0].is_(None), own[0] == category),
        or_(own[1].is_(None), own[1] == unit),
    )
    return list(
        db.session.scalars(query.order_by(*(column.is_(None) for column in own), AnswerTemplate.name))
    )


def templates() -> list[AnswerTemplate]:
    """Every template, by step and name."""
    return list(db.session.scalars(select(AnswerTemplate).order_by(AnswerTemplate.step, AnswerTemplate.name)))


def template(template_id: int) -> AnswerTemplate:
    """That template; raises NotFound."""
    return records.found(AnswerTemplate, template_id)


def add(words: TemplateWords, *, by: Seat, now: datetime) -> AnswerTemplate:
    """Add a template and return it; the same one sent twice is added once. Raises Conflict at 'name' or 'text'."""
    with transaction():
        records.queue(by, Deed.KEEP_WORDS, now=now)
        known = db.session.scalars(select(AnswerTemplate).filter_by(**asdict(words))).first()
        if known is not None:
            return known
        _check(words, None)
        fresh = AnswerTemplate(**asdict(words))
        records.add(fresh, by=by, now=now)
    return fresh


def change(template_id: int, words: TemplateWords, *, seen: str, by: Seat, now: datetime) -> AnswerTemplate:
    """Change a template. Raises NotFound, Stale; Conflict at 'name' or 'text'."""
    with transaction():
        records.queue(by, Deed.KEEP_WORDS, now=now)
        kept = template(template_id)
        _check(words, kept)
        records.sign(kept, records.amend(kept, asdict(words), seen=seen), by=by, now=now)
    return kept


def remove(template_id: int, *, seen: str, by: Seat, now: datetime) -> None:
    """Take a template away; what was sent with it stays. Raises Stale; nothing where it is gone."""
    with transaction():
        records.queue(by, Deed.KEEP_WORDS, now=now)
        if (kept := db.session.get(AnswerTemplate, template_id)) is not None:
            records.remove(kept, seen=seen, by=by, now=now)


def _check(words: TemplateWords, kept: AnswerTemplate | None) -> None:
    if unknown := variables.unknown(words.text):
        raise Conflict(field="text", reason="unknown_variables", names=unknown)
    same = select(AnswerTemplate.id).filter_by(step=words.step, name=words.name)
    if db.session.scalar(same) not in (None, kept and kept.id):
        raise Conflict(field="name", reason="template_taken")
