"""How a new password is asked for, by a link or by its owner, and what is said where it is refused."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired

from portal.core.accounts.passwords import LONGEST, SHORTEST
from portal.core.errors import TooOften, WeakPassword
from portal.web import context, identity

WEAK = {
    "short": _("Mật khẩu cần ít nhất %(count)s ký tự. Một câu ngắn dễ nhớ là tốt.", count=SHORTEST),
    "long": _("Mật khẩu dài quá %(count)s ký tự.", count=LONGEST),
    "own": _("Mật khẩu chứa tên của bạn, của đơn vị hoặc của cổng này, nên dễ đoán. Xin chọn mật khẩu khác."),
    "common": _("Mật khẩu gồm toàn từ mà nhiều người hay đặt, nên dễ đoán. Xin thêm từ khác."),
    "pattern": _("Mật khẩu lặp lại hoặc theo thứ tự bàn phím, nên dễ đoán. Xin chọn mật khẩu khác."),
}


class NewPasswordForm(FlaskForm):
    """Every name holds `password`, by which `front.held` knows what is never given back."""

    password = PasswordField(_("Mật khẩu mới"), [InputRequired(_("Xin nhập mật khẩu mới."))])
    again = PasswordField(
        _("Nhập lại mật khẩu mới"),
        [
            InputRequired(_("Xin nhập lại mật khẩu mới.")),
            EqualTo("password", _("Hai lần nhập không giống nhau.")),
        ],
        name="password_again",
    )


def try_password(form: NewPasswordForm, use: Callable[..., None]) -> bool:
    """Use the password that was typed, by this request; False where it cannot be, and its field says why."""
    sent = {"address": identity.address(), "limits": context.limits(), "now": context.now()}
    try:
        use(form.password.data or "", **sent)
    except WeakPassword as error:
        form.password.errors = [WEAK[str(error.details["reason"])]]
        return False
    return True


def wait(error: TooOften) -> str:
    """When to try again."""
    minutes = -(-int(str(error.details["seconds"])) // 60)
    return ngettext(
        "Bạn đã thử nhiều lần. Xin thử lại sau %(num)s phút.",
        "Bạn đã thử nhiều lần. Xin thử lại sau %(num)s phút.",
        minutes,
    )
