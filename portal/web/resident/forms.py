from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from portal.web import asking
from portal.web.asking import LastingForm, line, paragraph
from portal.web.words import text_of


class LastChosen(SelectField):
    """A choice that stands twice on the page, near places above and all places below: the last one made counts."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([value for value in valuelist if value][-1:])


class ResidentForm(LastingForm):
    too_old = _("Biểu mẫu đã hết hạn vì để quá lâu. Nội dung và ảnh vẫn còn đủ, xin bấm gửi lần nữa.")


class ReportForm(ResidentForm):
    photos = MultipleFileField(_("Ảnh hiện trường"))
    description = asking.description_field(_("Mô tả sự việc"))
    category = RadioField(
        _("Việc gì?"), [DataRequired(_("Xin chọn một lĩnh vực."))], choices=[], validate_choice=False
    )
    about_officials = asking.about_officials_field()
    go_on = SelectMultipleField(_("Gửi phản ánh hay đến nơi khác?"), choices=[], validate_choice=False)
    latitude = HiddenField(filters=[line])
    longitude = HiddenField(filters=[line])
    located = HiddenField(filters=[line])
    area = LastChosen(_("Ở đâu?"), choices=[], validate_choice=False)
    place = asking.place_field()
    phone = asking.phone_field()
    email = asking.email_field()
    name = asking.name_field(_("Họ và tên"))
    consent = BooleanField(
        false_values=(False, "false", "0", "no", "off", ""),
    )
    client_key = HiddenField(filters=[line])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consent.label.text = text_of("consent_follow")
        self.area.flags.required = True  # by a ward or by a point: locating.locate judges it

    def validate_consent(self, field: BooleanField) -> None:
        if not field.data and (self.name.data or self.phone.data or self.email.data):
            field.flags.required = True
            raise ValidationError(
                _("Xin đánh dấu đồng ý để được lưu thông tin liên hệ, hoặc xóa thông tin liên hệ ở trên.")
            )


class StepForm(ResidentForm):
    """What the reporter does with a report, from the status that the page showed."""

    seen = HiddenField()
    request_key = HiddenField(filters=[line])


class AskCodeForm(FlaskForm):
    """The number or address to which a code is sent."""

    to = StringField(
        _("Số điện thoại di động hoặc e-mail"),
        [DataRequired(_("Xin ghi số điện thoại hoặc e-mail."))],
        filters=[line],
    )

    @property
    def channel(self) -> str:
        return "mail" if "@" in (self.to.data or "") else "sms"

    def validate_to(self, field: StringField) -> None:
        if self.channel == "sms":
            asking.mobile(self, field)
        elif len(field.data) > 254 or not asking.EMAIL.match(field.data):
            raise ValidationError(_("E-mail cần có dạng ten@example.vn."))


class CodeForm(FlaskForm):
    code = StringField(
        _("Mã gồm 6 chữ số"),
        [Regexp(r"[0-9]{6}\Z", message=_("Mã gồm đúng 6 chữ số, có trong tin nhắn vừa gửi."))],
        filters=[lambda raw: "".join(asking.line(raw).split())],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code.flags.required = True


class NoteForm(StepForm):
    """With what the reporter adds."""

    note = TextAreaField(
        _("Nội dung"),
        [
            DataRequired(_("Xin ghi nội dung trước khi gửi.")),
            Length(max=2000, message=_("Nội dung dài quá 2.000 ký tự. Xin rút ngắn lại.")),
        ],
        filters=[paragraph],
    )


class ReplyForm(NoteForm):
    """An answer, also with photos."""

    photos = MultipleFileField(_("Ảnh kèm theo"))
