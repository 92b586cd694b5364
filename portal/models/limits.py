"""Counts of the rate limits, where no Redis keeps them; written by `adapters.limits` alone."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import db


class RateCount(db.Model):
    """How often in a window of time; `key` tells nobody by whom. `ends_at` is in seconds since 1970."""

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    ends_at: Mapped[int] = mapped_column(BigInteger)
