"""What every form of a report asks: how its reporter is reached, and the questions of its category.

A question is asked as `answer-<question>`; nobody has to know the answer.
"""

import re
from typing import Any

from flask import request
from flask_babel import gettext as _
from wtforms.validators import ValidationError

from portal.core import phones
from portal.services import routing

EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+\Z")


class BadAnswer(ValueError):
    """An answer that its question does not have."""


def mobile(_form: Any, field: Any) -> None:
    """A validator: a Vietnamese mobile number."""
    try:
        phones.parse(field.data)
    except ValueError as error:
        raise ValidationError(_("Số di động gồm 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09.")) from error


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
