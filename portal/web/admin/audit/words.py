"""The audit in Vietnamese: deeds, subjects, and what an entry says of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.accounts.factors import Factor
from portal.core.privacy.purposes import Purpose
from portal.models import AuditEntry
from portal.web import filters
from portal.web.admin.data.words import DURATIONS
from portal.web.words import PERSONAL_KINDS, ROLES, WHY_REVEALED, named

DEEDS: Mapping[str, Any] = {
    "create": _l("Tạo mới"),
    "change": _l("Sửa"),
    "remove": _l("Xóa"),
    "read": _l("Xem dữ liệu cá nhân"),
    "reveal": _l("Xem người phản ánh là ai"),
    "reveal_refused": _l("Bị từ chối xem người phản ánh"),
    "rotate": _l("Niêm phong lại bằng khóa mới"),
    "export": _l("Tải bản sao dữ liệu cá nhân"),
    "forget": _l("Xóa dữ liệu cá nhân"),
    "sign_in": _l("Đăng nhập"),
    "sign_in_refused": _l("Bị từ chối đăng nhập"),
    "sign_out": _l("Đăng xuất"),
    "end_sessions": _l("Kết thúc phiên đăng nhập"),
    "invite": _l("Mời vào tài khoản"),
    "ask_reset": _l("Xin đặt lại mật khẩu"),
    "choose_password": _l("Đặt mật khẩu"),
    "ask_code": _l("Người dân xin mã"),
    "enter_code": _l("Người dân nhập đúng mã"),
    "code_refused": _l("Người dân nhập sai mã"),
    "end_device": _l("Người dân thoát khỏi thiết bị"),
    "read_audit": _l("Xem địa chỉ và lý do trong nhật ký"),
    "export_audit": _l("Tải nhật ký"),
    "export_proof": _l("Xuất chứng cứ của một ngày"),
}
SUBJECTS: Mapping[str, Any] = {
    "report": _l("Phản ánh"),
    "account": _l("Tài khoản"),
    "staff_session": _l("Phiên đăng nhập"),
    "appointment": _l("Nhiệm vụ"),
    "unit": _l("Đơn vị"),
    "category": _l("Lĩnh vực"),
    "routing_rule": _l("Quy tắc điều phối"),
    "routing_case": _l("Trường hợp kiểm thử"),
    "answer_template": _l("Mẫu trả lời"),
    "holiday": _l("Ngày trong lịch"),
    "service_level": _l("Thời hạn"),
    "escalation_rule": _l("Quy tắc báo cấp trên"),
    "passkey": _l("Khóa truy cập"),
    "authenticator": _l("Ứng dụng xác thực"),
    "recovery_code": _l("Mã dự phòng"),
    "linked_identity": _l("Liên kết đăng nhập một lần"),
    "contact_code": _l("Mã một lần"),
    "resident_device": _l("Thiết bị của người dân"),
    "data_request": _l("Yêu cầu về dữ liệu cá nhân"),
    "certificate": _l("Chứng nhận xóa"),
    "duration": _l("Thời hạn lưu"),
    "retention_run": _l("Lần xóa vì hết hạn"),
    "audit_day": _l("Ngày của nhật ký"),
    "vault": _l("Khóa niêm phong"),
    "index": _l("Chỉ mục liên hệ"),
}


DETAILS: Mapping[str, Any] = {
    **DURATIONS,
    "passed": _l("Bằng"),
    "factor": _l("Bằng"),
    "factors": _l("Số cách xác thực"),
    "by": _l("Bằng"),
    "kind": _l("Yêu cầu"),
    "kinds": _l("Đã xem"),
    "state": _l("Kết quả"),
    "put_off": _l("Gia hạn"),
    "contact": _l("Liên hệ"),
    "agreed": _l("Đồng ý"),
    "withdrawn": _l("Rút lại sự đồng ý"),
    "held_until": _l("Giữ đến"),
    "digest": _l("Mã băm"),
    "rows": _l("Số dòng"),
    "contacts": _l("Số liên hệ"),
    "since": _l("Từ ngày"),
    "until": _l("Đến ngày"),
    "deed": _l("Việc"),
    "account": _l("Tài khoản"),
    "subject": _l("Đối tượng"),
    "why": _l("Mục đích"),
    "events": _l("Sự kiện"),
    "before": _l("Trước lúc"),
    "from": _l("Từ thiết bị"),
    "name": _l("Tên"),
    "phone": _l("Điện thoại"),
    "email": _l("E-mail"),
    "address": _l("Địa chỉ"),
    "active": _l("Còn dùng"),
    "role": _l("Vai trò"),
    "unit_id": _l("Đơn vị"),
    "password_hash": _l("Mật khẩu"),
    "sign_in_stamp": _l("Dấu phiên đăng nhập"),
    "valid_from": _l("Có hiệu lực từ"),
    "valid_until": _l("Hết hiệu lực"),
    "category_code": _l("Lĩnh vực"),
    "priority": _l("Mức độ ưu tiên"),
    "legal_basis": _l("Căn cứ"),
    "note": _l("Ghi chú"),
}


FACTORS: Mapping[str, Any] = {
    Factor.PASSWORD: _l("mật khẩu"),
    Factor.SINGLE_SIGN_ON: _l("đăng nhập một lần"),
    Factor.CODE: _l("mã của ứng dụng xác thực"),
    Factor.RECOVERY: _l("mã dự phòng"),
    Factor.PASSKEY: _l("khóa truy cập"),
    "code": _l("mã xác thực"),
}
PURPOSES: Mapping[str, Any] = {
    Purpose.FOLLOW: _l("nhận tin"),
    Purpose.CONTACT: _l("đơn vị gọi hoặc viết để hỏi thêm"),
}
VALUES: Mapping[str, Mapping[str, Any]] = {
    "passed": FACTORS,
    "factor": FACTORS,
    "by": {
        "mail": _l("e-mail"),
        "reporter": _l("người phản ánh"),
        "invitation": _l("đường dẫn mời"),
        "reset": _l("đường dẫn đặt lại"),
        "old password": _l("mật khẩu cũ"),
    },
    "kind": {"correct": _l("sửa nội dung"), "erase": _l("xóa dữ liệu")},
    "state": {"granted": _l("đã làm"), "refused": _l("từ chối")},
    "why": WHY_REVEALED,
    "kinds": PERSONAL_KINDS,
    "contact": {"name": _l("họ và tên"), "phone": _l("số điện thoại"), "email": _l("e-mail")},
    "agreed": PURPOSES,
    "withdrawn": PURPOSES,
    "deed": DEEDS,
    "role": ROLES,
}
LISTS = {"passed", "kinds", "contact"}  # of things; every other pair is what was and what is


def deed(entry: AuditEntry) -> Any:
    return DEEDS.get(entry.deed, entry.deed)


def subject(entry: AuditEntry, codes: Mapping[str, str]) -> str:
    """'Đơn vị 12'; a report is called by its code."""
    if not entry.subject_kind:
        return ""
    key = (
        codes.get(entry.subject_id, entry.subject_id) if entry.subject_kind == "report" else entry.subject_id
    )
    return f"{SUBJECTS.get(entry.subject_kind, entry.subject_kind)} {key}"


def who(entry: AuditEntry) -> str:
    """The person, else nobody with an account: a resident, a command or the system."""
    return entry.account.name if entry.account else _("Người dân hoặc hệ thống")


def seat(entry: AuditEntry) -> str:
    """'Cán bộ xử lý, UBND phường Đông Hà': as what they acted."""
    role = ROLES.get(entry.role, entry.role)
    return ", ".join(str(part) for part in (role, named(entry.unit) if entry.unit else "") if part)


def details(entry: AuditEntry) -> list[str]:
    """'Điện thoại: cũ → mới', one line for each; of what is secret only that it changed."""
    named = ((DETAILS.get(name, name), _value(name, value)) for name, value in entry.details.items())
    return [f"{label}: {said}" if said else str(label) for label, said in named]


def _value(name: str, value: object) -> str:
    if not isinstance(value, list):
        return _word(name, value)
    parts = [_word(name, one) for one in value]
    return (" → " if len(parts) == 2 and name not in LISTS else ", ").join(parts)


def _word(name: str, value: object) -> str:
    """A value as people say and write it."""
    if value in ("", None):
        return "—"
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, str):
        return str(VALUES.get(name, {}).get(value) or _written(value))
    return str(value)


def _written(value: str) -> str:
    """Days and moments as they are written here, everything else as it is."""
    if value[4:5] != "-":
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return filters.moment(moment) if "T" in value else filters.day(moment.date())
