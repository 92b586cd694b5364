"""The words for what is kept and asked."""

from flask_babel import lazy_gettext as _l

from portal.core.privacy.durations import Clock, Kept

STATES = {"open": _l("đang chờ"), "granted": _l("đã làm"), "refused": _l("đã từ chối")}
DURATIONS = {
    Kept.CONTACT: _l("Liên hệ của người phản ánh, từ khi kết thúc"),
    Kept.SEALED_TEXTS: _l("Bản gốc của nội dung đã che, từ khi kết thúc"),
    Kept.PHOTOS: _l("Ảnh của người phản ánh, từ khi kết thúc"),
    Kept.REPORT: _l("Lời người phản ánh và vị trí chính xác, từ khi kết thúc"),
    Kept.MESSAGES: _l("Tin nhắn đã gửi"),
    Kept.SESSIONS: _l("Phiên đăng nhập của cán bộ, từ khi hết hạn"),
    Kept.ADDRESSES: _l("Địa chỉ mạng và lý do trong nhật ký"),
    Clock.REPLY: _l("Phản hồi yêu cầu (ngày làm việc)"),
    Clock.CORRECT: _l("Sửa nội dung theo yêu cầu"),
    Clock.ERASE: _l("Xóa dữ liệu theo yêu cầu"),
    Clock.CORRECT_LATER: _l("Gia hạn một lần cho việc sửa"),
    Clock.ERASE_LATER: _l("Gia hạn một lần cho việc xóa"),
}
