"""The law's names in people's words: statuses, steps, reasons, clocks."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any

from flask import Flask
from flask_babel import format_decimal, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import deadlines
from portal.core.errors import PersonalData
from portal.core.permissions import Role
from portal.core.privacy.revealing import Why
from portal.core.privacy.screening import Kind
from portal.core.reform import Undecided
from portal.core.workflow import Channel, Clock, Reason, Status, Step
from portal.models import Category, Event, Report, Unit
from portal.services.guidance import texts
from portal.services.repeats import merging
from portal.web import context, filters


@dataclass(frozen=True)
class StatusWord:
    """One of the resident's five words; `slug` names its shape and colour."""

    slug: str
    text: Any


STATUS_WORDS = {
    Status.SUBMITTED: StatusWord("sent", _l("Đã gửi")),
    Status.RECEIVED: StatusWord("received", _l("Đã nhận")),
    Status.IN_PROGRESS: StatusWord("working", _l("Đang xử lý")),
    Status.WAITING: StatusWord("working", _l("Đang xử lý")),
    Status.PAUSED: StatusWord("working", _l("Đang xử lý")),
    Status.AWAITING_APPROVAL: StatusWord("working", _l("Đang xử lý")),
    Status.RESOLVED: StatusWord("done", _l("Đã xử lý")),
    Status.CLOSED: StatusWord("done", _l("Đã xử lý")),
    Status.REJECTED: StatusWord("refused", _l("Không xử lý")),
    Status.DUPLICATE: StatusWord("refused", _l("Không xử lý")),
    Status.REDIRECTED: StatusWord("refused", _l("Không xử lý")),
}

STAFF_STATUS = {
    Status.SUBMITTED: _l("Chờ tiếp nhận"),
    Status.RECEIVED: _l("Đã tiếp nhận"),
    Status.IN_PROGRESS: _l("Đang xử lý"),
    Status.WAITING: _l("Chờ bổ sung thông tin"),
    Status.PAUSED: _l("Tạm dừng"),
    Status.AWAITING_APPROVAL: _l("Chờ duyệt kết quả"),
    Status.RESOLVED: _l("Đã xử lý"),
    Status.CLOSED: _l("Đã kết thúc"),
    Status.REJECTED: _l("Đã từ chối"),
    Status.DUPLICATE: _l("Trùng phản ánh khác"),
    Status.REDIRECTED: _l("Đã hướng dẫn nơi khác"),
}

STEP_BUTTONS = {
    Step.RECEIVE: _l("Tiếp nhận"),
    Step.START: _l("Bắt đầu xử lý"),
    Step.ASK: _l("Hỏi người phản ánh"),
    Step.REPLY: _l("Gửi bổ sung"),
    Step.FALL_BACK: _l("Xử lý tiếp khi không có bổ sung"),
    Step.PAUSE: _l("Tạm dừng"),
    Step.RESUME: _l("Tiếp tục xử lý"),
    Step.ANSWER: _l("Trả lời, tiếp tục xử lý"),
    Step.NOTE: _l("Ghi chú nội bộ"),
    Step.ASSIGN: _l("Giao cho đồng nghiệp"),
    Step.SAME_CAUSE: _l("Nối với phản ánh cùng nguyên nhân"),
    Step.FORWARD: _l("Chuyển đơn vị khác"),
    Step.RETURN: _l("Trả lại, không thuộc thẩm quyền"),
    Step.CORRECT: _l("Sửa lĩnh vực hoặc địa điểm"),
    Step.RESOLVE: _l("Báo đã xử lý xong"),
    Step.PROPOSE: _l("Trình duyệt kết quả"),
    Step.APPROVE: _l("Duyệt và gửi kết quả"),
    Step.SEND_BACK: _l("Đưa về xử lý tiếp"),
    Step.CONFIRM: _l("Đúng, việc đã xong"),
    Step.CLOSE: _l("Kết thúc"),
    Step.REJECT: _l("Từ chối"),
    Step.DUPLICATE: _l("Trùng với phản ánh khác"),
    Step.SEPARATE: _l("Tách ra, xử lý riêng"),
    Step.REDIRECT: _l("Hướng dẫn đến nơi giải quyết đúng luật"),
    Step.WITHDRAW: _l("Rút lại phản ánh"),
    Step.REOPEN: _l("Mở lại"),
}

