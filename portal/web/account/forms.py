from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.services.accounts.factors.passkeys import LONGEST_NAME
from portal.web.asking import line
from portal.web.factors.forms import CodeForm, PasskeyForm
from portal.web.passwords import NewPasswordForm


class PasswordForm(FlaskForm):
    password = PasswordField(
        _("Mật khẩu"),
        [InputRequired(_("Xin nhập mật khẩu.")), Length(max=200, message=_("Mật khẩu dài quá 200 ký tự."))],
    )


class AuthenticatorForm(CodeForm):
    """`offer` is the sealed secret that the QR code showed, `request_key` what the recovery codes are drawn from."""

    offer = HiddenField()
    request_key = HiddenField()


class NewPasskeyForm(PasskeyForm):
    name = StringField(
        _("Tên gọi"),
        [
            InputRequired(_("Xin đặt tên để nhận ra khóa này.")),
            Length(max=LONGEST_NAME, message=_("Tên dài quá 60 ký tự.")),
        ],
        filters=[line],
    )
    request_key = HiddenField()


class ChangePasswordForm(NewPasswordForm):
    old = PasswordField(
        _("Mật khẩu hiện tại"), [InputRequired(_("Xin nhập mật khẩu hiện tại."))], name="old_password"
    )
