"""The audit in Vietnamese: deeds, subjects, and what an entry says of them."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.models import AuditEntry
from portal.web.words import ROLES, named

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
}


DETAILS: Mapping[str, Any] = {
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
    """'phone: cũ → mới', one line for each; of what is secret only that it changed."""
    named = ((DETAILS.get(name, name), value) for name, value in entry.details.items())
    return [f"{name}: {_value(value)}" if value != [] else str(name) for name, value in named]


def _value(value: object) -> str:
    if isinstance(value, list) and len(value) == 2:
        return " → ".join("—" if one in ("", None) else str(one) for one in value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
