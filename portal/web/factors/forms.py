from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length


class CodeForm(FlaskForm):
    """The app's code, or one from paper."""

    code = StringField(
        _("Mã xác thực"),
        [InputRequired(_("Xin nhập mã.")), Length(max=40, message=_("Mã này dài quá."))],
    )


class PasskeyForm(FlaskForm):
    """What static/js/passkey.js fills in; `challenge` is the question's token."""

    answer = HiddenField(validators=[InputRequired(), Length(max=20_000)])
    challenge = HiddenField(validators=[InputRequired(), Length(max=500)])
