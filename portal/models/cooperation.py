"""What units ask of each other about a report, and when a broken clock is told upwards."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import cooperation
from portal.core.cooperation import State
from portal.models.accounts import Account
from portal.models.base import Moment, db
from portal.models.directory import Category, Unit
from portal.models.reports import Report


def state_in(*states: State) -> str:
    return "state IN ({})".format(", ".join(f"'{state}'" for state in states))


OPEN_TASK = state_in(*cooperation.OPEN)
TO_TELL = "told_at IS NULL"


class Task(db.Model):
    """What the lead asks of `unit`; without a unit what `by_unit`, a superior one, asks of whoever leads.

    `due_at` is counted in the `hours` of who has to do it. `answer`: the result, or why it was declined.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    by_unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    asked: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    hours: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.ASKED)
    answer: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    report: Mapped[Report] = relationship()
    unit: Mapped[Unit | None] = relationship(foreign_keys=unit_id)
    by_unit: Mapped[Unit] = relationship(foreign_keys=by_unit_id)
    asked_by: Mapped[Account] = relationship()

    __table_args__ = (
        CheckConstraint(state_in(*State), name="state"),
        CheckConstraint(
            f"({state_in(*cooperation.ENDED)}) = (ended_at IS NOT NULL)", name="ended_has_moment"
        ),
        CheckConstraint("state NOT IN ('declined', 'done') OR answer <> ''", name="answered"),
        CheckConstraint("asked <> ''", name="says_what"),
        Index(
            "ix_task_open",
            "unit_id",
            "due_at",
            sqlite_where=text(OPEN_TASK),
            postgresql_where=text(OPEN_TASK),
        ),
    )


class EscalationRule(db.Model):
    """Who is told when a clock of such a report is broken since `after_minutes` of its working time.

    None: any category, any kind of lead unit. `target` is a unit's code, '' the unit above the one that leads.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    category_code: Mapped[str | None] = mapped_column(ForeignKey(Category.code))
    unit_kind: Mapped[str | None]
    clock: Mapped[str]
    after_minutes: Mapped[int]
    target: Mapped[str] = mapped_column(default="")
    edited_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("clock IN ('receive', 'assign', 'resolve')", name="clock"),
        CheckConstraint("after_minutes >= 0", name="after"),
    )


class Escalation(db.Model):
    """A broken clock that is to be told to `target` at `tell_at`, if it is broken still. Told once."""

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id))
    clock: Mapped[str]
    due_at: Mapped[datetime] = mapped_column(Moment)
    target: Mapped[str]
    tell_at: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        UniqueConstraint("report_id", "clock", "due_at", "target"),
        CheckConstraint("clock IN ('receive', 'assign', 'resolve')", name="clock"),
        Index("ix_escalation_tell", "tell_at", sqlite_where=text(TO_TELL), postgresql_where=text(TO_TELL)),
    )
