"""People who sign in, and what they are appointed to: a role, mostly in a unit, from one day to another."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.permissions import OF_A_UNIT, Role
from portal.models.base import Moment, db
from portal.models.directory import Unit


class Account(db.Model):
    """A member of staff. `sign_in_stamp` changes with the password.

    There is no `password_hash` ('') until the person has chosen a password by a link.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    email: Mapped[str | None]
    password_hash: Mapped[str]
    sign_in_stamp: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)

    appointments: Mapped[list["Appointment"]] = relationship(
        back_populates="account", order_by="(Appointment.since, Appointment.id)"
    )

    __table_args__ = (Index("ix_account_email", "email", unique=True),)

    @classmethod
    def works_in(cls, unit_id: Any, day: date) -> ColumnElement[bool]:
        """May they handle reports of this unit on that day?"""
        return cls.active & cls.appointments.any(Appointment.handling(day) & (Appointment.unit_id == unit_id))


class Appointment(db.Model):
    """What somebody may do: a role from the day `since` on, until the day before `until` where there is one."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), index=True)
    role: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id), index=True)
    since: Mapped[date]
    until: Mapped[date | None]

    account: Mapped[Account] = relationship(back_populates="appointments")
    unit: Mapped[Unit | None] = relationship()

    __table_args__ = (
        CheckConstraint(
            "role IN ('officer', 'unit_lead', 'coordinator', 'administrator', 'auditor', 'editor')",
            name="role",
        ),
        CheckConstraint(
            "(role IN ('officer', 'unit_lead', 'coordinator')) = (unit_id IS NOT NULL)", name="role_has_unit"
        ),
        CheckConstraint("until IS NULL OR until >= since", name="days"),
    )

    @classmethod
    def on(cls, day: Any) -> ColumnElement[bool]:
        """Is it in force on that day?"""
        return and_(cls.since <= day, or_(cls.until.is_(None), cls.until > day))

    @classmethod
    def of(cls, seat: "Seat", day: date) -> ColumnElement[bool]:
        """Is it the one in which this person acts, in force on that day?"""
        unit = cls.unit_id.is_not_distinct_from(seat.unit_id)
        return and_(cls.account_id == seat.account_id, cls.role == seat.role, unit, cls.on(day))

    @classmethod
    def handling(cls, day: date) -> ColumnElement[bool]:
        """Does it let somebody handle reports of its unit on that day?"""
        return and_(cls.role.in_(OF_A_UNIT), cls.on(day))

    def lasts_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or self.until > day)


@dataclass(frozen=True)
class Seat:
    """Who acts: a person in one of their appointments, in this session, from this network address.

    `offices`: the codes of all units in which the person is appointed, not of the seat's alone.
    """

    account: Account
    role: Role
    unit: Unit | None = None
    session_id: int | None = None
    address: str = ""
    offices: frozenset[str] = frozenset()
    account_id: int = field(init=False)
    unit_id: int | None = field(init=False)

    def __post_init__(self) -> None:
        """Numbers and codes are kept apart: they are asked for after a transaction has let go of the records."""
        object.__setattr__(self, "account_id", self.account.id)
        object.__setattr__(self, "unit_id", self.unit.id if self.unit else None)
        object.__setattr__(self, "offices", self.offices | ({self.unit.code} if self.unit else set()))
