"""Test cases beside the rules: the list with what each gives now, one case, a new one, and its end."""

import re
from datetime import date, datetime, time
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Regexp

from portal.core.deadlines import VIETNAM
from portal.core.routing import conditions
from portal.core.routing.conditions import PRIORITY, BadConditions
from portal.models import RoutingCase
from portal.services import directory, records, routing
from portal.services import places as known_places
from portal.services.routing import books
from portal.services.rules import cases
from portal.services.rules.cases import CaseWords
from portal.web import context, decisions, filters, identity
from portal.web.admin import places, saving
from portal.web.admin.fields import choice, choices, several, text_field
from portal.web.admin.forms import CHOOSE, RecordForm
from portal.web.admin.rule_form import ANSWER, OF_EVERY_PLACE
from portal.web.admin.saving import NOT_SENT, Outcome
from portal.web.admin.wording import PLACEHOLDERS, by_name
from portal.web.asking import line
from portal.web.days import DayField
from portal.web.words import PRIORITIES, named

CLOCK = r"([01]?\d|2[0-3])[:.hg]([0-5]\d)\Z"


class CaseForm(RecordForm):
    category_code = choice(_l("Lĩnh vực"), needed=CHOOSE)
    area = choice(_l("Địa bàn"), needed=CHOOSE)
    day = DayField(_l("Ngày gửi"), _l("Xin ghi ngày gửi."))
    clock = StringField(
        _l("Giờ gửi"),
        [
            InputRequired(_l("Xin ghi giờ và phút, ví dụ 09:00.")),
            Regexp(CLOCK, message=_l("Xin ghi giờ và phút, ví dụ 09:00.")),
        ],
        filters=[line],
    )
    priority = choice(_l("Mức độ ưu tiên"), {"": _l("Theo lĩnh vực")} | PRIORITIES, default="")
    lead = choice(_l("Đơn vị chủ trì mong đợi"), needed=CHOOSE)
    cooperating = several(_l("Đơn vị phối hợp mong đợi"))

    @property
    def questions(self) -> list[SelectField]:
        """The fields for the questions of the category."""
        return [field for field in self if field.name.startswith(ANSWER)]


class NewCaseForm(CaseForm):
    name = text_field(_l("Tên trường hợp"), 100, _l("Xin nhập tên."))


def cases_list() -> str:
    results = cases.results(books.current())
    return render_template(
        "admin/cases.html",
        results=results,
        units=cases.units_named(results),
        failing=sum(not result.passed for result in results),
        categories={category.code: category for category in directory.categories()},
        areas=cases.areas_named([result.case for result in results]),
        questions={
            result.case.category_code: routing.questions_of(result.case.category_code) for result in results
        },
    )


def case(name: str) -> ResponseReturnValue:
    kept = cases.case(name)
    return _page(kept, _filled(kept), NOT_SENT)


def change_case(name: str) -> ResponseReturnValue:
    cases.case(name)
    form = _sent(CaseForm)
    if request.form.get("do") == "ask":
        return _page(cases.case(name), form, NOT_SENT)
    outcome = saving.save(form, lambda: _save(name, form), lambda: _filled(cases.case(name)))
    if outcome.saved:
        flash(_("Đã lưu trường hợp kiểm thử."))
        return redirect(url_for("admin.cases"), 303)
    return _page(cases.case(name), form, outcome)


def new_case() -> ResponseReturnValue:
    return _page(None, _with_choices(NewCaseForm(day=context.today(), clock="09:00")), NOT_SENT)


def create_case() -> ResponseReturnValue:
    form = _sent(NewCaseForm)
    if request.form.get("do") == "ask":
        return _page(None, form, NOT_SENT)
    outcome = saving.save(form, lambda: _create(form))
    if outcome.saved:
        flash(_("Đã thêm trường hợp kiểm thử."))
        return redirect(url_for("admin.cases"), 303)
    return _page(None, form, outcome)


def delete_case(name: str) -> ResponseReturnValue:
    cases.remove(name, seen=request.form.get("seen", ""), by=identity.seat(), now=context.now())
    flash(_("Đã xóa trường hợp kiểm thử."))
    return redirect(url_for("admin.cases"), 303)


def _page(kept: RoutingCase | None, form: CaseForm, outcome: Outcome) -> ResponseReturnValue:
    return render_template("admin/case.html", case=kept, form=form, outcome=outcome), outcome.status


def _sent(form_class: type[CaseForm]) -> CaseForm:
    return _with_choices(_with_questions(form_class, request.form.get("category_code", ""))())


def _filled(kept: RoutingCase) -> CaseForm:
    try:
        facts = conditions.parse_facts(kept.facts)
    except BadConditions:
        facts = {}
    at = kept.at.astimezone(VIETNAM)
    values: dict[str, Any] = {ANSWER + subject: value for subject, value in facts.items()} | {
        "category_code": kept.category_code,
        "area": places.key(kept.area_vintage, kept.area_code),
        "day": at.date(),
        "clock": f"{at:%H:%M}",
        "priority": facts.get(PRIORITY, ""),
        "lead": kept.lead,
        "cooperating": kept.cooperating.split(),
        "seen": records.version(kept),
    }
    form = _with_questions(CaseForm, kept.category_code)(formdata=None, data=values)
    return _with_choices(form, kept)


def _with_questions(form_class: type[CaseForm], category: str) -> type[CaseForm]:
    class Asking(form_class):  # type: ignore[valid-type,misc]
        pass

    for code, question in routing.questions_of(category).items():
        words = {"": _("Chưa trả lời")} | decisions.choice_labels(question)
        setattr(Asking, ANSWER + code, choice(decisions.label(question), words, default=""))
    return Asking


def _with_choices(form: CaseForm, kept: RoutingCase | None = None) -> CaseForm:
    categories = {category.code: named(category) for category in directory.categories()}
    areas = {}
    for vintage in known_places.vintages():
        since = date.fromisoformat(vintage)
        areas |= {key: f"{name} ({filters.day(since)})" for key, name in places.on(since).items()}
    units = by_name(cases.units())
    helpers = {unit.code: name for unit, name in units if unit.kind not in OF_EVERY_PLACE}
    if kept:
        helpers |= {code: code for code in kept.cooperating.split() if code not in helpers}
    form.category_code.choices = choices({"": "—"} | categories)
    form.area.choices = choices({"": "—"} | areas)
    form.lead.choices = choices({"": "—"} | PLACEHOLDERS | {unit.code: name for unit, name in units})
    form.cooperating.choices = choices(PLACEHOLDERS | helpers)
    return form


def _words(form: CaseForm) -> CaseWords:
    vintage, code = places.split(form.area.data)
    facts = {field.name.removeprefix(ANSWER): [field.data] for field in form.questions if field.data}
    if form.priority.data:
        facts[PRIORITY] = [form.priority.data]
    hour, minute = map(int, re.split(r"[:.hg]", form.clock.data or ""))
    return CaseWords(
        category_code=form.category_code.data,
        area_vintage=vintage or "",
        area_code=code or "",
        facts=conditions.write(facts),
        at=datetime.combine(form.day.data or context.today(), time(hour, minute), VIETNAM),
        lead=form.lead.data,
        cooperating=" ".join(sorted(form.cooperating.data or [])),
    )


def _save(name: str, form: CaseForm) -> RoutingCase:
    return cases.change(name, _words(form), seen=form.seen.data or "", by=identity.seat(), now=context.now())


def _create(form: NewCaseForm) -> RoutingCase:
    return cases.create(form.name.data or "", _words(form), by=identity.seat(), now=context.now())
