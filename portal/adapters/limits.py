"""Counters of how often somebody did something: in the portal's database, or in Redis for many servers."""

import hmac
import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from limits import RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from portal.core.errors import TooOften
from portal.core.front.limits import LIMITS, Count, Limit

log = logging.getLogger(__name__)
NOBODY_COUNTS = "none"
PATIENCE: dict[str, Any] = {"wrap_exceptions": True, "socket_timeout": 1, "socket_connect_timeout": 1}
COUNT = text("""
    INSERT INTO rate_count (key, count, ends_at) VALUES (:key, :amount, :ends_at)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN rate_count.ends_at > :now THEN rate_count.count ELSE 0 END + :amount,
        ends_at = CASE WHEN rate_count.ends_at > :now THEN rate_count.ends_at ELSE :ends_at END
    RETURNING count
""")
LOOK = text("SELECT count, ends_at FROM rate_count WHERE key = :key AND ends_at > :now")
FORGET = text("DELETE FROM rate_count WHERE ends_at <= :now")
CLEAR = text("DELETE FROM rate_count WHERE key = :key")

Item = RateLimitItemPerSecond
Apart = Callable[[], AbstractContextManager[Connection]]


class SqlStorage(Storage):
    """One row for each window; one statement counts and tells, so that processes cannot count past each other."""

    STORAGE_SCHEME = None

    def __init__(self, apart: Apart):
        super().__init__()
        self.apart = apart

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def _run(self, statement: Any, **values: object) -> Any:
        with self.apart() as connection:
            result = connection.execute(statement, {"now": int(time.time()), **values})
            return result.one_or_none() if result.returns_rows else result.rowcount

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        return self._run(COUNT, key=key, amount=amount, ends_at=int(time.time()) + expiry).count

    def get(self, key: str) -> int:
        found = self._run(LOOK, key=key)
        return found.count if found else 0

    def get_expiry(self, key: str) -> float:
        found = self._run(LOOK, key=key)
        return found.ends_at if found else time.time()

    def check(self) -> bool:
        return self._run(text("SELECT 1")) is not None

    def reset(self) -> int:
        return self._run(text("DELETE FROM rate_count"))

    def clear(self, key: str) -> None:
        self._run(CLEAR, key=key)

    def forget(self) -> int:
        return self._run(FORGET)


class Limits:
    """What `core.front.limits.LIMITS` allows, counted. Keys hold no address, name or number, only a keyed digest of it.

    Never called inside `transaction()`: a count stays even if what was counted is taken back.
    """

    def __init__(self, url: str, secret: str, apart: Apart):
        self.secret = secret.encode()
        self.counts = url != NOBODY_COUNTS
        shared = storage_from_string(url, **PATIENCE) if url and self.counts else None
        self.kept = shared or SqlStorage(apart)
        self.by = {
            Count.EXACTLY: FixedWindowRateLimiter(self.kept),
            Count.ROUGHLY: FixedWindowRateLimiter(shared or MemoryStorage()),
            Count.SHARED: shared and FixedWindowRateLimiter(shared),
        }

    def spend(self, name: str, whom: str) -> None:
        """Count one more by `whom`. Raise TooOften, with the seconds to wait, where it is one too many."""
        self._each(name, whom, lambda limiter, item, key: limiter.hit(item, key))

    def check(self, name: str, whom: str) -> None:
        """Raise TooOften where one more would be too many; count nothing."""
        self._each(name, whom, lambda limiter, item, key: limiter.test(item, key))

    def forgive(self, name: str, whom: str) -> None:
        """Begin anew for `whom`: what was tried has succeeded."""
        self._each(name, whom, lambda limiter, item, key: limiter.clear(item, key) or True)

    def forget(self) -> int:
        """Delete the counts whose time is over; return how many. Redis does so by itself."""
        return self.kept.forget() if isinstance(self.kept, SqlStorage) else 0

    def _each(self, name: str, whom: str, act: Callable[[FixedWindowRateLimiter, Item, str], bool]) -> None:
        """A Redis that is away lets everybody through: who reports a flood must not wait for it."""
        counted = [(limit, limiter) for limit in LIMITS[name] if (limiter := self.by[limit.count])]
        if not self.counts or not whom or not counted:
            return
        key = hmac.digest(self.secret, f"{name}:{whom}".encode(), "sha256").hex()[:32]
        try:
            for limit, limiter in counted:
                item = Item(limit.most, limit.seconds, namespace="portal")
                if not act(limiter, item, key):
                    raise TooOften(name=name, seconds=_wait(limiter, item, key, limit))
        except StorageError as error:
            log.error("%s was not counted: %s", name, error)


def _wait(limiter: FixedWindowRateLimiter, item: Item, key: str, limit: Limit) -> int:
    """Whole seconds until the window ends."""
    ends_at = limiter.get_window_stats(item, key).reset_time
    return max(1, min(limit.seconds, int(ends_at - time.time()) + 1))
