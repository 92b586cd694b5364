"""Who did and who read what, and the chain that seals it. Triggers of the database refuse what is not an addition."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.accounts import Account
from portal.models.base import Moment, db
from portal.models.directory import Unit


class AuditEntry(db.Model):
    """One deed: who, in which role and unit, what, of which subject, when, from where, why.

    `details` never hold personal data. `address` and `reason` are sealed by their salted digest `words_digest`, which
    stays when they are forgotten together with `salt`; `forgotten_by` is the entry that says who did that.
    No account: a resident, the command line or the system.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    deed: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    role: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    subject_kind: Mapped[str] = mapped_column(default="")
    subject_id: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    words_digest: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    salt: Mapped[str] = mapped_column(default="")
    forgotten_by: Mapped[int | None] = mapped_column(ForeignKey("audit_entry.id"))

    account: Mapped[Account | None] = relationship()
    unit: Mapped[Unit | None] = relationship()

    __table_args__ = (
        CheckConstraint("(salt = '') = (address = '' AND reason = '')", name="words_with_salt"),
        CheckConstraint(
            "(salt = '' AND words_digest <> '') = (forgotten_by IS NOT NULL)", name="forgotten_by"
        ),
        Index("ix_audit_entry_at", "at", "id"),
        Index("ix_audit_entry_account", "account_id", "at", "id"),
        Index("ix_audit_entry_deed", "deed", "at", "id"),
        Index("ix_audit_entry_subject", "subject_kind", "subject_id", "at", "id"),
        Index("ix_audit_entry_address", "address", "at", "id"),
    )


class AuditSeal(db.Model):
    """One link of a day's chain: the digest of a row of `audit_entry` or `event`, and the hash over the one before.

    `salt` belongs to the digest of an event. Where it was taken away, the event may be changed or erased:
    `forgotten_by` is the entry that says who did that.
    """

    day: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    row_id: Mapped[int]
    salt: Mapped[str] = mapped_column(default="")
    digest: Mapped[str]
    hash: Mapped[str]
    forgotten_by: Mapped[int | None] = mapped_column(ForeignKey(AuditEntry.id))

    __table_args__ = (
        UniqueConstraint("kind", "row_id"),
        CheckConstraint("kind IN ('entry', 'event')", name="kind"),
        CheckConstraint("(kind = 'event' AND salt = '') = (forgotten_by IS NOT NULL)", name="forgotten_by"),
    )


class AuditDay(db.Model):
    """A day of Vietnam in the chain: the hash that it began with, the last one, how many links.

    `fault` is what the last verification found first, '' where nothing.
    """

    day: Mapped[date] = mapped_column(primary_key=True)
    previous: Mapped[str]
    head: Mapped[str]
    count: Mapped[int]
    verified_at: Mapped[datetime | None] = mapped_column(Moment)
    fault: Mapped[str] = mapped_column(default="")
