"""Words of the administrator's door: kinds, roles, pictograms, and what a record contradicts."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _

from portal.core import text, workflow
from portal.core.answers.variables import VARIABLES
from portal.core.errors import Conflict
from portal.core.routing import COMMUNE_OF_PLACE, DISTRICT_OF_PLACE
from portal.models import Unit
from portal.services import directory
from portal.web import context
from portal.web.filters import day
from portal.web.words import STEP_BUTTONS, named

KINDS = {
    "commune": _("UBND phường, xã, đặc khu"),
    "department": _("Sở, ban, ngành"),
    "division": _("Phòng, trung tâm"),
    "utility": _("Doanh nghiệp dịch vụ công ích"),
    "coordination": _("Trung tâm điều phối"),
    "police": _("Công an"),
    "province": _("UBND tỉnh"),
    "national": _("Cơ quan trung ương tại địa phương"),
    "district": _("UBND cấp huyện"),
}

EFFECTS = {"off": _("Ngày nghỉ"), "work": _("Ngày làm bù")}

STATUSES = {"official": _("chính thức"), "projected": _("dự kiến")}

CAUSES = {
    "day": _("Đổi lịch ngày %(name)s"),
    "hours": _("Đổi giờ làm việc của %(name)s"),
    "year": _("Thêm ngày nghỉ dự kiến của năm %(name)s"),
    "level": _("Đổi thời hạn riêng"),
    "pack": _("Nạp gói dữ liệu địa bàn"),
}


EVIDENCE = {
    "none": _("Không đòi"),
    "photo": _("Ảnh sau khi xử lý"),
    "document": _("Văn bản kết quả (PDF)"),
    "photo_or_document": _("Ảnh hoặc văn bản"),
}

TEMPLATE_STEPS = {step.value: STEP_BUTTONS[step] for step in workflow.TEMPLATED}

PLACEHOLDERS = {
    COMMUNE_OF_PLACE: _("UBND phường, xã nơi xảy ra"),
    DISTRICT_OF_PLACE: _("UBND cấp huyện nơi xảy ra"),
}

PICTOGRAMS = {
    "lamp": _("Đèn đường"),
    "bin": _("Thùng rác"),
    "flood": _("Ngập nước"),
    "drain": _("Cống rãnh"),
    "manhole": _("Hố ga"),
    "road": _("Mặt đường"),
    "tree": _("Cây xanh"),
    "bolt": _("Điện"),
    "tap": _("Nước sạch"),
    "sound": _("Tiếng ồn"),
    "pavement": _("Vỉa hè"),
    "signal": _("Đèn tín hiệu"),
    "sign": _("Biển báo"),
    "smoke": _("Khói, ô nhiễm"),
    "paw": _("Vật nuôi"),
    "antenna": _("Viễn thông"),
    "bricks": _("Xây dựng"),
    "shield": _("An ninh"),
    "landslide": _("Sạt lở"),
    "health": _("Y tế"),
    "heart": _("Lời khen"),
    "scales": _("Khiếu nại, tố cáo"),
    "dots": _("Việc khác"),
}

CONFLICTS = {
    "before_start": _("Ngày kết thúc phải từ ngày bắt đầu trở đi."),
    "code_taken": _("Mã này đã được dùng."),
    "username_taken": _("Tên đăng nhập này đã có người dùng."),
    "email_taken": _("Địa chỉ e-mail này đã có người dùng."),
    "taken": _("Mã này đã được dùng trong thời gian đó."),
    "placeholder": _("Mã này dành cho quy tắc điều phối, không đặt cho đơn vị được."),
    "area_taken": _("Địa bàn này đã do %(unit)s phụ trách trong thời gian đó."),
    "successor_without_end": _("Đã chọn đơn vị kế nhiệm thì xin ghi ngày kết thúc."),
    "not_there": _("Mục này chưa có hoặc không còn hiệu lực vào ngày đó."),
    "fallback": _("Đơn vị này nhận những phản ánh chưa có quy tắc điều phối nên không kết thúc được."),
    "still_needed": _(
        "Đơn vị còn phản ánh đang mở hoặc đang phối hợp, còn quy tắc điều phối hay ca thử trỏ đến hoặc còn địa bàn "
        "phụ trách. "
        "Xin chọn đơn vị kế nhiệm."
    ),
    "category_in_use": _("Lĩnh vực đang nhận phản ánh thì không có lĩnh vực thay thế. Xin để trống."),
    "category_needed": _(
        "Còn phản ánh đang mở, quy tắc điều phối, câu hỏi hoặc lĩnh vực đã ngừng trỏ đến lĩnh vực này. "
        "Xin chọn lĩnh vực thay thế."
    ),
    "no_category_left": _("Lĩnh vực này cũng đã ngừng nhận và không có lĩnh vực nào đang dùng thay thế."),
    "last": _("Phải còn ít nhất một lĩnh vực để người dân chọn."),
    "last_administrator": _("Phải còn ít nhất một quản trị viên đang hoạt động."),
    "yourself": _("Bạn không thể tự khóa tài khoản hoặc tự thôi vai trò quản trị của mình."),
    "own_factors": _("Của chính mình thì bỏ tại trang Tài khoản của tôi."),
    "unit_needed": _("Vai trò này phải thuộc một đơn vị đang hoạt động vào ngày bắt đầu."),
    "no_unit": _("Vai trò này không thuộc đơn vị nào. Xin để trống."),
    "centre_needed": _("Điều phối viên thuộc trung tâm điều phối. Xin chọn đơn vị đó."),
    "appointed_already": _("Người này đã giữ vai trò đó ở đơn vị đó trong thời gian này."),
    "until_before_since": _("Ngày thôi phải sau ngày bắt đầu."),
    "past": _("Ngày này đã qua. Xin chọn từ hôm nay trở đi."),
    "before_area": _("Địa bàn này chỉ có từ %(day)s."),
    "after_area": _("Địa bàn này chỉ có đến %(day)s. Xin ghi ngày kết thúc không muộn hơn."),
    "no_districts": _("Không còn cấp huyện sau ngày kết thúc của quy tắc này."),
    "not_there_at_first": _("Đơn vị này chưa có hoặc đã kết thúc vào ngày quy tắc bắt đầu."),
    "not_there_at_last": _("Đơn vị này kết thúc trước quy tắc và chưa có đơn vị kế nhiệm."),
    "day_taken": _("Ngày này đã có trong lịch: %(name)s."),
    "worked_anyway": _("Ngày này là ngày làm việc trong tuần, không cần làm bù."),
    "names_nothing": _("Xin chọn ít nhất một lĩnh vực, mức độ ưu tiên hoặc đơn vị."),
    "level_taken": _("Đã có thời hạn cho đúng trường hợp này."),
    "template_taken": _("Bước này đã có mẫu cùng tên."),
    "unknown_variables": _("Không có biến %(names)s. Ghi được: %(known)s."),
    "tie": _(
        "Trùng với quy tắc số %(rule)s (%(period)s): cùng lĩnh vực và địa bàn, cùng thời gian, "
        "điều kiện có thể cùng đúng."
    ),
    "bad_conditions": _("Điều kiện không dùng được: %(said)s."),
    "cases": _("Quy tắc này làm sai trường hợp kiểm thử (mong đợi → sẽ là): %(cases)s."),
}


def cause_words(cause: dict[str, Any]) -> str:
    """Why open clocks were counted anew."""
    return str(CAUSES[cause["what"]]) % cause


def by_name(units: Iterable[Unit]) -> list[tuple[Unit, str]]:
    """Units with their names, in the order of the reader's language."""
    return sorted(((unit, named(unit)) for unit in units), key=lambda pair: text.fold(pair[1]))


