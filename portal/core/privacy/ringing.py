"""When a request about personal data rings: at three quarters of each time that the law gives, and when it is over."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

REMINDED_AFTER = 0.75


class Ring(StrEnum):
    """What is said: the first reply, or the whole, is due soon or late."""

    REPLY_SOON = "reply_soon"
    REPLY_LATE = "reply_late"
    SOON = "soon"
    LATE = "late"


Rings = list[tuple[datetime, Ring]]


def rings(received_at: datetime, reply_due_at: datetime, due_at: datetime, *, replied: bool) -> Rings:
    """Every moment at which a request rings, in their order."""
    found = _of(received_at, due_at, Ring.SOON, Ring.LATE)
    if not replied:
        found += _of(received_at, reply_due_at, Ring.REPLY_SOON, Ring.REPLY_LATE)
    return sorted(found)


def rung(of: Iterable[tuple[datetime, Ring]], now: datetime) -> Ring | None:
    """The last that has rung: what was slept through is not said afterwards."""
    return next((ring for moment, ring in reversed(list(of)) if moment <= now), None)


def next_ring(of: Iterable[tuple[datetime, Ring]], now: datetime) -> datetime | None:
    """When it rings next; None where all is said."""
    return next((moment for moment, _ring in of if moment > now), None)


def _of(received_at: datetime, due_at: datetime, soon: Ring, late: Ring) -> Rings:
    return [(received_at + REMINDED_AFTER * (due_at - received_at), soon), (due_at, late)]
