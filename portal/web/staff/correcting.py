"""Correcting category or place from the ticket: what the form offers, what it means, and what would come of it."""

import re
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from wtforms import SelectChoice

from portal.core.deadlines import VIETNAM
from portal.core.errors import BadPoint, OutsideTerritory
from portal.core.places import Point
from portal.models import Report
from portal.services import corrections
from portal.services.corrections import Correction, Plan
from portal.web import geography, maps
from portal.web.decisions import correction
from portal.web.filters import moment
from portal.web.staff.forms import CorrectForm
from portal.web.words import named

DEGREES = re.compile(r"(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)(?: ?[,;] ?| )(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)")
KEPT_DECIMALS = 6  # 11 cm


@dataclass(frozen=True)
class Outlook:
    """What a correction would do, in words: where the report would be, and what changes."""

    title: str
    text: str


def offer(form: CorrectForm, now: datetime) -> None:
    """Let the form offer every category and place of today, and first that it stays as it is."""
    form.category.choices = [
        SelectChoice("", _("Giữ nguyên")),
        *(SelectChoice(category.code, named(category)) for category in corrections.choices()),
    ]
    form.area.choices = [
        SelectChoice("", _("Giữ nguyên, hoặc theo tọa độ mới")),
        *(
            SelectChoice(code, name, optgroup=title)
            for title, members in geography.by_old_district(now.astimezone(VIETNAM).date())
            for code, name in members
        ),
    ]


def fill(form: CorrectForm, report: Report) -> None:
    """What the report says now."""
    form.category.data = form.area.data = ""
    form.point.data = _written(corrections.point_of(report))
    form.place.data = report.place


def read(form: CorrectForm, report: Report, now: datetime) -> tuple[Correction, Plan] | None:
    """What the officer wants and what would come of it; None where a sentence at a field says what is wrong."""
    point = _point(form, report)
    if form.errors:
        return None
    wanted = Correction(form.category.data, form.area.data, point, form.place.data, form.facts.data or "")
    try:
        planned = corrections.plan(report, wanted, now=now)
    except (BadPoint, OutsideTerritory) as error:
        form.point.errors = [maps.refusal(error)]
        return None
    if not planned.changed:
        form.category.errors = [_("Chưa sửa gì: lĩnh vực và địa điểm vẫn như cũ.")]
        return None
    return wanted, planned


def outlook(report: Report, planned: Plan) -> Outlook:
    """What saving would do, for the officer to judge before it is done."""
    moves = planned.routed and planned.routed.unit.id != report.lead_unit_id
    lines = [correction(corrections.details(report, planned))]
    if planned.category is not report.category:
        lines.append(_("Hẹn xử lý khi đó: %(due)s.", due=moment(corrections.due(report, planned))))
        if report.category.visibility == "private" and planned.category.visibility == "public":
            lines.append(_("Nội dung vẫn không hiển thị công khai, như người phản ánh đã gửi."))
    if moves:
        title = _("Khi lưu, phản ánh sẽ chuyển đến %(unit)s.", unit=named(planned.routed.unit))
    else:
        title = _("Khi lưu, phản ánh vẫn do đơn vị của bạn xử lý.")
    return Outlook(title, "\n".join(lines))


def _point(form: CorrectForm, report: Report) -> Point | None:
    """The point that was typed. The report's own one, to its last digit, where it was left as shown."""
    own = corrections.point_of(report)
    if form.point.data == _written(own):
        return own
    if not form.point.data:
        return None
    found = DEGREES.fullmatch(form.point.data)
    if found is None:
        form.point.errors = [_("Tọa độ không đọc được. Xin ghi như ví dụ: 16.816600, 107.100300.")]
        return None
    return Point(round(float(found[1]), KEPT_DECIMALS), round(float(found[2]), KEPT_DECIMALS))


def _written(point: Point | None) -> str:
    return f"{point.latitude:.6f}, {point.longitude:.6f}" if point else ""
