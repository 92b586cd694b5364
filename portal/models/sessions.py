"""What staff have open: one row for each browser that is signed in."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.accounts import Account
from portal.models.base import Moment, db


class StaffSession(db.Model):
    """One sign-in. Its token is in the browser's cookie alone; `token_hash` finds the row.

    `passed` names the factors that were shown, as words: 'password totp'. `seen_at` is the last deed of this session,
    to five minutes; whoever only reads leaves it. It is over when `ended_at` is set or `expires_at` has come.
    """

    __tablename__ = "staff_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), index=True)
    passed: Mapped[str]
    address: Mapped[str]
    agent: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    account: Mapped[Account] = relationship()
