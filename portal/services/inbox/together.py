"""One step for several tickets: each by itself and as it was seen, so that one that has changed stops no other."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.errors import NotAllowed, NotFound, Stale
from portal.core.permissions import Deed
from portal.core.workflow import Status, Step
from portal.models import Report, Seat, db
from portal.services import handling, reach
from portal.services.handling import Command

MOST = 100
STEPS = (Step.ASSIGN, Step.FORWARD, Step.SAME_CAUSE)


class Outcome(StrEnum):
    DONE = "done"
    FIRST = "first"  # of those with one cause: the others are linked to it
    CHANGED = "changed"
    NOT_ALLOWED = "not_allowed"
    MISSING = "missing"


@dataclass(frozen=True)
class Chosen:
    """A ticket and the status in which the officer saw it."""

    code: str
    seen: Status


def found(seat: Seat, chosen: Iterable[Chosen]) -> list[Report]:
    """The chosen tickets that the seat may handle, the oldest first."""
    codes = [one.code for one in chosen]
    query = select(Report).where(Report.code.in_(codes), reach.of(seat, Deed.HANDLE, Deed.DISTRIBUTE))
    return list(db.session.scalars(query.order_by(Report.id).options(joinedload(Report.category))))


def take(chosen: list[Chosen], command: Command, *, by: Seat, now: datetime) -> list[tuple[Chosen, Outcome]]:
    """Take the step with each of them and say what came of it; the same form sent again changes nothing.

    `command.request_key` names the form. Raises what the step demands and is not given.
    """
    assert command.by is not None  # noqa: S101
    first = ""
    if command.step is Step.SAME_CAUSE:
        oldest = found(by, chosen)[:1]
        first = oldest[0].code if oldest else ""
        command = replace(command, original=first)
    return [(one, Outcome.FIRST if one.code == first else _one(one, command, by, now)) for one in chosen]


def _one(one: Chosen, command: Command, seat: Seat, now: datetime) -> Outcome:
    own = replace(command, seen=one.seen, request_key=f"{command.request_key}-{one.code}")
    if handling.is_done(own.request_key):
        return Outcome.DONE
    try:
        handling.take_step(handling.ticket(one.code, seat), own, now=now)
    except NotFound:
        return Outcome.MISSING
    except Stale:
        return Outcome.CHANGED
    except NotAllowed:
        return Outcome.NOT_ALLOWED
    return Outcome.DONE
