"""The inbox in people's words: its tabs, what each step did, and how long a clock still runs."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.core.evidence import Doubt
from portal.core.workflow import Clock, Status, Step
from portal.services import inbox
from portal.services.clocks import Countdown
from portal.services.inbox import Tab
from portal.web import identity
from portal.web.words import STEP_BUTTONS

SOON_MINUTES = 240

TABS = {
    Tab.TODO: _l("Đơn vị tôi"),
    Tab.MINE: _l("Của tôi"),
    Tab.HELPING: _l("Phối hợp"),
    Tab.OVERDUE: _l("Quá hạn"),
    Tab.APPROVAL: _l("Chờ duyệt"),
    Tab.WAITING: _l("Đang chờ"),
    Tab.DONE: _l("Đã xong"),
    Tab.WIDER: _l("Đơn vị khác"),
}

NOTHING = {
    Tab.TODO: _l("Không còn việc nào đang chờ đơn vị."),
    Tab.MINE: _l("Bạn không phụ trách phản ánh nào đang mở."),
    Tab.HELPING: _l("Đơn vị không phối hợp xử lý phản ánh nào đang mở."),
    Tab.OVERDUE: _l("Không có phản ánh nào quá hạn."),
    Tab.APPROVAL: _l("Không có kết quả nào chờ duyệt."),
    Tab.WAITING: _l("Không có phản ánh nào đang chờ hoặc tạm dừng."),
    Tab.DONE: _l("Chưa có phản ánh nào đã xong."),
    Tab.WIDER: _l("Không có phản ánh nào đang mở ở đơn vị khác."),
}


def tabs() -> dict[Tab, Any]:
    """The tabs that the person has, with their words."""
    return {tab: TABS[tab] for tab in inbox.tabs(identity.seat())}


CAME_BY = {
    "web": _l("Trang web"),
    "phone": _l("Điện thoại"),
    "counter": _l("Tại quầy"),
    "zalo": _l("Zalo"),
    "paper": _l("Giấy tờ"),
}

DONE = {
    Step.RECEIVE: _l("Đã tiếp nhận. Phản ánh này do bạn phụ trách."),
    Step.START: _l("Đã ghi nhận: đang xử lý."),
    Step.CORRECT: _l("Đã sửa. Đơn vị của bạn vẫn xử lý phản ánh này."),
    Step.ASK: _l("Đã gửi câu hỏi. Thời hạn tạm dừng cho đến khi người phản ánh trả lời."),
    Step.ANSWER: _l("Đã gửi câu trả lời cho người phản ánh."),
    Step.NOTE: _l("Đã lưu ghi chú nội bộ."),
    Step.ASSIGN: _l("Đã giao phản ánh."),
    Step.SAME_CAUSE: _l("Đã nối hai phản ánh cùng nguyên nhân."),
    Step.RESOLVE: _l("Đã báo xử lý xong cho người phản ánh."),
    Step.PAUSE: _l("Đã tạm dừng và báo lý do cho người phản ánh."),
    Step.RESUME: _l("Đã ghi nhận: xử lý tiếp."),
    Step.PROPOSE: _l("Đã trình kết quả. Người phản ánh nhận kết quả khi một cán bộ khác duyệt."),
    Step.APPROVE: _l("Đã duyệt và báo kết quả cho người phản ánh."),
    Step.SEND_BACK: _l("Đã đưa về xử lý tiếp."),
    Step.DUPLICATE: _l("Đã kết thúc vì trùng và báo cho người phản ánh."),
    Step.SEPARATE: _l("Đã tách ra; phản ánh được xử lý tiếp như trước khi gộp."),
    Step.REDIRECT: _l("Đã hướng dẫn người phản ánh đến nơi giải quyết."),
    Step.REJECT: _l("Đã từ chối và báo lý do cho người phản ánh."),
    Step.REOPEN: _l("Đã mở lại phản ánh."),
}

DOUBTS = {
    Doubt.UNDATED: _l("ảnh không ghi thời điểm chụp"),
    Doubt.EARLY: _l("ảnh chụp trước khi có phản ánh này"),
    Doubt.UNPLACED: _l("ảnh không ghi nơi chụp"),
    Doubt.FAR: _l("ảnh chụp cách nơi phản ánh hơn 300 m"),
}

KINDS = {
    "commune": _l("UBND xã, phường, đặc khu"),
    "district": _l("UBND huyện, thị xã, thành phố"),
    "department": _l("Sở, ban, ngành"),
    "division": _l("Phòng, đơn vị trực thuộc"),
    "utility": _l("Doanh nghiệp hạ tầng, tiện ích"),
    "police": _l("Công an"),
    "coordination": _l("Điều phối"),
    "province": _l("UBND tỉnh"),
    "national": _l("Cơ quan trung ương"),
}


def button_word(step: Step, status: str) -> str:
    """What the button of a step says to an officer."""
    if (status, step) == (Status.WAITING, Step.START):
        return _("Tiếp tục xử lý, không chờ nữa")
    return str(STEP_BUTTONS[step])


@dataclass(frozen=True)
class CountdownWords:
    """`state` is 'open', 'soon' or 'late'."""

    state: str
    text: str


def inbox_words(countdown: Countdown) -> CountdownWords:
    """The same, with what has to be done by then where the status of the report does not say it."""
    said = countdown_words(countdown)
    return CountdownWords(said.state, next_words(countdown.clock, said.text))


def next_words(clock: Clock | None, left: str) -> str:
    """'Giao việc: còn 3 giờ làm việc'; the other clocks need no name."""
    return _("Giao việc: %(left)s", left=left) if clock is Clock.ASSIGN else left


def countdown_words(countdown: Countdown) -> CountdownWords:
    """'còn 3 giờ làm việc', 'quá hạn 2 ngày làm việc'."""
    if countdown.late:
        late = _("vừa quá hạn") if not countdown.minutes else _("quá hạn %(time)s", time=_length(countdown))
        return CountdownWords("late", late)
    left = _("còn %(time)s", time=_length(countdown)) if countdown.minutes else _("còn dưới một phút")
    if countdown.reminded:
        return CountdownWords("soon", _("sắp hết hạn, %(left)s", left=left))
    return CountdownWords("soon" if countdown.minutes <= SOON_MINUTES else "open", left)


def _length(countdown: Countdown) -> str:
    minutes, whole = countdown.minutes, countdown.round_the_clock
    if minutes < 60:
        return ngettext("%(num)s phút", "%(num)s phút", minutes)
    days, hours = minutes // (1440 if whole else 480), minutes // 60
    if not days:
        if whole:
            return ngettext("%(num)s giờ", "%(num)s giờ", hours)
        return ngettext("%(num)s giờ làm việc", "%(num)s giờ làm việc", hours)
    if whole:
        return ngettext("%(num)s ngày", "%(num)s ngày", days)
    return ngettext("%(num)s ngày làm việc", "%(num)s ngày làm việc", days)
