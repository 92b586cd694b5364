"""The trial on the page of rules: who would lead a report, and why. Nothing is saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField

from portal.core.deadlines import VIETNAM
from portal.models import Area
from portal.services import directory, places, routing
from portal.services.routing import Routed
from portal.services.routing.questions import Asked
from portal.web import context, decisions, filters
from portal.web.admin import places as places_in_forms
from portal.web.admin.fields import choice, choices
from portal.web.admin.forms import CHOOSE
from portal.web.days import DayField
from portal.web.words import named

ANSWER = "answer_"
IN_THE_MORNING = time(9)


class TrialForm(FlaskForm):
    class Meta:
        csrf = False

    category = choice(_l("Lĩnh vực"), needed=CHOOSE)
    area = choice(_l("Địa bàn"), needed=CHOOSE)
    day = DayField(_l("Ngày"))

    @property
    def questions(self) -> list[SelectField]:
        """The fields for the questions of the category."""
        return [field for field in self if field.name.startswith(ANSWER)]


@dataclass(frozen=True)
class Trial:
    """The form, and what it gave where it was sent."""

    form: TrialForm
    status: int = 200
    routed: Routed | None = None
    area: Area | None = None
    day: date | None = None


def run() -> Trial:
    """The trial that the address asks for (`try=1`), or an empty form."""
    sent = "try" in request.args
    asked = routing.questions_of(request.args.get("category", "")) if sent else {}
    form = _with_questions(asked)(request.args if sent else None, day=context.today())
    day = form.day.data or context.today()
    areas = places_in_forms.on(day)
    known: dict[str, Any] = {category.code: named(category) for category in directory.categories()}
    form.category.choices = choices({"": "—"} | known)
    form.area.choices = choices({"": "—"} | areas)
    if not sent:
        return Trial(form)
    elsewhere = form.area.data and form.area.data not in areas
    if elsewhere:
        form.area.data = ""
    if not form.validate():
        if elsewhere:
            form.area.errors = [
                _("Ngày %(day)s có địa giới khác. Xin chọn lại địa bàn.", day=filters.day(day))
            ]
        return Trial(form, 422)
    return _decided(form, day)


def _decided(form: TrialForm, day: date) -> Trial:
    _vintage, code = places_in_forms.split(form.area.data)
    area, category = places.area_on(code or "", day), directory.category(form.category.data)
    answers = {field.name.removeprefix(ANSWER): field.data for field in form.questions if field.data}
    moment = datetime.combine(day, IN_THE_MORNING, VIETNAM)
    routed = routing.route(category.code, area, moment, priority=category.priority, answers=answers)
    return Trial(form, 200, routed, area, day)


def _with_questions(asked: Mapping[str, Asked]) -> type[TrialForm]:
    class Asking(TrialForm):
        pass

    for code, question in asked.items():
        words = {"": _("Chưa trả lời")} | decisions.choice_labels(question)
        setattr(Asking, ANSWER + code, choice(decisions.label(question), words, default=""))
    return Asking