REASONS = {
    Reason.OUT_OF_SCOPE: _l("Ngoài phạm vi tiếp nhận"),
    Reason.OUTSIDE_JURISDICTION: _l("Không thuộc thẩm quyền của tỉnh"),
    Reason.NOT_FOUND: _l("Kiểm tra hiện trường không thấy sự việc"),
    Reason.NOT_ENOUGH: _l("Không đủ thông tin để xử lý"),
    Reason.WEATHER: _l("Thời tiết không cho phép thi công"),
    Reason.MATERIALS: _l("Chờ vật tư, thiết bị"),
    Reason.FUNDING: _l("Chờ bố trí kinh phí"),
    Reason.OTHER_AGENCY: _l("Chờ cơ quan khác giải quyết trước"),
    Reason.INSPECTION: _l("Chờ kết luận thanh tra, kiểm tra hoặc tòa án"),
    Reason.OTHER_AREA: _l("Địa điểm thuộc địa bàn khác"),
    Reason.OTHER_FIELD: _l("Lĩnh vực do cơ quan khác quản lý"),
    Reason.OTHER_OWNER: _l("Công trình do đơn vị khác quản lý, khai thác"),
    Reason.OTHER_LEVEL: _l("Thuộc thẩm quyền của cấp trên"),
    Reason.WITHDRAWN: _l("Người phản ánh đã rút lại"),
    Reason.DUPLICATE: _l("Trùng với phản ánh khác"),
    Reason.OTHER_PROCEDURE: _l("Thuộc thủ tục khác (khiếu nại, tố cáo, hành chính)"),
}

VISIBILITIES = {"public": _l("Công khai"), "private": _l("Không công khai")}

CHANNELS = {
    Channel.COMPLAINT: _l("Khiếu nại: nộp đơn tại cơ quan đã ra quyết định hoặc nơi tiếp công dân"),
    Channel.DENUNCIATION: _l("Tố cáo: nộp đơn tại cơ quan có thẩm quyền hoặc nơi tiếp công dân"),
    Channel.LAND_DISPUTE: _l("Tranh chấp đất đai: hòa giải tại UBND xã, phường, đặc khu"),
    Channel.PROCEDURE: _l("Thủ tục hành chính: Trung tâm Phục vụ hành chính công"),
    Channel.CRIME: _l("Tố giác tội phạm: cơ quan công an"),
    Channel.COURT: _l("Khởi kiện: Tòa án nhân dân"),
}

CLOCKS = {Clock.RECEIVE: _l("Tiếp nhận"), Clock.ASSIGN: _l("Giao việc"), Clock.RESOLVE: _l("Xử lý xong")}

DOORS = {
    "complaint": _l("Có vẻ là khiếu nại"),
    "denunciation": _l("Có vẻ là tố cáo"),
    "land_dispute": _l("Có vẻ là tranh chấp đất đai"),
    "procedure": _l("Có vẻ là thủ tục hành chính"),
}

ROLES = {
    Role.OFFICER: _l("Cán bộ xử lý"),
    Role.UNIT_LEAD: _l("Lãnh đạo đơn vị"),
    Role.COORDINATOR: _l("Điều phối viên"),
    Role.ADMINISTRATOR: _l("Quản trị viên"),
    Role.AUDITOR: _l("Người kiểm tra"),
    Role.EDITOR: _l("Biên tập viên"),
}

PRIORITIES = {"normal": _l("Bình thường"), "urgent": _l("Khẩn"), "emergency": _l("Khẩn cấp")}

