"""An administrative reform: prepared ahead as a plan, done once on its day, and proven by its counts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.accounts import Account
from portal.models.base import Moment, db


class Reform(db.Model):
    """`plan`: the rows of the file; `counts`: what was found and what was done, filled when it is done."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    effective_on: Mapped[date]
    digest: Mapped[str] = mapped_column(unique=True)
    plan: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(default="prepared")
    prepared_at: Mapped[datetime] = mapped_column(Moment)
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    __table_args__ = (
        CheckConstraint("state IN ('prepared', 'done', 'cancelled')", name="state"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_has_moment"),
    )
