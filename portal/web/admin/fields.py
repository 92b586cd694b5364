"""Fields that speak Vietnamese when something is wrong, and keep what was typed."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, TextInput

from portal.web.asking import line, paragraph


def at_most(length: int) -> Length:
    return Length(max=length, message=_("Dài quá %(max)d ký tự. Xin rút ngắn lại."))


class WholeNumber(IntegerField):
    """A whole number between two bounds; what was typed stays in the field."""

    widget = TextInput()

    def __init__(self, label: Any, least: int, most: int, **options: Any):
        sentence = _("Xin ghi một số nguyên từ %(least)s đến %(most)s.", least=least, most=most)
        keys = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(label, [InputRequired(sentence), self._bounded], render_kw=keys, **options)
        self.least, self.most, self.sentence = least, most, sentence

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = line(valuelist[0]) if valuelist else ""
        self.data = None
        if typed:
            if not re.fullmatch(r"\d{1,9}", typed, re.ASCII):
                raise ValueError(self.sentence)
            self.data = int(typed)

    @staticmethod
    def _bounded(_form: FlaskForm, field: "WholeNumber") -> None:
        if field.process_errors:
            raise StopValidation
        if field.data is None or not field.least <= field.data <= field.most:
            raise ValidationError(field.sentence)


def text_field(label: Any, length: int, needed: Any = None, **options: Any) -> StringField:
    """One line of text; `needed` is the sentence where it may not be empty."""
    return StringField(label, [*_needed(needed), at_most(length)], filters=[line], **options)


def text_area(label: Any, length: int, **options: Any) -> TextAreaField:
    """Some lines of text, perhaps none."""
    return TextAreaField(label, [at_most(length)], filters=[paragraph], **options)


def choice(
    label: Any, words: Mapping[str, Any] | None = None, needed: Any = None, **options: Any
) -> SelectField:
    """One of a list of code → words; a list that depends on the day is set by the view (`choices`)."""
    kind = options.pop("kind", SelectField)
    return kind(
        label,
        _needed(needed),
        choices=choices(words or {}),
        invalid_choice_message=_("Xin chọn một mục trong danh sách."),
        **options,
    )


def several(label: Any, words: Mapping[str, Any] | None = None, **options: Any) -> SelectMultipleField:
    """Any number of a list of code → words, each a box to tick."""
    return SelectMultipleField(
        label,
        choices=choices(words or {}),
        option_widget=CheckboxInput(),
        invalid_choice_message=_("Xin chọn một mục trong danh sách."),
        **options,
    )


def choices(words: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(code, said) for code, said in words.items()]


def _needed(sentence: Any) -> list[DataRequired]:
    return [DataRequired(sentence)] if sentence else []
