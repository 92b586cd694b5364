"""The outbox: a message is a row, written together with the change it tells about."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.accounts import Account
from portal.models.base import Moment, db
from portal.models.personal_data import DataRequest
from portal.models.reports import Event, Report
from portal.models.residents import ContactCode

TO_SEND = "state = 'waiting'"


class Message(db.Model):
    """One message to the reporter about one event; to a member of staff about their account, a note that names them or
    a request that they are to decide; or with a resident's code.

    The address is read at delivery. One to neither is for a name that nobody has, and is thrown away: whoever asks for
    a new password cannot tell by the time it takes whether there is such an account.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey(Report.id), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey(Event.id))
    account_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    note_id: Mapped[int | None] = mapped_column(ForeignKey(Event.id))
    contact_code_id: Mapped[int | None] = mapped_column(ForeignKey(ContactCode.id), index=True)
    data_request_id: Mapped[int | None] = mapped_column(ForeignKey(DataRequest.id))
    channel: Mapped[str]
    kind: Mapped[str]
    language: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)

    report: Mapped[Report | None] = relationship()
    event: Mapped[Event | None] = relationship(foreign_keys=[event_id])
    account: Mapped[Account | None] = relationship()
    note: Mapped[Event | None] = relationship(foreign_keys=[note_id])
    contact_code: Mapped[ContactCode | None] = relationship()
    data_request: Mapped[DataRequest | None] = relationship()

    __table_args__ = (
        UniqueConstraint("event_id", "channel"),
        CheckConstraint("(report_id IS NULL) = (event_id IS NULL)", name="event_of_report"),
        CheckConstraint("account_id IS NULL OR report_id IS NULL", name="one_recipient"),
        CheckConstraint("note_id IS NULL OR account_id IS NOT NULL", name="note_to_staff"),
        CheckConstraint("contact_code_id IS NULL OR report_id IS NULL", name="code_alone"),
        CheckConstraint("data_request_id IS NULL OR account_id IS NOT NULL", name="request_to_staff"),
        CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="state"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_moment"),
        Index("ix_message_note", "note_id", "account_id", unique=True),
        Index("ix_message_due", "due_at", sqlite_where=text(TO_SEND), postgresql_where=text(TO_SEND)),
    )

    @classmethod
    def letter(
        cls,
        account_id: int | None,
        kind: str,
        *,
        at: datetime,
        language: str = "vi",
        note: Event | None = None,
        data_request: DataRequest | None = None,
    ) -> "Message":
        """A mail to a member of staff, or to nobody; in Vietnamese where nobody knows what they read in."""
        return cls(
            account_id=account_id,
            note_id=note.id if note else None,
            data_request_id=data_request.id if data_request else None,
            channel="mail",
            kind=kind,
            language=language,
            due_at=at,
        )
