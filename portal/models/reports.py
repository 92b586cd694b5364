"""A report, its photos, and its history, which is only ever appended to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import workflow
from portal.core.workflow import Status
from portal.models.accounts import Account, Seat
from portal.models.base import Moment, db
from portal.models.directory import Category, Unit
from portal.models.places import Area


def status_in(*statuses: Status) -> str:
    return "status IN ({})".format(", ".join(f"'{status}'" for status in statuses))


RUNNING = status_in(*workflow.RUNNING)
UNASSIGNED = f"{status_in(*workflow.ASSIGNED)} AND assignee_id IS NULL"
RESOLVED = "status = 'resolved'"
ASKED = "answer_due_at IS NOT NULL"
ENDED = status_in(*workflow.ENDED)
RECURS = "recurrence_of_id IS NOT NULL"
CONCERNS = "about_unit_id IS NOT NULL"
ANSWERS = "step IN ('answer', 'resolve', 'approve', 'reject')"
UNALARMED = "next_due_at IS NOT NULL AND (alarmed_for IS NULL OR alarmed_for <> next_due_at)"
# A unit's reports in their three kinds, and an officer's own; each index answers its count alone.
INBOX = (
    (
        "ix_report_running",
        ("lead_unit_id", "next_due_at", "id", "status", "led_since"),
        "next_due_at IS NOT NULL",
    ),
    ("ix_report_standing", ("lead_unit_id", "waiting_since", "id"), "waiting_since IS NOT NULL"),
    ("ix_report_closed", ("lead_unit_id", "closed_at", "id"), "closed_at IS NOT NULL"),
    ("ix_report_assigned", ("assignee_id", "lead_unit_id", "next_due_at", "id"), "closed_at IS NULL"),
)


class Report(db.Model):
    """Coordinates are WGS84 degrees, `*_minutes` working minutes; `next_due_at` is NULL while no clock runs.

    `located` says how the place was given, `known_by` how its area was found: 'inside' a boundary, 'near' one,
    'estimate' from known points, or by the 'resident' alone. `answers`: question → choice.
    `private`: never published, whatever its category says, for it reads like a complaint or denunciation in law.
    `about_unit_id`: the office about whose people it is, which never sees it.
    `words_folded` is what search reads: description, place and the old and new names of its area, without marks.

    What was promised: `receive_minutes` since `led_since`, when its lead unit got it; `resolve_minutes` and
    `put_off_minutes` (pauses, extensions) since `promised_from`, its sending or last reopening. Both are minutes of
    `hours`, office hours as core.deadlines reads them. `alarmed_for` is the due moment that alarms are laid for.
    Somebody is in charge since `assigned_at`, and was to be named within `assign_minutes` since `assign_from`: the
    receipt, or when the one before left; NULL where the unit that leads never lacked anybody.

    `answer_due_at`: until when its unit waits for the reporter's answer; then work goes on without it.

    `duplicate_of_id`: the report into which it was merged, `times_merged`: how many were merged into it, also by way of
    others; `recurrence_of_id`: the one that was said to be done at this place before, `times_recurred` counts there.

    `hops`: how often it went from unit to unit, `times_returned` of them back. What belongs to one status alone
    (`waiting_since` and `closed_at` to one kind of them) is NULL in every other.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    reporter_key: Mapped[str]
    submission_key: Mapped[str] = mapped_column(unique=True)
    category_code: Mapped[str] = mapped_column(ForeignKey(Category.code), index=True)
    priority: Mapped[str]
    description: Mapped[str]
    words_folded: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    area_vintage: Mapped[str]
    area_code: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    located: Mapped[str]
    known_by: Mapped[str] = mapped_column(default="resident")
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    private: Mapped[bool] = mapped_column(default=False)
    about_unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    language: Mapped[str]
    channel: Mapped[str] = mapped_column(default="web")
    status: Mapped[str]
    lead_unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    decision: Mapped[dict[str, Any]] = mapped_column(JSON)
    refusal_reason: Mapped[str | None]
    pause_reason: Mapped[str | None]
    redirect_channel: Mapped[str | None]
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    times_merged: Mapped[int] = mapped_column(default=0)
    recurrence_of_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    times_recurred: Mapped[int] = mapped_column(default=0)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    hops: Mapped[int] = mapped_column(default=0)
    times_returned: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[datetime] = mapped_column(Moment, index=True)
    received_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    waiting_since: Mapped[datetime | None] = mapped_column(Moment)
    answer_due_at: Mapped[datetime | None] = mapped_column(Moment)
    led_since: Mapped[datetime] = mapped_column(Moment)
    assigned_at: Mapped[datetime | None] = mapped_column(Moment)
    assign_from: Mapped[datetime | None] = mapped_column(Moment)
    promised_from: Mapped[datetime] = mapped_column(Moment)
    hours: Mapped[str]
    receive_minutes: Mapped[int]
    assign_minutes: Mapped[int]
    resolve_minutes: Mapped[int]
    put_off_minutes: Mapped[int] = mapped_column(default=0)
    receive_due_at: Mapped[datetime] = mapped_column(Moment)
    assign_due_at: Mapped[datetime | None] = mapped_column(Moment)
    resolve_due_at: Mapped[datetime] = mapped_column(Moment)
    next_due_at: Mapped[datetime | None] = mapped_column(Moment)
    alarmed_for: Mapped[datetime | None] = mapped_column(Moment)
    paused_minutes: Mapped[int] = mapped_column(default=0)
    handled_minutes: Mapped[int | None]
    times_reopened: Mapped[int] = mapped_column(default=0)
    times_extended: Mapped[int] = mapped_column(default=0)

    category: Mapped[Category] = relationship()
    lead_unit: Mapped[Unit] = relationship(foreign_keys=[lead_unit_id])
    assignee: Mapped[Account | None] = relationship(foreign_keys=assignee_id)
    duplicate_of: Mapped["Report | None"] = relationship(remote_side=id, foreign_keys=duplicate_of_id)
    recurrence_of: Mapped["Report | None"] = relationship(remote_side=id, foreign_keys=recurrence_of_id)
    area: Mapped[Area] = relationship(
        primaryjoin="and_(Report.area_vintage == Area.vintage, Report.area_code == Area.code)", viewonly=True
    )
    photos: Mapped[list["Photo"]] = relationship(order_by="(func.coalesce(Photo.event_id, 0), Photo.id)")
    events: Mapped[list["Event"]] = relationship(order_by="Event.id")
    cooperations: Mapped[list["Cooperation"]] = relationship(
        order_by="Cooperation.unit_id", cascade="all, delete-orphan"
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["area_vintage", "area_code"], ["area.vintage", "area.code"], name="fk_report_area"
        ),
        CheckConstraint("about_unit_id <> lead_unit_id", name="not_led_by_the_concerned"),
        CheckConstraint(status_in(*Status), name="status"),
        CheckConstraint(
            f"({status_in(*workflow.CLOSED)}) = (closed_at IS NOT NULL)", name="closed_has_moment"
        ),
        CheckConstraint(
            f"({status_in(*workflow.STANDING)}) = (waiting_since IS NOT NULL)", name="waiting_has_moment"
        ),
        CheckConstraint("answer_due_at IS NULL OR status = 'waiting'", name="asked_waits"),
        CheckConstraint("(status = 'rejected') = (refusal_reason IS NOT NULL)", name="refused_has_reason"),
        CheckConstraint("(status = 'paused') = (pause_reason IS NOT NULL)", name="paused_has_reason"),
        CheckConstraint(
            "(status = 'redirected') = (redirect_channel IS NOT NULL)", name="redirected_has_channel"
        ),
        CheckConstraint(
            "(status = 'duplicate') = (duplicate_of_id IS NOT NULL)", name="duplicate_has_original"
        ),
        CheckConstraint("duplicate_of_id <> id", name="duplicate_of_another"),
        CheckConstraint("(status = 'awaiting_approval') = (proposed_by_id IS NOT NULL)", name="proposed_by"),
        CheckConstraint(
            f"times_returned BETWEEN 0 AND {workflow.MOST_RETURNS} AND hops >= times_returned",
            name="returned",
        ),
        CheckConstraint(f"({RUNNING}) = (next_due_at IS NOT NULL)", name="running_has_due"),
        CheckConstraint("(assignee_id IS NULL) = (assigned_at IS NULL)", name="assigned_has_moment"),
        CheckConstraint("(assign_from IS NULL) = (assign_due_at IS NULL)", name="assign_counts_from"),
        CheckConstraint(f"assign_due_at IS NOT NULL OR NOT ({UNASSIGNED})", name="unassigned_has_due"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_point"),
        CheckConstraint("located IN ('device', 'pin', 'area')", name="located"),
        CheckConstraint("known_by IN ('inside', 'near', 'estimate', 'resident')", name="known_by"),
        Index(
            "ix_report_about_unit_id",
            "about_unit_id",
            sqlite_where=text(CONCERNS),
            postgresql_where=text(CONCERNS),
        ),
        *(
            Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))
            for name, columns, where in INBOX
        ),
        Index(
            "ix_report_ended",
            *("category_code", "closed_at", "latitude", "area_code"),
            sqlite_where=text(ENDED),
            postgresql_where=text(ENDED),
        ),
        Index(
            "ix_report_recurrence_of_id",
            "recurrence_of_id",
            sqlite_where=text(RECURS),
            postgresql_where=text(RECURS),
        ),
        Index("ix_report_alike", "lead_unit_id", "category_code", "latitude"),
        Index(
            "ix_report_next_due", "next_due_at", sqlite_where=text(RUNNING), postgresql_where=text(RUNNING)
        ),
        Index(
            "ix_report_resolved", "closed_at", sqlite_where=text(RESOLVED), postgresql_where=text(RESOLVED)
        ),
        Index(
            "ix_report_answer_due", "answer_due_at", sqlite_where=text(ASKED), postgresql_where=text(ASKED)
        ),
        Index(
            "ix_report_unalarmed",
            "next_due_at",
            sqlite_where=text(UNALARMED),
            postgresql_where=text(UNALARMED),
        ),
    )