def names_of_units() -> dict[str, str]:
    """Code → name of the units of today and of later, in the order of the reader's language."""
    return {unit.code: name for unit, name in by_name(directory.successors(context.today()))}


def conflict(error: Conflict) -> str:
    """The sentence for a contradiction, to stand at its field."""
    details = dict(error.details)
    if "day" in details:
        details["day"] = day(details["day"])  # type: ignore[arg-type]
    if "valid_from" in details:
        details["period"] = period(details["valid_from"], details["valid_until"])
    if details["reason"] == "unknown_variables":
        names: Iterable[str] = details["names"]  # type: ignore[assignment]
        details |= {"names": _braced(names), "known": _braced(VARIABLES)}
    if "cases" in details:
        details["cases"] = "; ".join(
            f"“{name}” ({_units(expected)} → {_units(got)})"
            for name, expected, got in details["cases"]  # type: ignore[attr-defined]
        )
    return str(CONFLICTS[str(error.details["reason"])]) % details


def _braced(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _units(found: Iterable[Unit | str]) -> str:
    """Their names; the code where there is no such unit."""
    return " + ".join(one if isinstance(one, str) else named(one) for one in found) or "—"


def period(valid_from: Any, valid_until: Any) -> str:
    """'từ 01/07/2025' or '01/07/2025 – 31/12/2026'."""
    if valid_until is None:
        return str(_("từ %(day)s", day=day(valid_from)))
    return f"{day(valid_from)} – {day(valid_until)}"
