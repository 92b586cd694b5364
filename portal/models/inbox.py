"""What officers keep about reports: filters under a name, which have one cause, and whom a note names."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.accounts import Account
from portal.models.base import Moment, db
from portal.models.reports import Event, Report


class SavedFilter(db.Model):
    """A query of the inbox that an officer named; `shared` with all officers of the unit where its owner is now."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    name: Mapped[str]
    query: Mapped[str]
    shared: Mapped[bool] = mapped_column(default=False)

    account: Mapped[Account] = relationship()

    __table_args__ = (
        UniqueConstraint("account_id", "name"),
        CheckConstraint("name <> ''", name="named"),
    )


class SharedCause(db.Model):
    """The report has the same cause as another one, which has no row here itself."""

    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id), primary_key=True)
    cause_id: Mapped[int] = mapped_column(ForeignKey(Report.id), index=True)

    __table_args__ = (CheckConstraint("report_id <> cause_id", name="another"),)


class Mention(db.Model):
    """An internal note names this officer. `seen_at`: when they said that they have seen it; who goes on with the
    report has seen it too.
    """

    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), primary_key=True)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)

    event: Mapped[Event] = relationship()

    __table_args__ = (Index("ix_mention_account", "account_id", "seen_at", "event_id"),)
