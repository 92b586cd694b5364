"""Why an officer wants to see something of a person, in their own words, and what is said where it was too much."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.privacy.revealing import FEWEST_SIGNS, MOST_SIGNS
from portal.web.asking import paragraph

ENOUGH = _("Bạn đã xem thông tin của nhiều người trong 24 giờ qua. Cần xem thêm, xin báo lãnh đạo đơn vị.")


def reason_field(label: Any, hint: Any = "") -> TextAreaField:
    needed = [
        InputRequired(_("Xin nói rõ việc cần làm.")),
        Length(min=FEWEST_SIGNS, message=_("Xin nói rõ hơn một chút, ít nhất 10 ký tự.")),
        Length(max=MOST_SIGNS, message=_("Nội dung dài quá 500 ký tự. Xin rút ngắn lại.")),
    ]
    return TextAreaField(label, needed, description=hint, filters=[paragraph])
