"""One table from the law's errors to HTTP, with a sentence for each in the reader's language."""

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from portal.adapters.storage import StorageError
from portal.adapters.vault import Unsealable
from portal.core import errors

DOMAIN = {
    errors.NotAllowed: (403, _("Bước này không còn thực hiện được với phản ánh này.")),
    errors.NoteRequired: (422, _("Xin ghi nội dung trước khi gửi.")),
    errors.ReasonRequired: (422, _("Xin chọn một lý do trong danh sách.")),
    errors.UnitRequired: (422, _("Xin chọn một đơn vị khác đang hoạt động để chuyển đến.")),
    errors.ChannelRequired: (422, _("Xin chọn một nơi tiếp nhận trong danh sách.")),
    errors.OriginalRequired: (422, _("Không có phản ánh nào khác mang mã này. Xin xem lại mã.")),
    errors.ColleagueRequired: (422, _("Xin chọn một cán bộ của đơn vị.")),
    errors.Stale: (409, _("Có người vừa cập nhật nội dung này. Xin xem lại rồi thực hiện tiếp.")),
    errors.NotFound: (404, _("Không tìm thấy nội dung này.")),
    errors.BadPhoto: (422, _("Tệp này không phải là ảnh đọc được.")),
    errors.BadDocument: (422, _("Tệp này không phải là tài liệu PDF nhận được.")),
    errors.EvidenceRequired: (422, _("Kết quả này cần ảnh hoặc tài liệu.")),
    errors.EvidenceDoubtful: (422, _("Xin nói rõ vì sao ảnh này vẫn đúng.")),
    errors.GenericAnswer: (422, _("Câu trả lời gần như chép lại một câu đã gửi.")),
    errors.PersonalData: (422, _("Nội dung công khai này có dữ liệu cá nhân. Xin chọn che hay giữ.")),
    errors.Held: (409, _("Phản ánh này đang được giữ vì một vụ việc theo luật, nên chưa xóa được.")),
    errors.BadPoint: (422, _("Tọa độ này không phải là một vị trí trên bản đồ.")),
    errors.OutsideTerritory: (422, _("Vị trí này nằm ngoài địa bàn tỉnh.")),
    errors.WrongCredentials: (422, _("Tên đăng nhập hoặc mật khẩu không đúng.")),
    errors.WrongFactor: (422, _("Mã hoặc khóa không đúng, đã dùng rồi hoặc đã hết hạn.")),
    errors.AccountLocked: (429, _("Đăng nhập sai quá nhiều lần. Xin thử lại sau ít phút.")),
    errors.TooOften: (429, _("Bạn thao tác quá nhanh. Xin thử lại sau ít phút.")),
    errors.Conflict: (409, _("Thay đổi này mâu thuẫn với dữ liệu đang có.")),
}

HTTP = {
    400: _("Yêu cầu không hợp lệ."),
    403: _("Bạn không có quyền xem trang này."),
    404: _("Không tìm thấy trang này."),
    405: _("Trang này không nhận cách gửi vừa dùng."),
    413: _("Tệp gửi lên quá lớn. Xin chọn ít ảnh hơn hoặc ảnh nhỏ hơn."),
    429: _("Bạn thao tác quá nhanh. Xin thử lại sau ít phút."),
    500: _("Hệ thống gặp lỗi. Nội dung của bạn chưa được lưu; xin thử lại sau ít phút."),
    503: _("Hệ thống đang bận. Nội dung của bạn chưa được lưu; xin thử lại sau ít phút."),
}


def init_app(app: Flask) -> None:
    app.register_error_handler(errors.PortalError, _domain)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StorageError, _busy)
    app.register_error_handler(Unsealable, _busy)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(DataError, _unreadable)


def _page(code: int, sentence: object) -> tuple[str, int]:
    return render_template("error.html", code=code, sentence=sentence), code


def _domain(error: errors.PortalError) -> ResponseReturnValue:
    code, sentence = DOMAIN[type(error)]
    headers = (
        [("Retry-After", str(error.details["seconds"]))] if code == 429 and "seconds" in error.details else []
    )
    return *_page(code, sentence), headers


def _expired(error: CSRFError) -> ResponseReturnValue:
    return _page(400, _("Biểu mẫu đã hết hạn. Xin quay lại, tải lại trang và gửi lần nữa."))


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response(request.environ)
    sentence = HTTP.get(error.code, HTTP[500] if error.code >= 500 else HTTP[400])
    page, code = _page(error.code, sentence)
    headers = [
        header for header in error.get_headers(request.environ) if header[0] in ("Allow", "Retry-After")
    ]
    return page, code, headers


def _unreadable(_error: DataError) -> ResponseReturnValue:
    """A value that the database cannot even read, such as a NUL in an address, asks for nothing that exists."""
    return _page(400, HTTP[400])


def _busy(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("%s refused: %s", request.path, error)
    return _page(503, HTTP[503])
