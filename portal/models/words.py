"""Words: those by which a category is suggested, those that corrections taught, the province's texts, templates."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Moment, db
from portal.models.directory import Category
from portal.models.reports import Report


class Cue(db.Model):
    """A folded phrase that speaks for a subject: a category's code, or a way out such as 'complaint'."""

    subject: Mapped[str] = mapped_column(primary_key=True)
    phrase: Mapped[str] = mapped_column(primary_key=True)
    weight: Mapped[int]


class Lesson(db.Model):
    """What the last correction of a report taught: the folded phrases that it counted for which category."""

    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id), primary_key=True)
    category_code: Mapped[str] = mapped_column(ForeignKey(Category.code))
    phrases: Mapped[list[str]] = mapped_column(JSON)


class LearnedWord(db.Model):
    """How often a folded phrase stands in the lessons of this category; under '' how often they have changed."""

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
