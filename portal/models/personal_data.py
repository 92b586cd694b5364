"""What the law of personal data wants remembered: what was masked, what was agreed to, what was asked for."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Moment, Sealed, db
from portal.models.reports import Event, Report

OF_REPORT, OF_EVENT = "event_id IS NULL", "event_id IS NOT NULL"


class SealedText(db.Model):
    """What was written where everybody reads a masked text: a report's description or place, a reporter's reply.

    `kinds` says what was masked, in the words of core.privacy.screening, without opening anything.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id))
    event_id: Mapped[int | None] = mapped_column(ForeignKey(Event.id))
    field: Mapped[str]
    words: Mapped[str] = mapped_column(Sealed)
    kinds: Mapped[list[str]] = mapped_column(JSON)
    sealed_at: Mapped[datetime] = mapped_column(Moment, index=True)

    __table_args__ = (
        CheckConstraint("field IN ('description', 'place', 'note')", name="field"),
        CheckConstraint("(field = 'note') = (event_id IS NOT NULL)", name="note_of_event"),
        Index(
            "ix_sealed_text_report",
            *("report_id", "field"),
            unique=True,
            sqlite_where=text(OF_REPORT),
            postgresql_where=text(OF_REPORT),
        ),
        Index(
            "ix_sealed_text_event",
            *("report_id", "event_id"),
            unique=True,
            sqlite_where=text(OF_EVENT),
            postgresql_where=text(OF_EVENT),
        ),
    )


class Screening(db.Model):
    """How far the texts of before ('reports' or 'events', up to `last_id`) are screened by the rules of `version`."""

    what: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    last_id: Mapped[int] = mapped_column(default=0)