EVENT_TITLES = {
    "submit": _l("Người dân gửi phản ánh"),
    Step.RECEIVE: _l("Đơn vị đã tiếp nhận"),
    Step.START: _l("Đơn vị bắt đầu xử lý"),
    Step.ASK: _l("Đề nghị người phản ánh bổ sung"),
    Step.REPLY: _l("Người phản ánh bổ sung"),
    Step.FALL_BACK: _l("Quá hạn bổ sung, đơn vị tiếp tục xử lý với thông tin đang có"),
    Step.PAUSE: _l("Tạm dừng xử lý"),
    Step.RESUME: _l("Tiếp tục xử lý"),
    Step.ANSWER: _l("Đơn vị trả lời"),
    Step.NOTE: _l("Ghi chú nội bộ"),
    Step.ASSIGN: _l("Giao cho đồng nghiệp"),
    Step.SAME_CAUSE: _l("Nối với phản ánh cùng nguyên nhân"),
    Step.FORWARD: _l("Chuyển sang đơn vị khác"),
    Step.RETURN: _l("Trả lại, không thuộc thẩm quyền"),
    Step.CORRECT: _l("Sửa lĩnh vực hoặc địa điểm"),
    Step.RESOLVE: _l("Đã xử lý xong"),
    Step.PROPOSE: _l("Trình duyệt kết quả"),
    Step.APPROVE: _l("Đã xử lý xong"),
    Step.SEND_BACK: _l("Chưa duyệt, đưa về xử lý tiếp"),
    Step.CONFIRM: _l("Người phản ánh xác nhận đã xong"),
    Step.CLOSE: _l("Kết thúc"),
    Step.REJECT: _l("Không xử lý"),
    Step.DUPLICATE: _l("Trùng với phản ánh khác"),
    Step.REDIRECT: _l("Hướng dẫn đến nơi giải quyết đúng luật"),
    Step.WITHDRAW: _l("Người phản ánh rút lại phản ánh"),
    Step.REOPEN: _l("Mở lại phản ánh"),
    Step.SEPARATE: _l("Tách ra, xử lý riêng trở lại"),
    "merged_in": _l("Gộp thêm một phản ánh cùng sự việc"),
    "parted": _l("Tách một phản ánh đã gộp"),
    "followed": _l("Tin từ phản ánh cùng sự việc"),
    "reminder": _l("Nhắc đơn vị: sắp hết hạn"),
    "breach": _l("Đã quá hạn"),
    "recount": _l("Thời hạn được tính lại"),
    "ask_extension": _l("Xin gia hạn"),
    "extension": _l("Hẹn lại thời hạn trả lời"),
    "refuse_extension": _l("Không đồng ý gia hạn"),
    "unassign": _l("Cần giao lại"),
    "reform": _l("Sắp xếp đơn vị hành chính"),
    "ask_task": _l("Giao việc cho đơn vị khác"),
    "accept_task": _l("Đã nhận việc được giao"),
    "decline_task": _l("Không nhận việc được giao"),
    "finish_task": _l("Đã xong việc được giao"),
    "withdraw_task": _l("Rút lại việc đã giao"),
    "escalate": _l("Báo đơn vị cấp trên vì quá hạn"),
    "remove_helper": _l("Thôi phối hợp"),
    "rectify": _l("Sửa nội dung theo yêu cầu của người phản ánh"),
    "erase": _l("Xóa dữ liệu cá nhân"),
    "reveal": _l("Xem người phản ánh là ai"),
    "data_request": _l("Yêu cầu của người phản ánh về dữ liệu cá nhân"),
}

REQUESTS = {"correct": _l("Sửa nội dung"), "erase": _l("Xóa dữ liệu")}
REQUEST_NEWS = {
    "late": _l("Quá hạn trả lời"),
    "put_off": _l("Hẹn lại"),
    "granted": _l("Đã làm"),
    "refused": _l("Không làm được"),
}

WHY_REVEALED = {
    Why.VERIFY: _l("Xác minh điều mà câu hỏi trên hệ thống không làm rõ được"),
    Why.VISIT: _l("Hẹn gặp hoặc đến nhà người phản ánh"),
    Why.DANGER: _l("Có nguy hiểm đến người"),
    Why.LAW: _l("Cơ quan có thẩm quyền yêu cầu bằng văn bản"),
}

UNDECIDED = {
    Undecided.NO_SUCCESSOR: _l("đơn vị cũ không còn và không có đơn vị kế nhiệm"),
    Undecided.PLACE_UNKNOWN: _l("chưa biết nơi xảy ra thuộc địa bàn mới nào"),
    Undecided.NO_PART: _l("nơi xảy ra không thuộc phần nào của đơn vị được chia"),
    Undecided.CONCERNED: _l("phản ánh về chính cán bộ của đơn vị kế thừa"),
    Undecided.NO_UNIT_THERE: _l("chưa có đơn vị phụ trách địa bàn mới"),
}


def init_app(app: Flask) -> None:
    app.jinja_env.globals |= {
        "status_word": lambda status: STATUS_WORDS[Status(status)],
        "done_before": done_before,
        "standing_status": standing_status,
        "staff_status": lambda status: STAFF_STATUS[Status(status)],
        "step_button": lambda step: STEP_BUTTONS[Step(step)],
        "reason_word": lambda reason: REASONS[Reason(reason)],
        "why_revealed": lambda why: WHY_REVEALED[Why(why)],
        "channel_word": lambda channel: CHANNELS[Channel(channel)],
        "priority_word": PRIORITIES.__getitem__,
        "event_title": EVENT_TITLES.__getitem__,
        "request_word": REQUESTS.__getitem__,
        "request_news": REQUEST_NEWS.__getitem__,
        "example_code": context.example_code,
        "data_requests": context.data_requests,
        "get_locale": get_locale,
        "named": named,
        "hinted": hinted,
        "in_language": in_language,
        "text_of": text_of,
        "door_word": DOORS.__getitem__,
        "working_time": working_time,
        "open_hours": open_hours,
        "personal_kinds": personal_kinds,
    }


def standing_status(report: Report) -> StatusWord:
    """How it stands with the matter: with what the report was merged into, where it was."""
    return STATUS_WORDS[Status(merging.root(report).status)]


def done_before(report: Report) -> str:
    """That what the report says was said to be done before; '' where it was not, or is open again."""
    former = report.recurrence_of
    if former is None or former.closed_at is None:
        return ""
    day = filters.day(former.closed_at)
    return _("Việc này đã được báo xử lý xong ngày %(day)s, nay lại xảy ra.", day=day)


