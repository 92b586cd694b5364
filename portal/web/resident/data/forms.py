"""What a reporter fills in about their own data."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp

from portal.web import asking
from portal.web.asking import paragraph
from portal.web.resident.forms import ResidentForm

KEY = Regexp(r"[\w-]{8,64}\Z")


class ContactForm(ResidentForm):
    """What takes the place of what was left; an empty field leaves it as it is."""

    name = asking.name_field(_("Họ và tên"))
    phone = asking.phone_field()
    email = asking.email_field()


class AskForm(ResidentForm):
    """A request that a person decides; `request_key` makes a second tap harmless."""

    request_key = HiddenField(validators=[KEY])


class WordsForm(AskForm):
    """How the description should read."""

    words = TextAreaField(
        _("Nội dung đúng"),
        [
            DataRequired(_("Xin ghi nội dung đúng.")),
            Length(max=2000, message=_("Nội dung dài quá 2.000 ký tự. Xin rút ngắn lại.")),
        ],
        filters=[paragraph],
    )