class Cooperation(db.Model):
    """A unit beside the one that leads the report: it helps, or looks after it from above (`kind`)."""

    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(Moment)
    kind: Mapped[str] = mapped_column(default="rule")

    unit: Mapped[Unit] = relationship(lazy="joined")

    __table_args__ = (CheckConstraint("kind IN ('rule', 'asked', 'superior')", name="kind"),)


class Photo(db.Model):
    """A prepared picture. Until a report takes it, `report_id` is NULL and `token` is its only name.

    `event_id`: the step that brought it; NULL where it came with the report itself. Of an officer's photo it is kept
    when and where it was taken, and who says so: `source` is 'exif', 'device' or 'none'.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey(Report.id), index=True)
    token: Mapped[str] = mapped_column(unique=True)
    width: Mapped[int]
    height: Mapped[int]
    stored_at: Mapped[datetime] = mapped_column(Moment)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    source: Mapped[str] = mapped_column(default="none")

    __table_args__ = (
        CheckConstraint("source IN ('exif', 'device', 'none')", name="source"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_point"),
        Index(
            "ix_photo_unattached",
            "stored_at",
            sqlite_where=text("report_id IS NULL"),
            postgresql_where=text("report_id IS NULL"),
        ),
    )


class Document(db.Model):
    """A PDF that an officer added to a step. Until it is taken, `event_id` is NULL and `token` its only name."""

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey(Report.id), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
    token: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    size: Mapped[int]
    stored_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("(report_id IS NULL) = (event_id IS NULL)", name="taken"),
        Index(
            "ix_document_unattached",
            "stored_at",
            sqlite_where=text("report_id IS NULL"),
            postgresql_where=text("report_id IS NULL"),
        ),
    )


class Event(db.Model):
    """One entry of the timeline; `details` holds what the sentence needs (units, reason).

    `request_key` comes from the form that caused it: a repeated sending of the same form finds it taken.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id), index=True)
    step: Mapped[str]
    actor: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    public: Mapped[bool]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    request_key: Mapped[str | None] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(Moment)

    account: Mapped[Account | None] = relationship()
    unit: Mapped[Unit | None] = relationship()

    __table_args__ = (
        CheckConstraint("actor IN ('resident', 'officer', 'system')", name="actor"),
        Index(
            "ix_event_answers", "unit_id", "id", sqlite_where=text(ANSWERS), postgresql_where=text(ANSWERS)
        ),
    )

    @classmethod
    def beside(
        cls,
        report: Report,
        step: str,
        *,
        at: datetime,
        details: dict[str, Any],
        by: Seat | None = None,
        note: str = "",
        public: bool = False,
        request_key: str | None = None,
    ) -> "Event":
        """An event that leaves the status as it is: of this officer, else of the system for the unit that leads."""
        return cls(
            report_id=report.id,
            step=step,
            actor="officer" if by else "system",
            account_id=by.account_id if by else None,
            unit_id=by.unit_id if by else report.lead_unit_id,
            from_status=report.status,
            to_status=report.status,
            note=note,
            public=public,
            details=details,
            request_key=request_key,
            at=at,
        )
