"""Territory: areas keyed by (vintage, code), where they lie, what became of them, and which pack is loaded."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Moment, db


class Territory(db.Model):
    """The one loaded pack: the province's names, code prefix, bounds (WGS84 degrees) and fallback unit.

    `revision` is another one after every change of territory or directory: what a process remembers of them is
    good only for the revision that it was made from.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str]
    code_prefix: Mapped[str]
    fallback_unit: Mapped[str]
    hotline: Mapped[str]
    south: Mapped[float]
    west: Mapped[float]
    north: Mapped[float]
    east: Mapped[float]
    digest: Mapped[str]
    revision: Mapped[int]
    loaded_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)


class Area(db.Model):
    """An administrative territory of one vintage; `latitude`, `longitude` in WGS84 degrees."""

    vintage: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_folded: Mapped[str]
    level: Mapped[str]
    parent_code: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    area_km2: Mapped[float | None]
    population: Mapped[int | None]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    legal_basis: Mapped[str]
    point_source: Mapped[str]

    __table_args__ = (
        ForeignKeyConstraint(
            ["vintage", "parent_code"], ["area.vintage", "area.code"], name="fk_area_parent"
        ),
        CheckConstraint("level IN ('province', 'district', 'commune')", name="level"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="validity"),
    )


class Succession(db.Model):
    """One edge of an administrative reform: this area became, or became part of, that one."""

    id: Mapped[int] = mapped_column(primary_key=True)
    from_vintage: Mapped[str]
    from_code: Mapped[str]
    to_vintage: Mapped[str]
    to_code: Mapped[str]
    legal_basis: Mapped[str]

    __table_args__ = (
        UniqueConstraint("from_vintage", "from_code", "to_vintage", "to_code"),
        ForeignKeyConstraint(
            ["from_vintage", "from_code"], ["area.vintage", "area.code"], name="fk_succession_from"
        ),
        ForeignKeyConstraint(
            ["to_vintage", "to_code"], ["area.vintage", "area.code"], name="fk_succession_to"
        ),
    )


class BoundarySource(db.Model):
    """Where the boundaries of one vintage come from; `sha256` is of the imported file's bytes."""

    vintage: Mapped[str] = mapped_column(primary_key=True)
    file: Mapped[str]
    source: Mapped[str]
    licence: Mapped[str]
    taken_on: Mapped[date | None]
    sha256: Mapped[str]
    imported_at: Mapped[datetime] = mapped_column(Moment)


class Boundary(db.Model):
    """Where an area lies: `exact` for locating and `web` simplified for maps, both WKB in WGS84 degrees."""

    vintage: Mapped[str] = mapped_column(ForeignKey(BoundarySource.vintage), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    exact: Mapped[bytes]
    web: Mapped[bytes]

    __table_args__ = (
        ForeignKeyConstraint(["vintage", "code"], ["area.vintage", "area.code"], name="fk_boundary_area"),
    )


class Neighbour(db.Model):
    """A place outside the territory by which a point out there can be named; WGS84 degrees."""

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
