"""Who reported, apart from what was reported: sealed, so that the tables alone tell nobody."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Sealed, db
from portal.models.reports import Report


class Contact(db.Model):
    """Who reported and how to reach them; `words` is the telephone number as they wrote it.

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

    __table_args__ = (
        CheckConstraint("phone <> '' OR email <> '' OR name <> ''", name="not_empty"),
        CheckConstraint(
            "(phone = '') = (phone_index = '') AND (email = '') = (email_index = '')", name="indexed"
        ),
    )
