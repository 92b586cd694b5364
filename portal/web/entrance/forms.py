from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.web.asking import line


class SignInForm(FlaskForm):
    username = StringField(
        _("Tên đăng nhập"),
        [
            InputRequired(_("Xin nhập tên đăng nhập.")),
            Length(max=80, message=_("Tên đăng nhập dài quá 80 ký tự.")),
        ],
    )
    password = PasswordField(
        _("Mật khẩu"),
        [InputRequired(_("Xin nhập mật khẩu.")), Length(max=200, message=_("Mật khẩu dài quá 200 ký tự."))],
    )
    next = HiddenField()


class ForgottenForm(FlaskForm):
    who = StringField(
        _("Tên đăng nhập hoặc e-mail"),
        [
            DataRequired(_("Xin nhập tên đăng nhập hoặc e-mail.")),
            Length(max=254, message=_("Dài quá 254 ký tự.")),
        ],
        filters=[line],
    )
