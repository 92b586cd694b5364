"""What officers keep about reports: filters under a name, and which reports have one cause."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.accounts import Account
from portal.models.base import db
from portal.models.reports import Report


class SavedFilter(db.Model):
    """A query of the inbox that an officer named; `shared` with all officers of the unit where its owner is now."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    name: Mapped[str]
    query: Mapped[str]
    shared: Mapped[bool] = mapped_column(default=False)

    account: Mapped[Account] = relationship()

    __table_args__ = (
        UniqueConstraint("account_id", "name"),
        CheckConstraint("name <> ''", name="named"),
    )


class SharedCause(db.Model):
    """The report has the same cause as another one, which has no row here itself."""

    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id), primary_key=True)
    cause_id: Mapped[int] = mapped_column(ForeignKey(Report.id), index=True)

    __table_args__ = (CheckConstraint("report_id <> cause_id", name="another"),)
