"""Who exists and what may be reported: units, categories, routing rules, days off."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Moment, db


class Unit(db.Model):
    """An organisation that handles reports. The same code may return with another validity."""

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    name_folded: Mapped[str]
    name_en: Mapped[str]
    kind: Mapped[str]
    area_code: Mapped[str | None]
    parent_code: Mapped[str | None]
    successor_code: Mapped[str | None]
    phone: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    legal_basis: Mapped[str]
    verified: Mapped[bool]
    edited_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        Index("ix_unit_area_code", "area_code"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="validity"),
    )


class Category(db.Model):
    """What a report is about. Clocks are working minutes, or minutes round the clock."""

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]
    hint: Mapped[str]
    hint_en: Mapped[str]
    pictogram: Mapped[str]
    priority: Mapped[str]
    receive_minutes: Mapped[int]
    resolve_minutes: Mapped[int]
    round_the_clock: Mapped[bool]
    visibility: Mapped[str]
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    legal_basis: Mapped[str]
    edited_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("priority IN ('normal', 'urgent', 'emergency')", name="priority"),
        CheckConstraint("visibility IN ('public', 'private')", name="visibility"),
        CheckConstraint("receive_minutes > 0 AND resolve_minutes >= receive_minutes", name="clocks"),
    )


class RoutingRule(db.Model):
    """Category × area → `lead`: a unit's code, or the placeholder for the commune or district of the place."""

    id: Mapped[int] = mapped_column(primary_key=True)
    category_code: Mapped[str | None] = mapped_column(ForeignKey(Category.code))
    area_vintage: Mapped[str | None]
    area_code: Mapped[str | None]
    lead: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    legal_basis: Mapped[str]
    verified: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")
    edited_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("(area_code IS NULL) = (area_vintage IS NULL)", name="area"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="validity"),
    )


class Holiday(db.Model):
    """A day off, or a working day that replaces one (`effect` 'off' or 'work')."""

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
    effect: Mapped[str]
    status: Mapped[str]
    legal_basis: Mapped[str]

    __table_args__ = (
        CheckConstraint("effect IN ('off', 'work')", name="effect"),
        CheckConstraint("status IN ('official', 'projected')", name="status"),
    )
