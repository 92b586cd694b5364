"""Where the reports of a selection lie, and what of the same kind lies near one of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, or_, select

from portal.core.maps.earth import metres_of_a_degree
from portal.core.places import Point, distance_m
from portal.models import Report, Seat, db
from portal.services import reach
from portal.services.inbox.choosing import Filters, Tab, in_tab, narrowed
from portal.services.inbox.listing import ordered

MOST_POINTS = 500
NEAR_METRES = 250
CLOSED_WITHIN = timedelta(days=30)
MOST_NEAR, LOOKED_AT = 5, 200


@dataclass(frozen=True)
class Near:
    """A report of the same kind near another one."""

    report: Report
    metres: float


def points(seat: Seat, tab: Tab, filters: Filters, *, now: datetime) -> list[Row[Any]]:
    """`code`, `description`, `latitude`, `longitude`, `status`, `next_due_at` of the first reports of the tab that
    have a point; one more than MOST_POINTS where there are so many.
    """
    columns = (
        Report.code,
        Report.description,
        Report.latitude,
        Report.longitude,
        Report.status,
        Report.next_due_at,
    )
    wanted = [*in_tab(tab, seat, now=now), *narrowed(filters, now=now), Report.latitude.is_not(None)]
    query = ordered(select(*columns).where(*wanted), tab, seat).limit(MOST_POINTS + 1)
    return list(db.session.execute(query))


def near(report: Report, seat: Seat, *, now: datetime) -> list[Near]:
    """Reports of its category within 250 m that the seat's unit leads too, open or closed lately; nearest first."""
    if report.latitude is None or report.longitude is None:
        return []
    here = Point(report.latitude, report.longitude)
    north, east = (NEAR_METRES / metres for metres in metres_of_a_degree(here.latitude))
    box = (
        Report.lead_unit_id == seat.unit_id,
        reach.unconcerned(seat),
        Report.category_code == report.category_code,
        Report.latitude.between(here.latitude - north, here.latitude + north),
        Report.longitude.between(here.longitude - east, here.longitude + east),
    )
    lately = or_(Report.closed_at.is_(None), Report.closed_at >= now - CLOSED_WITHIN)
    query = select(Report).where(*box, lately, Report.id != report.id).order_by(Report.id.desc())
    measured = [
        Near(other, distance_m(here, Point(other.latitude or 0, other.longitude or 0)))
        for other in db.session.scalars(query.limit(LOOKED_AT))
    ]
    found = sorted((one for one in measured if one.metres <= NEAR_METRES), key=lambda one: one.metres)
    return found[:MOST_NEAR]
