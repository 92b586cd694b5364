"""What hangs on the clocks: extensions that were asked for, alarms, and what a changed calendar moved."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.accounts import Account
from portal.models.base import Moment, db
from portal.models.reports import Report

ASKED = "state = 'asked'"
TO_RING = "rung_at IS NULL"
TO_COUNT = "done_at IS NULL"


class Extension(db.Model):
    """A later date for the answer: asked by an officer, granted or refused by another one."""

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str]
    old_due_at: Mapped[datetime] = mapped_column(Moment)
    new_due_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(default="asked")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)

    report: Mapped[Report] = relationship()
    asked_by: Mapped[Account] = relationship(foreign_keys=asked_by_id)
    decided_by: Mapped[Account | None] = relationship(foreign_keys=decided_by_id)

    __table_args__ = (
        CheckConstraint("state IN ('asked', 'granted', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(state IN ('granted', 'refused')) = (decided_by_id IS NOT NULL)", name="decided_by"),
        CheckConstraint("decided_by_id <> asked_by_id", name="two_people"),
        CheckConstraint("new_due_at > old_due_at", name="later"),
        CheckConstraint("reason <> ''", name="has_reason"),
        Index(
            "uq_extension_asked",
            "report_id",
            unique=True,
            sqlite_where=text(ASKED),
            postgresql_where=text(ASKED),
        ),
    )


class Alarm(db.Model):
    """What is to be said about one clock at `ring_at`: that it runs out soon, or that it has. Said once."""

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id))
    clock: Mapped[str]
    kind: Mapped[str]
    due_at: Mapped[datetime] = mapped_column(Moment)
    ring_at: Mapped[datetime] = mapped_column(Moment)
    rung_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        UniqueConstraint("report_id", "clock", "kind", "due_at"),
        CheckConstraint("clock IN ('receive', 'assign', 'resolve')", name="clock"),
        CheckConstraint("kind IN ('reminder', 'breach')", name="kind"),
        Index("ix_alarm_ring", "ring_at", sqlite_where=text(TO_RING), postgresql_where=text(TO_RING)),
    )


class Recount(db.Model):
    """Open clocks are to be counted anew because the calendar, office hours or a service level changed.

    `cause` says what changed; reports up to `last_report_id` are done, `moved` of them had a due date moved.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    cause: Mapped[dict[str, Any]] = mapped_column(JSON)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    last_report_id: Mapped[int] = mapped_column(default=0)
    moved: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(Moment)

    asked_by: Mapped[Account | None] = relationship()

    __table_args__ = (
        Index("ix_recount_open", "id", sqlite_where=text(TO_COUNT), postgresql_where=text(TO_COUNT)),
    )


class ClockMove(db.Model):
    """One due date that a recount moved."""

    recount_id: Mapped[int] = mapped_column(ForeignKey(Recount.id), primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id), primary_key=True)
    clock: Mapped[str] = mapped_column(primary_key=True)
    old_due_at: Mapped[datetime] = mapped_column(Moment)
    new_due_at: Mapped[datetime] = mapped_column(Moment)

    report: Mapped[Report] = relationship()

    __table_args__ = (CheckConstraint("clock IN ('receive', 'assign', 'resolve')", name="clock"),)
