"""Words: those by which a category is suggested, those that corrections taught, and the province's own texts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
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
