"""Who exists and what may be reported: units, categories with their questions and clocks, routing rules, days off."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Moment, db


class Unit(db.Model):
    """An organisation that handles reports. The same code may return with another validity.

    `needs_approval`: a second officer must approve a result before the reporter hears of it.
    `office_hours` as core.deadlines reads them ('mon-fri 07:30-11:30 13:30-17:30'); '' are the usual ones.
    """

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
    email: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    office_hours: Mapped[str] = mapped_column(default="")
    needs_approval: Mapped[bool] = mapped_column(default=False)
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
    """What a report is about. Clocks are working minutes, or minutes round the clock.

    `evidence`: what must come with its result, as core.evidence names it.
    """

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]
    hint: Mapped[str]
    hint_en: Mapped[str]
    pictogram: Mapped[str]
    priority: Mapped[str]
    receive_minutes: Mapped[int]
    assign_minutes: Mapped[int]
    resolve_minutes: Mapped[int]
    round_the_clock: Mapped[bool]
    visibility: Mapped[str]
    evidence: Mapped[str] = mapped_column(default="none")
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    successor_code: Mapped[str | None]
    legal_basis: Mapped[str]
    edited_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("priority IN ('normal', 'urgent', 'emergency')", name="priority"),
        CheckConstraint("visibility IN ('public', 'private')", name="visibility"),
        CheckConstraint("evidence IN ('none', 'photo', 'document', 'photo_or_document')", name="evidence"),
        CheckConstraint("receive_minutes > 0 AND resolve_minutes >= receive_minutes", name="clocks"),
        CheckConstraint("assign_minutes > 0", name="assign"),
    )


class Question(db.Model):
    """What the form asks about a category, because the unit in charge may depend on the answer."""

    category_code: Mapped[str] = mapped_column(ForeignKey(Category.code), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    label_en: Mapped[str]
    position: Mapped[int]


class Choice(db.Model):
    """One possible answer to a question."""

    category_code: Mapped[str] = mapped_column(primary_key=True)
    question_code: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    label_en: Mapped[str]
    position: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(
            ["category_code", "question_code"],
            ["question.category_code", "question.code"],
            name="fk_choice_question",
        ),
    )


class ServiceLevel(db.Model):
    """Other clocks than the category's for some priority or unit; the most specific row wins. Minutes."""

    id: Mapped[int] = mapped_column(primary_key=True)
    category_code: Mapped[str | None] = mapped_column(ForeignKey(Category.code))
    priority: Mapped[str | None]
    unit_code: Mapped[str | None]
    receive_minutes: Mapped[int]
    assign_minutes: Mapped[int]
    resolve_minutes: Mapped[int]
    round_the_clock: Mapped[bool]
    legal_basis: Mapped[str]
    edited_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("priority IN ('normal', 'urgent', 'emergency')", name="priority"),
        CheckConstraint("receive_minutes > 0 AND resolve_minutes >= receive_minutes", name="clocks"),
        CheckConstraint("assign_minutes > 0", name="assign"),
    )


class RoutingRule(db.Model):
    """Category × area × conditions → `lead`: a unit's code, or the placeholder for the unit of the place.

    `conditions` and `cooperating` as core.routing writes them ('hours=office;road_class=national,provincial';
    'SXD CAT'). `fault` says why the rule could not be used the last time it was wanted, '' when it could.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    category_code: Mapped[str | None] = mapped_column(ForeignKey(Category.code))
    area_vintage: Mapped[str | None]
    area_code: Mapped[str | None]
    conditions: Mapped[str] = mapped_column(default="")
    lead: Mapped[str]
    cooperating: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    legal_basis: Mapped[str]
    verified: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")
    fault: Mapped[str] = mapped_column(default="")
    fault_at: Mapped[datetime | None] = mapped_column(Moment)
    fault_count: Mapped[int] = mapped_column(default=0)
    edited_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("(area_code IS NULL) = (area_vintage IS NULL)", name="area"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="validity"),
    )


class RoutingCase(db.Model):
    """A test beside the rules: such a report must go to `lead`; all cases run whenever a rule is saved.

    `facts` as conditions are written ('road_class=national'); `lead` may be a placeholder.
    """

    name: Mapped[str] = mapped_column(primary_key=True)
    category_code: Mapped[str] = mapped_column(ForeignKey(Category.code))
    area_vintage: Mapped[str]
    area_code: Mapped[str]
    facts: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Moment)
    lead: Mapped[str]
    cooperating: Mapped[str] = mapped_column(default="")
    edited_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        ForeignKeyConstraint(
            ["area_vintage", "area_code"], ["area.vintage", "area.code"], name="fk_routing_case_area"
        ),
    )


class Holiday(db.Model):
    """A day off, or a working day that replaces one (`effect` 'off' or 'work')."""

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
    effect: Mapped[str]
    status: Mapped[str]
    legal_basis: Mapped[str]
    edited_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("effect IN ('off', 'work')", name="effect"),
        CheckConstraint("status IN ('official', 'projected')", name="status"),
    )
