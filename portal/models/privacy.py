"""Who reported, apart from what was reported: sealed, so that the tables alone tell nobody."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Moment, Sealed, db
from portal.models.reports import Report


class Contact(db.Model):
    """Who reported and how to reach them; `words` is the telephone number as they wrote it. `consent_how` they agreed.

    The two indexes find the same number or address again without opening anything ('' where there is none).
    Read and written in services/privacy/identity.py alone.
    """

    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id), primary_key=True)
    name: Mapped[str] = mapped_column(Sealed, default="")
    phone: Mapped[str] = mapped_column(Sealed, default="")
    email: Mapped[str] = mapped_column(Sealed, default="")
    words: Mapped[str] = mapped_column(Sealed, default="")
    phone_index: Mapped[str] = mapped_column(default="", index=True)
    email_index: Mapped[str] = mapped_column(default="", index=True)
    consent_at: Mapped[datetime] = mapped_column(Moment)
    consent_version: Mapped[str]
    consent_how: Mapped[str] = mapped_column(default="form")

    __table_args__ = (
        CheckConstraint("phone <> '' OR email <> '' OR name <> ''", name="not_empty"),
        CheckConstraint(
            "(phone = '') = (phone_index = '') AND (email = '') = (email_index = '')", name="indexed"
        ),
        CheckConstraint("consent_how IN ('form', 'oral', 'written')", name="consent_how"),
    )
