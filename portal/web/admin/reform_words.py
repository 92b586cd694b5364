"""Words of reforms: what a row does, how far a reform is, and what is wrong with a file."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core.packs import Problem
from portal.core.reform import Kind, Undecided
from portal.core.reform.faults import Fault
from portal.models import Reform
from portal.web.filters import day, number
from portal.web.words import STAFF_STATUS, UNDECIDED

Pair = tuple[Any, Any]

KINDS = {
    Kind.MERGE: _l("Nhập vào đơn vị khác"),
    Kind.SPLIT: _l("Chia"),
    Kind.ABOLISH: _l("Bỏ"),
    Kind.RENAME: _l("Đổi tên"),
    Kind.MOVE: _l("Chuyển nhiệm vụ"),
}

STATES = {"prepared": _l("đã chuẩn bị"), "done": _l("đã thực hiện"), "cancelled": _l("đã hủy")}

FAULTS = {
    "nothing": _l("Tệp không có hàng nào."),
    "needed": _l("Không được để trống với loại thay đổi này."),
    "not_wanted": _l("Phải để trống với loại thay đổi này."),
    "no_vintage": _l("Chưa có địa bàn nào cho ngày %(day)s. Xin nạp gói dữ liệu trước."),
    "no_unit": _l("Không có đơn vị %(code)s."),
    "ended": _l("%(code)s đã kết thúc từ %(day)s."),
    "begins": _l("%(code)s chỉ hoạt động từ %(day)s."),
    "other_successor": _l("Danh mục đã ghi đơn vị kế nhiệm là %(code)s."),
    "other_name": _l("Từ ngày đó danh mục đã ghi tên %(name)s."),
    "not_there": _l("Không có đơn vị %(code)s vào ngày %(day)s."),
    "no_districts": _l("Không còn cấp huyện vào ngày %(day)s."),
    "itself": _l("%(code)s không bắt đầu lại từ %(day)s nên không thể tự kế nhiệm."),
    "ends_too": _l("%(code)s cũng kết thúc (hàng %(first)s). Xin ghi đơn vị còn hoạt động vào ngày %(day)s."),
    "loop": _l("Đi vòng: %(path)s."),
    "no_area": _l("Không có địa bàn %(code)s vào ngày %(day)s."),
    "no_category": _l("Không có lĩnh vực %(code)s."),
    "one_part": _l("Chỉ có một phần thì là nhập, không phải chia."),
    "repeats": _l("Lặp lại hàng %(first)s."),
    "contradicts": _l("Mâu thuẫn với hàng %(first)s."),
    "fallback": _l("%(code)s nhận phản ánh chưa có quy tắc nên phải còn hoạt động vào ngày %(day)s."),
}

CELLS = (  # what core.cells and core.tables say, by a piece of it
    ("not UTF-8", _l("Chữ không phải UTF-8 (có thể lưu bằng Windows-1258 hoặc TCVN3).")),
    ("UTF-16", _l("Tệp là UTF-16. Xin lưu lại dạng “CSV UTF-8”.")),
    ("NUL byte", _l("Đây không phải tệp văn bản. Xin lưu lại dạng “CSV UTF-8”.")),
    ("NFC", _l("Chữ có dấu chưa ở dạng dựng sẵn (NFC).")),
    ("control characters", _l("Có ký tự điều khiển, xuống dòng hoặc dấu cách thừa.")),
    ("take for a formula", _l("Bắt đầu bằng dấu mà bảng tính hiểu là công thức.")),
    ("the file is empty", _l("Tệp không có hàng nào.")),
    ("is empty", _l("Không được để trống.")),
    ("is no code", _l("Mã chỉ gồm chữ cái không dấu, chữ số và dấu gạch dưới.")),
    ("is not one of", _l("Không thuộc các giá trị cho phép: merge, split, abolish, rename, move.")),
    ("column is missing", _l("Thiếu cột này.")),
    ("column stands twice", _l("Cột này có hai lần.")),
    ("column is unknown", _l("Không có cột nào tên như vậy.")),
    ("not by commas", _l("Các ô không cách nhau bằng dấu phẩy. Xin lưu lại dạng “CSV UTF-8” có dấu phẩy.")),
    ("where the header has", _l("Số ô của hàng không bằng số cột.")),
)
REPORTS = {
    "open": _l("đang mở"),
    "moved": _l("đổi đơn vị"),
    "places": _l("có địa bàn mới"),
    "assignees_cleared": _l("đổi cả cán bộ phụ trách"),
    "told": _l("tin nhắn đã gửi"),
}
FOLLOWS = {
    "rules_ended": _l("quy tắc kết thúc"),
    "rules_new": _l("quy tắc tiếp theo"),
    "officers": _l("cán bộ"),
    "cooperations": _l("lượt phối hợp"),
    "clocks": _l("thời hạn riêng"),
    "cases": _l("ca kiểm thử"),
    "templates": _l("mẫu trả lời"),
    "escalations": _l("quy tắc báo cấp trên"),
}
UNCLEAR = ("undecided", "cooperations_undecided", "officers_unclear", "rules_unclear")
UNCLEAR += ("clocks_unclear", "cases_unclear", "templates_unclear", "escalations_unclear")
UNREADABLE = _l("Không đọc được (dấu ngoặc kép không khớp, hoặc ô quá dài).")


@dataclass(frozen=True)
class Told:
    """What a reform does or did, as figures and rows for the page."""

    changes: list[Pair]
    rows: list[tuple[Any, ...]]
    reports: list[Pair]
    moves: list[tuple[Any, ...]]
    follows: list[Pair]
    undecided: list[Pair]
    nothing_undecided: bool
    proof: list[tuple[Any, ...]]


def told(reform: Reform, said: dict[str, Any]) -> Told:
    """The page's words for `said`: a plan, or the counts of a reform that is done."""
    return Told(
        changes=[(KINDS[Kind(kind)], number(count)) for kind, count in said["changes"].items() if count],
        rows=[
            (
                row["unit"],
                KINDS[Kind(row["change"])],
                row["successor"] or row["name"] or "—",
                row["legal_basis"],
                row["note"],
            )
            for row in reform.plan
        ],
        reports=_figures(said, REPORTS),
        moves=[(was, now, number(count)) for _was, was, _now, now, count in said["moves"]],
        follows=_figures(said, FOLLOWS),
        undecided=[(UNDECIDED[Undecided(why)], count) for why, count in said["undecided"].items()],
        nothing_undecided=not any(said[name] for name in UNCLEAR),
        proof=_proof(said) if "after" in said else [],
    )


def _figures(said: dict[str, Any], words: dict[str, Any]) -> list[Pair]:
    return [(words[name], number(said[name])) for name in words if name in said]


def _proof(said: dict[str, Any]) -> list[tuple[Any, ...]]:
    before, after = said["before"], said["after"]
    rows: list[tuple[Any, Any, Any]] = [
        (words, before["open"][status], after["open"][status])
        for status, words in STAFF_STATUS.items()
        if status in before["open"]
    ]
    rows.append((_l("Đã đóng"), before["closed"], after["closed"]))
    return [(words, number(was), number(now)) for words, was, now in rows]


def reason(problem: Problem) -> str:
    """What is wrong, in the reader's language."""
    if isinstance(problem, Fault):
        return str(FAULTS[problem.kind]) % _said(problem.details)
    return str(next((words for piece, words in CELLS if piece in problem.reason), UNREADABLE))


def _said(details: dict[str, Any]) -> dict[str, Any]:
    return {name: day(value) if name == "day" else value for name, value in details.items()}
