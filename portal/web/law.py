"""The law of a report in words: the table that `flask workflow show` prints, and docs/workflow.md keeps."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.workflow import (
    KINDS,
    LAW,
    REASONS,
    Actor,
    Channel,
    Condition,
    Demand,
    Effect,
    Kind,
    Lead,
    Status,
    Told,
)
from portal.web.words import CHANNELS, STAFF_STATUS, STATUS_WORDS, STEP_BUTTONS
from portal.web.words import REASONS as REASON_WORDS

KIND_WORDS = {
    Kind.OPEN: _l("đang mở: thời hạn chạy"),
    Kind.WAITING: _l("đang chờ: thời hạn tạm dừng"),
    Kind.CLOSED: _l("đã khép lại"),
}
ACTORS = {
    Actor.RESIDENT: _l("người phản ánh"),
    Actor.OFFICER: _l("cán bộ đơn vị chủ trì"),
    Actor.APPROVER: _l("cán bộ khác của đơn vị, không phải người trình"),
    Actor.COORDINATOR: _l("cán bộ trung tâm điều phối"),
    Actor.ADMINISTRATOR: _l("quản trị viên, theo yêu cầu xóa dữ liệu của người phản ánh"),
    Actor.SYSTEM: _l("hệ thống"),
}
CONDITIONS = {
    Condition.NO_APPROVAL: _l("đơn vị không cần duyệt"),
    Condition.APPROVAL: _l("đơn vị cần duyệt"),
    Condition.UNSETTLED: _l("chưa bị trả lại hai lần"),
    Condition.RETURNABLE: _l(
        "trong 8 giờ làm việc từ khi hồ sơ đến đơn vị, chưa bị trả lại hai lần, không phải trung tâm điều phối"
    ),
    Condition.LATELY_CLOSED: _l("trong 30 ngày kể từ khi có kết quả"),
    Condition.LONG_CLOSED: _l("sau 30 ngày kể từ khi có kết quả"),
    Condition.UNANSWERED: _l("sau 5 ngày làm việc kể từ khi hỏi mà chưa có trả lời"),
    Condition.ALONE: _l("chưa có phản ánh khác được gộp vào"),
    Condition.KEPT: _l("người phản ánh không rút lại"),
}
DEMANDS = {
    Demand.ANSWER: _l("lời công khai"),
    Demand.NOTE: _l("lời nội bộ"),
    Demand.REASON: _l("lý do trong danh sách"),
    Demand.UNIT: _l("đơn vị nhận"),
    Demand.CHANNEL: _l("nơi giải quyết trong danh sách"),
    Demand.ORIGINAL: _l("mã phản ánh kia"),
    Demand.COLLEAGUE: _l("cán bộ của đơn vị"),
    Demand.FACTS: _l("lĩnh vực hoặc địa điểm đúng"),
    Demand.EVIDENCE: _l("ảnh hoặc văn bản, nếu lĩnh vực đòi"),
}
TOLD = {
    Told.MESSAGE: _l("được nhắn tin"),
    Told.PAGE: _l("đọc trên trang"),
    Told.NOTHING: _l("không thấy"),
}
EFFECTS = {
    Effect.NONE: _l("giữ nguyên"),
    Effect.START: _l("tính lại: tiếp nhận khi đổi đơn vị, xử lý khi mở lại"),
    Effect.NEXT: _l("hết tiếp nhận, còn xử lý"),
    Effect.STOP: _l("tạm dừng"),
    Effect.RESUME: _l("chạy tiếp"),
    Effect.END: _l("kết thúc"),
    Effect.RESTORE: _l("như trước khi gộp; thời gian đã qua vẫn tính"),
}
LEADS = {
    Lead.SAME: _l("giữ nguyên"),
    Lead.CHOSEN: _l("đơn vị được chọn"),
    Lead.RULES: _l("theo quy tắc điều phối; đơn vị khác thì như được chuyển"),
    Lead.SENDER: _l("đơn vị đã chuyển đến; trung tâm điều phối nếu do quy tắc hoặc là lần thứ hai"),
}


def page() -> str:
    """Statuses, steps, reasons and channels as tables in Markdown."""
    return "\n".join((_statuses(), _steps(), _reasons(), _channels()))


def _statuses() -> str:
    rows = [(f"`{one}`", STAFF_STATUS[one], STATUS_WORDS[one].text, KIND_WORDS[KINDS[one]]) for one in Status]
    return _table(_("Trạng thái"), (_("Mã"), _("Cán bộ đọc"), _("Người dân đọc"), _("Loại")), rows)


def _steps() -> str:
    head = (
        *(_("Mã"), _("Bước"), _("Từ"), _("Đến"), _("Ai"), _("Cần có")),
        *(_("Người phản ánh"), _("Thời hạn"), _("Đơn vị chủ trì")),
    )
    rows = [
        (
            f"`{step}`",
            STEP_BUTTONS[step],
            _("mọi trạng thái")
            if statuses == tuple(Status)
            else _list(STAFF_STATUS[one] for one in statuses),
            _to(to, effect),
            _list(_who(actor, condition) for actor, condition in by.items()),
            _list(DEMANDS[one] for one in demands) or "–",
            TOLD[told],
            EFFECTS[effect],
            LEADS[lead],
        )
        for step, statuses, to, by, demands, told, effect, lead in LAW
    ]
    return _table(_("Các bước"), head, rows)


def _to(to: Status | None, effect: Effect) -> str:
    if effect is Effect.RESTORE:
        return _("như trước khi gộp")
    return str(STAFF_STATUS[to]) if to else _("giữ nguyên")


def _who(actor: Actor, condition: Condition) -> str:
    return f"{ACTORS[actor]} ({CONDITIONS[condition]})" if condition in CONDITIONS else str(ACTORS[actor])


def _reasons() -> str:
    rows = [
        (f"`{one}`", REASON_WORDS[one], STEP_BUTTONS[step])
        for step, reasons in REASONS.items()
        for one in reasons
    ]
    return _table(_("Lý do"), (_("Mã"), _("Lý do"), _("Bước")), rows)


def _channels() -> str:
    rows = [(f"`{one}`", CHANNELS[one]) for one in Channel]
    return _table(_("Nơi giải quyết khác"), (_("Mã"), _("Nơi giải quyết")), rows)


def _list(words: Iterable[object]) -> str:
    return "; ".join(str(word) for word in words)


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return f"## {title}\n\n" + "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)
