"""What comes back: a report of a place and kind that was said to be done less than thirty days ago."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy import text as literally

from portal.core import text
from portal.core.maps.earth import metres_of_a_degree
from portal.core.places import Point, distance_m
from portal.models import Report, Seat, db
from portal.models.reports import ENDED
from portal.services import reach

WITHIN = timedelta(days=30)
NEAR_METRES = 100
LOOKED_AT = 200
Done = Select[int, float | None, float | None, str]


def notice(report: Report, *, now: datetime) -> None:
    """Link a new report with the last one that was said to be done there, and count it there; in its transaction."""
    former = _former(report, now)
    if former is not None:
        report.recurrence_of_id = former
        counted = update(Report).where(Report.id == former)
        db.session.execute(counted.values(times_recurred=Report.times_recurred + 1))


def of(report: Report, seat: Seat) -> list[Report]:
    """The reports by which this one's matter came back, the newest first; none about an office of this person's."""
    back = select(Report).where(Report.recurrence_of_id == report.id, reach.unconcerned(seat))
    return list(db.session.scalars(back.order_by(Report.id.desc()))) if report.times_recurred else []


def before(report: Report, seat: Seat) -> Report | None:
    """The report whose matter came back by this one; None where there is none, or about an office of this person's."""
    former = select(Report).where(Report.id == report.recurrence_of_id, reach.unconcerned(seat))
    return db.session.scalar(former) if report.recurrence_of_id else None


def _former(report: Report, now: datetime) -> int | None:
    done = (
        select(Report.id, Report.latitude, Report.longitude, Report.place)
        .where(literally(ENDED), Report.about_unit_id.is_(None))  # else its code would tell an office of it
        .where(Report.category_code == report.category_code, Report.closed_at >= now - WITHIN)
        .order_by(Report.closed_at.desc(), Report.id.desc())
        .limit(LOOKED_AT)
    )
    if report.latitude is None or report.longitude is None:
        return _by_words(done, report)
    return _by_point(done, Point(report.latitude, report.longitude))


def _by_point(done: Done, here: Point) -> int | None:
    north, east = (NEAR_METRES / metres for metres in metres_of_a_degree(here.latitude))
    box = (
        Report.latitude.between(here.latitude - north, here.latitude + north),
        Report.longitude.between(here.longitude - east, here.longitude + east),
    )
    for row in db.session.execute(done.where(*box)):
        if distance_m(here, Point(row.latitude or 0, row.longitude or 0)) <= NEAR_METRES:
            return row.id
    return None


def _by_words(done: Done, report: Report) -> int | None:
    """Where there is no point: the same words for the place, in the same area."""
    said = text.fold(report.place)
    if not said:
        return None
    area = Report.area_code == report.area_code, Report.area_vintage == report.area_vintage
    for row in db.session.execute(done.where(*area)):
        if text.fold(row.place) == said:
            return row.id
    return None
