"""One table from the law's errors to HTTP, with a sentence for each in the reader's language.

People get a page, programs the same as JSON (RFC 9457).
"""

from http import HTTPStatus
from logging import ERROR, INFO
from secrets import token_hex

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, SecurityError

from portal.adapters.storage import StorageError
from portal.adapters.vault import Unsealable
from portal.core import errors
from portal.web import identity
from portal.web.front import held
from portal.web.front.addresses import came_from, is_for_programs, is_foreign

DOMAIN = {
    errors.NotAllowed: (403, _("Bước này không còn thực hiện được với phản ánh này.")),
    errors.NoteRequired: (422, _("Xin ghi nội dung trước khi gửi.")),
    errors.ReasonRequired: (422, _("Xin chọn một lý do trong danh sách.")),
    errors.UnitRequired: (422, _("Xin chọn một đơn vị khác đang hoạt động để chuyển đến.")),
    errors.NobodyElse: (
        422,
        _("Ở đây không có cơ quan nào khác xem xét được phản ánh này. Xin gửi đơn đến cơ quan cấp trên."),
    ),
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
    errors.WeakPassword: (422, _("Mật khẩu này không dùng được. Xin chọn mật khẩu khác.")),
    errors.LinkSpent: (410, _("Đường dẫn này đã được dùng hoặc đã quá hạn.")),
    errors.TooOften: (429, _("Bạn thao tác quá nhanh. Xin thử lại sau ít phút.")),
    errors.CodeRefused: (410, _("Mã này không mở được. Xin lấy mã mới.")),
    errors.Conflict: (409, _("Thay đổi này mâu thuẫn với dữ liệu đang có.")),
}

HTTP = {
    400: _("Yêu cầu không hợp lệ."),
    401: _("Bạn chưa đăng nhập, hoặc phiên làm việc đã hết. Xin đăng nhập lại."),
    403: _("Bạn không có quyền xem trang này."),
    404: _("Không tìm thấy trang này."),
    405: _("Trang này không nhận cách gửi vừa dùng."),
    413: _(
        "Tệp gửi lên quá lớn. Chưa có gì được gửi. Xin bấm nút quay lại của trình duyệt, nơi nội dung đã nhập còn đó, "
        "rồi chọn ít ảnh hơn hoặc ảnh nhỏ hơn."
    ),
    429: _("Bạn thao tác quá nhanh. Xin thử lại sau ít phút."),
    500: _("Hệ thống gặp lỗi. Nội dung của bạn chưa được lưu; xin thử lại sau ít phút."),
    503: _("Hệ thống đang bận. Nội dung của bạn chưa được lưu; xin thử lại sau ít phút."),
}


SIGNED_IN = ("staff", "admin", "account")  # doors that somebody comes through by signing in
SENT_AGAIN = {400, 403, 429, 500, 503}  # what was typed may be right, only the moment was not
SAID_BESIDE = {"Allow", "Retry-After", "WWW-Authenticate"}
UNNUMBERED = {401, 404, 405, 422}  # says all there is to say


def init_app(app: Flask) -> None:
    app.register_error_handler(errors.PortalError, _domain)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StorageError, _busy)
    app.register_error_handler(Unsealable, _busy)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(DataError, _unreadable)


def reference() -> str:
    """A number that stands on the error page and in the log, and nowhere else."""
    if "reference" not in g:
        g.reference = f"{token_hex(2)}-{token_hex(2)}".upper()
    return g.reference


def log_line() -> str:
    """What a log may say of this request: never an address, which may hold a key, nor what was asked or typed."""
    return f"{reference()} {request.method} {request.url_rule.rule if request.url_rule else 'no page'}"


def _told(code: int, sentence: object, signed_out: bool = False) -> tuple[Response | str, int]:
    """What is answered to an error, in the form that the address promises."""
    if code not in UNNUMBERED:
        current_app.logger.log(ERROR if code >= 500 else INFO, "%s: %s", log_line(), code)
    number = None if code in UNNUMBERED else reference()
    if is_for_programs():
        return _problem(code, sentence, number), code
    return _page(code, sentence, number, signed_out), code


def _problem(code: int, sentence: object, number: str | None) -> Response:
    """Problem details with the reference number beside what RFC 9457 names."""
    said = {"title": HTTPStatus(code).phrase, "status": code, "detail": str(sentence)}
    answer = jsonify(said if number is None else {**said, "reference": number})
    answer.mimetype = "application/problem+json"
    return answer


def _page(code: int, sentence: object, number: str | None, signed_out: bool) -> str:
    """The page of an error, with what was typed."""
    fields = held.fields()
    furnished = {
        "code": code,
        "sentence": sentence,
        "reference": number,
        "back": came_from() if code != 404 else None,
        "typed": held.words(fields),
        "fields": fields if code in SENT_AGAIN and (code != 403 or signed_out) else [],
        "files": held.files() if fields else False,
        "signed_out": signed_out,
    }
    try:
        return render_template("error.html", **furnished)
    except SQLAlchemyError:  # even the frame of a page asks the database who is signed in
        bare = current_app.jinja_env.get_template("error_bare.html")
        return bare.render(furnished, root=request.script_root)


def _domain(error: errors.PortalError) -> ResponseReturnValue:
    wait = error.details.get("seconds") if isinstance(error, errors.TooOften) else None
    return *_told(*DOMAIN[type(error)]), {"Retry-After": str(wait)} if wait else {}


def _expired(_error: CSRFError) -> ResponseReturnValue:
    return _told(400, _("Biểu mẫu đã hết hạn. Xin xem lại nội dung rồi bấm gửi lần nữa."))


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response(request.environ)
    if isinstance(error, SecurityError):  # there is no address to build a page with
        return Response("this site has another name\n", 400, mimetype="text/plain")
    sentence = HTTP.get(error.code, HTTP[500] if error.code >= 500 else HTTP[400])
    refused = error.code == 403 and request.method == "POST" and identity.account() is None
    signed_out = refused and request.blueprint in SIGNED_IN
    if refused and request.blueprint == "resident" and not is_foreign():
        sentence = _(
            "Máy này không mở được phản ánh này với quyền của người gửi. Xin mở lại bằng liên kết riêng đã nhận khi "
            "gửi, hoặc lấy mã ở trang Của bạn."
        )
    elif signed_out and held.fields():
        sentence = _("Phiên làm việc đã hết. Xin đăng nhập lại ở một thẻ khác, rồi bấm gửi lần nữa ở đây.")
    told, code = _told(error.code, sentence, signed_out)
    headers = [header for header in error.get_headers(request.environ) if header[0] in SAID_BESIDE]
    return told, code, headers


def _unreadable(_error: DataError) -> ResponseReturnValue:
    """A value that the database cannot even read, such as a NUL in an address, asks for nothing that exists."""
    return _told(400, HTTP[400])


def _busy(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("%s: %s", log_line(), type(error).__name__)
    return _told(503, HTTP[503])
