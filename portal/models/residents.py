"""How residents prove that a number or address is theirs, and the phones on which they did."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Moment, Sealed, db


class ContactCode(db.Model):
    """A one-time code to a number or address: asked for, drawn when its message is written, tried, used.

    `contact_index` is the blind index of the address by which `channel` reaches it, `digest` that of the code: '' until
    it is drawn, and for ever where nobody has reported with that address. Deleted a day after it was asked for.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    contact_index: Mapped[str]
    recipient: Mapped[str] = mapped_column(Sealed)
    digest: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(Moment, index=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("channel IN ('sms', 'mail')", name="channel"),
        CheckConstraint("tries BETWEEN 0 AND 5", name="tries"),
    )


class Device(db.Model):
    """A browser in which somebody has proved that a number or address is theirs. Its token is kept hashed."""

    __tablename__ = "resident_device"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    contact_index: Mapped[str]
    agent: Mapped[str]
    since: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("channel IN ('sms', 'mail')", name="channel"),
        Index("ix_resident_device_contact", "contact_index", "channel"),
    )
