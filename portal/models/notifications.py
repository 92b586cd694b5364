"""The outbox: a message is a row, written together with the change it tells about."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Moment, db
from portal.models.reports import Event, Report

TO_SEND = "state = 'waiting'"


class Message(db.Model):
    """One message to the reporter about one event. The address is read from the contact at delivery."""

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id))
    channel: Mapped[str]
    kind: Mapped[str]
    language: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)

    report: Mapped[Report] = relationship()
    event: Mapped[Event] = relationship()

    __table_args__ = (
        UniqueConstraint("event_id", "channel"),
        CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="state"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_moment"),
        Index("ix_message_due", "due_at", sqlite_where=text(TO_SEND), postgresql_where=text(TO_SEND)),
    )
