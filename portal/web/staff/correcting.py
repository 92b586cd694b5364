"""Correcting category or place from the ticket: what the form offers, what it means, and what would come of it."""

import re
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, StringField

from portal.core.deadlines import day_of
from portal.core.errors import BadPoint, Conflict, NotFound, OutsideTerritory, UnitRequired
from portal.core.places import Point
from portal.models import Report
from portal.services import corrections, routing
from portal.services.corrections import Correction, Plan
from portal.web import geography, maps
from portal.web.decisions import correction
from portal.web.filters import moment
from portal.web.staff.forms import CorrectForm
from portal.web.words import in_language, named

DEGREES = re.compile(r"(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)(?: ?[,;] ?| )(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)")
KEPT_DECIMALS = 6  # 11 cm
NOT_FOR_ALL = {
    "private": _l("Lĩnh vực này không hiển thị công khai."),
    "public": _l(
        "Người phản ánh đã gửi vào một lĩnh vực không công khai, nên nội dung không được công khai."
    ),
}


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
            for title, members in geography.by_old_district(day_of(now))
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
    wanted = Correction(
        form.category.data,
        form.area.data,
        point,
        form.place.data,
        form.facts.data or "",
        form.answered(form.category.data or report.category_code),
        form.visibility.data,
        int(form.about_unit.data) if form.about_unit.data.isdecimal() else None,
    )
    try:
        planned = corrections.plan(report, wanted, now=now)
    except (BadPoint, OutsideTerritory) as error:
        form.point.errors = [maps.refusal(error)]
        return None
    except NotFound:
        form.category.errors = [_("Xin chọn câu trả lời trong danh sách.")]
        return None
    except UnitRequired:
        form.about_unit.errors = [_("Xin chọn đơn vị chủ trì hoặc một đơn vị đang phối hợp.")]
        return None
    except Conflict as conflict:
        if conflict.details["field"] == "about":
            form.about_unit.errors = [_("Xin tách những phản ánh đã gộp vào phản ánh này trước.")]
            return None
        form.visibility.errors = [str(NOT_FOR_ALL[str(conflict.details["reason"])])]
        return None
    if not planned.changed:
        form.category.errors = [_("Chưa sửa gì: lĩnh vực và địa điểm vẫn như cũ.")]
        return None
    return wanted, planned


def unasked(form: CorrectForm, report: Report, planned: Plan) -> bool:
    """Has the new category questions that the page did not show yet?"""
    code = planned.category.code
    return code != report.category_code and bool(routing.questions_of(code)) and not form.answered(code)


def answers(report: Report) -> list[tuple[str, str]]:
    """What was answered to the questions of its category: the question and the answer in words."""
    return [
        (in_language(asked.label, asked.label_en), in_language(*asked.choices[given]))
        for asked in routing.questions_of(report.category_code).values()
        if (given := report.answers.get(asked.code)) in asked.choices
    ]


def outlook(report: Report, planned: Plan) -> Outlook:
    """What saving would do, for the officer to judge before it is done."""
    moves = planned.routed and planned.routed.unit.id != report.lead_unit_id
    said = corrections.details(report, planned)
    lines = [correction(said)]
    if planned.category is not report.category:
        if routing.questions_of(planned.category.code):
            lines.append(
                _("Lĩnh vực này có câu hỏi ở dưới: xin trả lời nếu biết, vì đơn vị xử lý có thể khác.")
            )
        lines.append(_("Hẹn xử lý khi đó: %(due)s.", due=moment(corrections.due(report, planned))))
        if planned.private and planned.category.visibility == "public" and "visibility" not in said:
            lines.append(_("Nội dung vẫn không hiển thị công khai, như người phản ánh đã gửi."))
    if "about" in said:
        gone = in_language(*said["about"])
        lines.append(_("%(unit)s không xem được phản ánh này nữa. Việc này không sửa lại được.", unit=gone))
    if said.get("visibility", [])[1:] == ["public"]:
        lines.append(_("Mọi người sẽ đọc được nội dung, ảnh và địa điểm."))
    if moves:
        title = _("Khi lưu, phản ánh sẽ chuyển đến %(unit)s.", unit=named(planned.routed.unit))
    else:
        title = _("Khi lưu, phản ánh vẫn do đơn vị của bạn xử lý.")
    return Outlook(title, "\n".join(lines))


def _point(form: CorrectForm, report: Report) -> Point | None:
    """The point that was typed. The report's own one, to its last digit, where it was left as shown."""
    own = corrections.point_of(report)
    return own if form.point.data == _written(own) else typed_point(form.point)


def typed_point(field: StringField) -> Point | None:
    """The coordinates that a field holds; None for none, and for what cannot be read, which is said at the field."""
    if not field.data:
        return None
    found = DEGREES.fullmatch(field.data)
    if found is None:
        field.errors = [_("Tọa độ không đọc được. Xin ghi như ví dụ: 16.816600, 107.100300.")]
        return None
    return Point(round(float(found[1]), KEPT_DECIMALS), round(float(found[2]), KEPT_DECIMALS))


def _written(point: Point | None) -> str:
    return f"{point.latitude:.6f}, {point.longitude:.6f}" if point else ""