def basis(event: Event) -> str:
    """The law by which a reform gave the report to another unit; '' for every other event."""
    law = event.details.get("legal_basis") if event.step == "reform" else ""
    return _("Căn cứ: %(basis)s.", basis=law) if law else ""


def particulars(event: Event) -> list[str]:
    """What a step says beside its note: why, to which channel, of which other report."""
    details, said = event.details, []
    if "reason" in details:
        said.append(_("Lý do: %(reason)s.", reason=REASONS[details["reason"]]))
    if "channel" in details:
        said.append(f"{CHANNELS[details['channel']]}.")
    if "original" in details:
        said.append(_("Trùng với %(code)s.", code=details["original"]))
    if "cause" in details:
        said.append(_("Cùng nguyên nhân với %(code)s.", code=details["cause"]))
    if "twin" in details:
        said.append(_("Cùng sự việc với %(code)s.", code=details["twin"]))
    if event.step == "reveal":
        said.append(f"{WHY_REVEALED[Why(details['why'])]}.")
    if event.step == "data_request":
        said.append(f"{REQUESTS[details['kind']]}: {REQUEST_NEWS[details['news']]}.")
    if event.step == "followed":
        said.append(f"{EVENT_TITLES[details['step']]}.")
    return said


def reform_sentence(event: Event) -> str:
    """What a reform changed: the unit, and why not to a successor where there is none, or the area alone."""
    said = event.details
    if said["from_unit"] == said["to_unit"]:
        return _("Địa bàn mới: %(area)s.", area=said["to_area"]) if "to_area" in said else ""
    sentence = _("Từ %(former)s đến %(new)s.", former=said["from_unit"], new=said["to_unit"])
    if why := said.get("undecided"):
        sentence += " " + _("Cần người xem xét: %(why)s.", why=UNDECIDED[why])
    return f"{sentence} {basis(event)}".strip()


def named(thing: Category | Unit) -> str:
    """The name of a category or unit in the reader's language."""
    return in_language(thing.name, thing.name_en)


def text_of(key: str) -> str:
    """A text of the province in the reader's language; '' where its pack has none."""
    found = texts.called(key)
    return in_language(found.text, found.text_en) if found else ""


def hinted(category: Category) -> str:
    """The category's example line in the reader's language."""
    return category.hint_en if str(get_locale()) == "en" and category.hint_en else category.hint


def working_time(minutes: float, round_the_clock: bool = False) -> str:
    """Minutes as people say them: working hours up to a day of eight, working days above."""
    hours, days = round(minutes / 60, 1), round(minutes / 480, 1)
    if round_the_clock:
        return ngettext("%(hours)s giờ", "%(hours)s giờ", ceil(hours), hours=format_decimal(hours))
    if minutes < 480:
        return ngettext(
            "%(hours)s giờ làm việc", "%(hours)s giờ làm việc", ceil(hours), hours=format_decimal(hours)
        )
    return ngettext("%(days)s ngày làm việc", "%(days)s ngày làm việc", ceil(days), days=format_decimal(days))


def open_hours(text: str) -> str:
    """Office hours as people say them: 'Thứ Hai – Thứ Sáu 7:30–11:30, 13:30–17:30; Thứ Bảy 7:30–11:30'."""
    if text == deadlines.ALWAYS:
        return _("ngày và đêm")
    names = get_locale().days["format"]["wide"]
    return "; ".join(
        f"{names[first]}{f' – {names[last]}' if last > first else ''} "
        + ", ".join(f"{_hour(opens)}–{_hour(closes)}" for opens, closes in hours)
        for first, last, hours in deadlines.days_alike(deadlines.office_hours(text))
    )


def _hour(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


PERSONAL_KINDS = {
    Kind.EMAIL: _l("thư điện tử"),
    Kind.PLATE: _l("biển số xe"),
    Kind.IDENTITY: _l("số giấy tờ tùy thân"),
    Kind.PHONE: _l("số điện thoại"),
    Kind.ACCOUNT: _l("số tài khoản ngân hàng"),
}


def personal_kinds(kinds: Iterable[str]) -> str:
    """'số điện thoại, biển số xe'"""
    return ", ".join(str(PERSONAL_KINDS[Kind(kind)]) for kind in kinds)


def personal_data(error: PersonalData) -> str:
    """What is personal in a text for everybody, and what it becomes."""
    return _(
        "Nội dung này ai cũng đọc được mà có %(kinds)s. Khi che sẽ là: “%(public)s”.",
        kinds=personal_kinds(error.details["kinds"]),  # type: ignore[arg-type]
        public=error.details["public"],
    )


def in_language(name: str, name_en: str) -> str:
    """The one in the reader's language."""
    return name_en if str(get_locale()) == "en" and name_en else name
