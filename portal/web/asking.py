"""What forms ask at more than one door: the matter, the place, how its reporter is reached, and its questions.

A question is asked as `answer-<question>`; nobody has to know the answer.
"""

import re
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, StringField, TelField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, Regexp, ValidationError

from portal.core import phones, text
from portal.services import routing

EXPIRED = _l("Biểu mẫu đã hết hạn vì để quá lâu. Nội dung bạn ghi vẫn còn đủ, xin bấm gửi lần nữa.")
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+\Z")


class LastingForm(FlaskForm):
    """A form that is given back with everything typed where it has expired, and says so in its summary."""

    too_old = EXPIRED

    @property
    def expired(self) -> bool:
        return "csrf_token" in self and bool(self["csrf_token"].errors)

    @property
    def status(self) -> int:
        """Of the page that gives it back."""
        return 400 if self.expired else 422

    def validate(self, extra_validators: Any = None) -> bool:
        right = super().validate(extra_validators)
        if self.expired:
            self["csrf_token"].errors = [self.too_old]
        return right


class BadAnswer(ValueError):
    """An answer that its question does not have."""


def line(raw: str | None) -> str:
    """A filter: typed text on one line."""
    return " ".join(text.clean(raw or "").split())


def paragraph(raw: str | None) -> str:
    """A filter: typed text with its lines."""
    return text.clean(raw or "")


def mobile(_form: Any, field: Any) -> None:
    """A validator: a Vietnamese mobile number."""
    try:
        phones.parse(field.data)
    except ValueError as error:
        raise ValidationError(_("Số di động gồm 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09.")) from error


def description_field(label: Any, hint: Any = "") -> TextAreaField:
    needed = [
        DataRequired(_l("Xin mô tả sự việc.")),
        Length(min=10, message=_l("Xin mô tả rõ hơn một chút, ít nhất 10 ký tự.")),
        Length(max=2000, message=_l("Mô tả dài quá 2.000 ký tự. Xin rút ngắn lại.")),
    ]
    return TextAreaField(label, needed, description=hint, filters=[paragraph])


def about_officials_field() -> BooleanField:
    hint = _l(
        "Phản ánh được chuyển lên cơ quan cấp trên, không công khai; cơ quan bị phản ánh không xem được."
    )
    return BooleanField(_l("Phản ánh về cán bộ, công chức của cơ quan"), description=hint)


def point_field() -> StringField:
    hint = _l("Vĩ độ, kinh độ như ứng dụng bản đồ cho, ví dụ 16.816600, 107.100300. Để trống nếu không rõ.")
    return StringField(_l("Tọa độ"), filters=[line], description=hint)


def place_field() -> StringField:
    short = Length(max=200, message=_l("Địa điểm dài quá 200 ký tự. Xin rút ngắn lại."))
    return StringField(_l("Số nhà, đường, thôn hoặc mốc dễ thấy"), [short], filters=[line])


def name_field(label: Any) -> StringField:
    short = Length(max=100, message=_l("Họ và tên dài quá 100 ký tự. Xin rút ngắn lại."))
    return StringField(label, [short], filters=[line])


def phone_field() -> TelField:
    return TelField(_l("Số điện thoại di động"), [Optional(), mobile], filters=[line])


def email_field() -> EmailField:
    right = [
        Optional(),
        Length(max=254, message=_l("E-mail dài quá 254 ký tự.")),
        Regexp(EMAIL, message=_l("E-mail cần có dạng ten@example.vn.")),
    ]
    return EmailField(_l("E-mail"), right, filters=[line])


def answers(category: str) -> dict[str, str]:
    """What was answered of this category's questions, by their codes. Raises BadAnswer.

    The form holds the questions of other categories too, unseen: what they bring is left aside.
    """
    given = {}
    for question in routing.questions_of(category).values():
        chosen = [value for value in request.form.getlist(f"answer-{question.code}") if value]
        if not question.choices.keys() >= set(chosen):
            raise BadAnswer(question.code)
        if chosen:
            given[question.code] = chosen[-1]
    return given
