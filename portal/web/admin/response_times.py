"""Response times: what came in within a period, how fast it was answered, and what still lies open."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast, get_args

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement

from portal.core import text
from portal.core.front import exports
from portal.core.permissions import Deed
from portal.models import Area
from portal.services import geography, insights, reach
from portal.services.geography import Geography
from portal.services.insights import Grouping, ResponseTimes, Row
from portal.web import context, filters, identity
from portal.web.admin import listing
from portal.web.admin.forms import FIVE_YEARS, PeriodForm
from portal.web.words import named

THINGS = {"unit": _l("Đơn vị"), "category": _l("Lĩnh vực"), "area": _l("Địa bàn")}
USUAL_DAYS = 30


def _name(row: Row) -> str:
    """The name of what a row is about; the row without a thing is of the areas that nobody can tell."""
    if isinstance(row.thing, Area):
        return geography.names(row.thing.vintage)[row.thing.code]
    return named(row.thing) if row.thing else _("Không xác định")


def _folded(row: Row) -> str:
    return text.fold(_name(row))


SORTS: dict[str, tuple[Any, Callable[[Row], Any]]] = {
    "received": (_l("Nhiều phản ánh"), lambda row: -row.received),
    "on_time": (_l("Đúng hạn thấp"), lambda row: (row.on_time_percent is None, row.on_time_percent)),
    "time": (_l("Xử lý lâu"), lambda row: (row.median_minutes is None, -(row.median_minutes or 0))),
    "open": (_l("Đang mở nhiều"), lambda row: -row.open),
    "overdue": (_l("Quá hạn nhiều"), lambda row: -row.overdue),
    "name": (_l("Theo tên"), _folded),
}


@dataclass(frozen=True)
class Period:
    """Both days included."""

    since: date
    until: date


@dataclass(frozen=True)
class Asked:
    """What the address asks for, or the usual period where it asks for nonsense."""

    form: PeriodForm
    period: Period
    by: Grouping
    geography: Geography | None
    sort: str
    status: int


def response_times() -> ResponseReturnValue:
    asked = _asked()
    told = _told(asked)
    page = render_template(
        "admin/response_times.html",
        asked=asked,
        told=told,
        ping_pong=[
            (*map(named, pair.units), filters.number(pair.reports))
            for pair in insights.ping_pong(asked.period.since, asked.period.until, among=_among())
        ],
        quick=_quick(context.today()),
        things=THINGS,
        name_of=_name,
        geographies=[(geography_slug(each), geography_name(each)) for each in geography.geographies()]
        if asked.geography
        else [],
        overruled=insights.overruled(asked.period.since, asked.period.until, among=_among()),
        geo=geography_slug(asked.geography) if asked.geography else None,
        sorts={slug: words for slug, (words, _) in SORTS.items()},
        earliest=min(asked.period.since, asked.period.until - timedelta(days=FIVE_YEARS)),
        slowest=max((row.median_minutes or 0 for row in told.rows if not row.round_the_clock), default=0),
    )
    return page, asked.status


def response_times_csv() -> ResponseReturnValue:
    asked = _asked()
    if asked.status != 200:
        return response_times()
    name = f"thoi-gian-{asked.period.since}-{asked.period.until}.csv"
    return Response(
        exports.table(_lines(asked)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _asked() -> Asked:
    form = PeriodForm(request.args)
    right = form.validate()
    period = _period(form, context.today()) if right else _usual(context.today())
    if right:
        form.since.data, form.until.data = period.since, period.until
    by = cast("Grouping", listing.choice("by", get_args(Grouping), "unit"))
    sort = listing.choice("sort", SORTS, "received")
    return Asked(form, period, by, _geography() if by == "area" else None, sort, 200 if right else 422)


def _geography() -> Geography | None:
    """The map that the address asks for, today's where it asks for none."""
    known = {geography_slug(each): each for each in geography.geographies()}
    return known.get(request.args.get("geo", ""), next(iter(known.values()), None))


def geography_slug(shown: Geography) -> str:
    return f"{shown.vintage}/{shown.level}"


def geography_name(shown: Geography) -> str:
    """'Xã, phường hiện nay', 'Huyện trước 01/07/2025'."""
    level = _("Xã, phường") if shown.level == "commune" else _("Huyện, thị xã, thành phố")
    if shown.until is None or shown.until >= context.today():
        return _("%(level)s hiện nay", level=level)
    return _("%(level)s trước %(day)s", level=level, day=filters.day(shown.until + timedelta(days=1)))


def _period(form: PeriodForm, day: date) -> Period:
    """The days that were given; one that is missing follows from the other."""
    until = form.until.data or max(day, form.since.data or day)
    return Period(form.since.data or _usual(until).since, until)


def _usual(until: date) -> Period:
    return Period(until - timedelta(days=USUAL_DAYS - 1), until)


def _quick(day: date) -> list[tuple[str, Period]]:
    """The periods that are asked for most."""
    last_month = day.replace(day=1) - timedelta(days=1)
    quarter = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return [
        (_("Tuần này"), Period(day - timedelta(days=day.weekday()), day)),
        (_("30 ngày"), _usual(day)),
        (_("Tháng trước"), Period(last_month.replace(day=1), last_month)),
        (_("Quý này"), Period(quarter, day)),
        (_("Năm nay"), Period(date(day.year, 1, 1), day)),
    ]


def _among() -> ColumnElement[bool]:
    """The reports of which the person may read the figures."""
    return reach.of(identity.seat(), Deed.READ_TIMES)


def _told(asked: Asked) -> ResponseTimes:
    period = asked.period
    told = insights.response_times(
        period.since, period.until, asked.by, asked.geography, among=_among(), now=context.now()
    )
    told.rows.sort(key=lambda row: (SORTS[asked.sort][1](row), _folded(row)))
    return told


def _lines(asked: Asked) -> Iterator[list[Any]]:
    """The table of the page as plain figures: minutes and percents for a spreadsheet."""
    told = _told(asked)
    yield [
        str(THINGS[asked.by]),
        _("Số phản ánh"),
        _("Đã đóng"),
        _("Đúng hạn"),
        _("Tỷ lệ đúng hạn (%)"),
        _("Thời gian xử lý trung vị (phút)"),
        _("Cách tính giờ"),
        _("Đang mở"),
        _("Quá hạn"),
        _("Đúng hạn nhờ gia hạn"),
        _("Đã gộp"),
        _("Xảy ra lại"),
        _("Quá hạn giao việc"),
    ]
    for name, row in [*((_name(row), row) for row in told.rows), (_("Tất cả"), told.total)]:
        clock = _("giờ liên tục") if row.round_the_clock else _("giờ làm việc")
        share = None if row.on_time_percent is None else round(row.on_time_percent, 1)
        timed = [row.median_minutes, clock] if row.median_minutes is not None else [None, None]
        counted = [row.open, row.overdue, row.extended, row.merged, row.recurred, row.unassigned]
        yield [name, row.received, row.closed, row.on_time, share, *timed, *counted]
