"""How staff come in: what they have open, and the links by which they choose a password."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
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


class AccountLink(db.Model):
    """A link by which somebody chooses a password: an `invitation` for three days, a `reset` for one hour.

    Its token is in the link alone. `used_at` is when a password was chosen by it, or a later link took its place.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), index=True)
    kind: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    account: Mapped[Account] = relationship()

    __table_args__ = (CheckConstraint("kind IN ('invitation', 'reset')", name="kind"),)
