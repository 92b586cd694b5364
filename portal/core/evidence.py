"""What proves a result: which evidence a category demands, and what makes a photo doubtful."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.core.places import Point, distance_m

NEAR_M = 300
CLOCKS_DIFFER = timedelta(minutes=5)


class Demand(StrEnum):
    """What a category demands of a result."""

    NONE = "none"
    PHOTO = "photo"
    DOCUMENT = "document"
    PHOTO_OR_DOCUMENT = "photo_or_document"


class Doubt(StrEnum):
    """Why a photo alone does not prove that it shows this place after the report."""

    UNDATED = "undated"
    EARLY = "early"
    UNPLACED = "unplaced"
    FAR = "far"


@dataclass(frozen=True)
class Trace:
    """When and where a photo was taken; None where it does not say so. `source`: 'exif', 'device' or 'none'."""

    taken_at: datetime | None = None
    point: Point | None = None
    source: str = "none"


def met(demand: Demand, photos: int, documents: int) -> bool:
    """Do so many photos and documents bring what is demanded?"""
    match demand:
        case Demand.PHOTO:
            return photos > 0
        case Demand.DOCUMENT:
            return documents > 0
        case Demand.PHOTO_OR_DOCUMENT:
            return photos + documents > 0
    return True


def doubts(traces: Iterable[Trace], sent_at: datetime, place: Point | None, now: datetime) -> list[Doubt]:
    """The doubts about the best of these photos: none where one of them was taken after the report and near it.

    A report without a point can be near nothing, so that of its photos only the moment counts.
    """
    return min((_of(trace, sent_at, place, now) for trace in traces), key=len, default=[])


def _of(trace: Trace, sent_at: datetime, place: Point | None, now: datetime) -> list[Doubt]:
    found = []
    if trace.taken_at is None or trace.taken_at > now + CLOCKS_DIFFER:  # a camera whose clock is wrong
        found.append(Doubt.UNDATED)
    elif trace.taken_at < sent_at - CLOCKS_DIFFER:
        found.append(Doubt.EARLY)
    if place and trace.point is None:
        found.append(Doubt.UNPLACED)
    elif place and trace.point and distance_m(place, trace.point) > NEAR_M:
        found.append(Doubt.FAR)
    return found
