"""What the law of personal data wants remembered: what was masked, agreed to, asked for, held and erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.accounts import Account
from portal.models.base import Moment, Sealed, db
from portal.models.directory import Category
from portal.models.reports import Event, Report

OF_REPORT, OF_EVENT = "event_id IS NULL", "event_id IS NOT NULL"
IN_FORCE = "withdrawn_at IS NULL"
OPEN = "state = 'open'"
RINGS = "ring_at IS NOT NULL"
HELD = "ended_at IS NULL"
EVERYWHERE = "category_code IS NULL"


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
    sealed_at: Mapped[datetime] = mapped_column(Moment)

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
    """How far the texts of before are screened by the rules of `version`: `what`, such as 'events', up to `last_id`."""

    what: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    last_id: Mapped[int] = mapped_column(default=0)


class ConsentText(db.Model):
    """A sentence that people agreed to. It is never changed: other words are another version of the purpose."""

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    version: Mapped[int]
    text: Mapped[str]
    text_en: Mapped[str]
    since: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("purpose", "version"),)


class Consent(db.Model):
    """What a reporter agreed to, when, to which words and how: on the site, or told to an officer."""

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id))
    purpose: Mapped[str]
    text_id: Mapped[int] = mapped_column(ForeignKey(ConsentText.id))
    how: Mapped[str]
    given_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)

    wording: Mapped[ConsentText] = relationship()

    __table_args__ = (
        CheckConstraint("purpose IN ('follow', 'contact')", name="purpose"),
        CheckConstraint("how IN ('form', 'oral', 'written')", name="how"),
        Index(
            "ix_consent_in_force",
            *("report_id", "purpose"),
            unique=True,
            sqlite_where=text(IN_FORCE),
            postgresql_where=text(IN_FORCE),
        ),
    )


class DataRequest(db.Model):
    """What a reporter asks for and a person has to decide; `words` are what they wrote of it, sealed.

    `extended_because`: why it takes longer, '' where it does not; the law allows that once. `ring_at`: when it is next
    said that its day comes or has passed.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id))
    kind: Mapped[str]
    words: Mapped[str] = mapped_column(Sealed, default="")
    request_key: Mapped[str] = mapped_column(unique=True)
    received_at: Mapped[datetime] = mapped_column(Moment)
    reply_due_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    ring_at: Mapped[datetime | None] = mapped_column(Moment)
    extended_because: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="open")
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    reason: Mapped[str] = mapped_column(default="")

    report: Mapped[Report] = relationship()
    decided_by: Mapped[Account | None] = relationship()

    __table_args__ = (
        CheckConstraint("kind IN ('correct', 'erase')", name="kind"),
        CheckConstraint("state IN ('open', 'granted', 'refused')", name="state"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_has_moment"),
        CheckConstraint("state <> 'refused' OR reason <> ''", name="refused_has_reason"),
        CheckConstraint("state = 'open' OR ring_at IS NULL", name="decided_is_quiet"),
        Index(
            "ix_data_request_open",
            *("report_id", "kind"),
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        Index("ix_data_request_due", "state", "due_at"),
        Index(
            "ix_data_request_ring",
            "ring_at",
            sqlite_where=text(RINGS),
            postgresql_where=text(RINGS),
        ),
    )


class LegalHold(db.Model):
    """Nothing of this report is erased until a day, because of a case in law."""

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id))
    reason: Mapped[str]
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    held_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    report: Mapped[Report] = relationship()
    held_by: Mapped[Account | None] = relationship()

    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason"),
        Index(
            "ix_legal_hold_report",
            "report_id",
            unique=True,
            sqlite_where=text(HELD),
            postgresql_where=text(HELD),
        ),
    )


class Duration(db.Model):
    """For how many days something is kept, or within how many it is done, where it is not as core.privacy.durations
    says: everywhere or for one category. `days` NULL: for ever.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    category_code: Mapped[str | None] = mapped_column(ForeignKey(Category.code))
    days: Mapped[int | None]
    legal_basis: Mapped[str]
    edited_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("days > 0", name="days"),
        UniqueConstraint("key", "category_code"),
        Index(
            "ix_duration_everywhere",
            "key",
            unique=True,
            sqlite_where=text(EVERYWHERE),
            postgresql_where=text(EVERYWHERE),
        ),
    )


class RetentionRun(db.Model):
    """What was erased because its time was over: how many of each kind."""

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)


class DoomedFile(db.Model):
    """A file of the store that nothing names any more; the worker deletes it, then this row."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]


class Certificate(db.Model):
    """That everything personal of a report was erased: what, when, why. Nothing personal stands in it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id), unique=True)
    at: Mapped[datetime] = mapped_column(Moment)
    says: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str]
