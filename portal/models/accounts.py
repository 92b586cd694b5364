"""People who sign in: officers of a unit and administrators."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Moment, db
from portal.models.directory import Unit


class Account(db.Model):
    """A member of staff. `sign_in_stamp` changes with the password."""

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id), index=True)
    password_hash: Mapped[str]
    sign_in_stamp: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    demonstration: Mapped[bool] = mapped_column(default=False)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)

    unit: Mapped[Unit | None] = relationship()

    __table_args__ = (
        CheckConstraint("role IN ('officer', 'administrator')", name="role"),
        CheckConstraint("role <> 'officer' OR unit_id IS NOT NULL", name="officer_has_unit"),
    )
