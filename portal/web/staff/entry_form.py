"""The form by which officers write down what somebody reports by telephone, at the counter, by Zalo or on paper."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectChoice,
    SelectField,
)
from wtforms.validators import AnyOf, InputRequired, Regexp, ValidationError

from portal.web import asking
from portal.web.asking import EXPIRED, LastingForm, line
from portal.web.staff.words import CAME_BY

CHOOSE_CHANNEL = _("Xin chọn kênh tiếp nhận.")
CHOOSE_CONSENT = _("Xin chọn người phản ánh đồng ý thế nào.")
OFFERED = ("phone", "counter", "zalo", "paper")
CONSENTS = {
    "oral": _("Đồng ý bằng lời"),
    "written": _("Đồng ý bằng văn bản hoặc tin nhắn"),
    "none": _("Không đồng ý, hoặc không để lại liên hệ"),
}
CHOOSE_LANGUAGE = _("Xin chọn một ngôn ngữ trong danh sách.")
LANGUAGES = {"vi": _("Tiếng Việt"), "en": _("Tiếng Anh")}


class EntryForm(LastingForm):
    """`seen_phone` is the number in the text about which the officer was asked already."""

    channel = RadioField(
        _("Tiếp nhận qua"),
        [InputRequired(CHOOSE_CHANNEL), AnyOf(OFFERED, message=CHOOSE_CHANNEL)],
        choices=[SelectChoice(channel, CAME_BY[channel]) for channel in OFFERED],
        validate_choice=False,
    )
    description = asking.description_field(
        _("Nội dung, hoặc dán tin nhắn vào đây"),
        _("Hiển thị công khai: không ghi tên người, số điện thoại, biển số xe."),
    )
    seen_phone = HiddenField(filters=[line])
    photos = MultipleFileField(_("Ảnh hiện trường"))
    category = SelectField(_("Lĩnh vực"), [InputRequired(_("Xin chọn một lĩnh vực."))], validate_choice=False)
    about_officials = asking.about_officials_field()
    area = SelectField(_("Phường, xã, đặc khu"), validate_choice=False)
    point = asking.point_field()
    place = asking.place_field()
    name = asking.name_field(_("Họ và tên người phản ánh"))
    phone = asking.phone_field()
    email = asking.email_field()
    consent = RadioField(
        _("Người phản ánh có đồng ý cho lưu liên hệ để trả lời không?"),
        [InputRequired(CHOOSE_CONSENT), AnyOf(CONSENTS, message=CHOOSE_CONSENT)],
        choices=[SelectChoice(*pair) for pair in CONSENTS.items()],
        validate_choice=False,
    )
    language = RadioField(
        _("Trả lời bằng"),
        [InputRequired(CHOOSE_LANGUAGE), AnyOf(LANGUAGES, message=CHOOSE_LANGUAGE)],
        choices=[SelectChoice(*pair) for pair in LANGUAGES.items()],
        validate_choice=False,
    )
    client_key = HiddenField(validators=[Regexp(r"[\w-]{8,64}\Z", message=EXPIRED)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area.flags.required = True

    @property
    def has_contact(self) -> bool:
        return bool(self.name.data or self.phone.data or self.email.data)

    def validate_consent(self, field: RadioField) -> None:
        if field.data == "none" and self.has_contact:
            raise ValidationError(
                _("Không đồng ý thì không lưu liên hệ: xin xóa họ tên, số điện thoại, e-mail.")
            )
