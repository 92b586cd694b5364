"""Words: those by which a category is suggested, those that corrections taught, the province's texts, templates."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Moment, db
from portal.models.directory import Category


class Cue(db.Model):
    """A folded phrase that speaks for a subject: a category's code, or a way out such as 'complaint'."""

    subject: Mapped[str] = mapped_column(primary_key=True)
    phrase: Mapped[str] = mapped_column(primary_key=True)
    weight: Mapped[int]


class LearnedWord(db.Model):
    """How often a folded phrase stood in reports that officers put into this category."""

    category_code: Mapped[str] = mapped_column(ForeignKey(Category.code), primary_key=True)
    phrase: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int]

    __table_args__ = (CheckConstraint("times > 0", name="times"),)


class Text(db.Model):
    """A text of the province: where a complaint in law goes, whom to call."""

    key: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    text_en: Mapped[str]
    edited_at: Mapped[datetime | None] = mapped_column(Moment)


class AnswerTemplate(db.Model):
    """A text to begin an answer with: for a step, and for one category or all, one unit or all.

    `text` holds variables in braces as core.answers.variables names them.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    step: Mapped[str]
    category_code: Mapped[str | None] = mapped_column(ForeignKey(Category.code))
    unit_code: Mapped[str | None]
    text: Mapped[str]
    edited_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("step", "name"),)
