"""The form of a rule: its fields depend on the category, whose questions may be conditions."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField

from portal.core.routing import conditions
from portal.core.routing.conditions import HOURS, PRIORITY, BadConditions, Conditions
from portal.models import RoutingRule
from portal.services import directory, records, routing, rules
from portal.services.routing.questions import Asked
from portal.services.rules import RuleWords
from portal.web import context, decisions, filters
from portal.web.admin import places
from portal.web.admin.fields import choice, choices, several, text_area, text_field
from portal.web.admin.forms import CHOOSE, DAY_NEEDED, RecordForm
from portal.web.admin.wording import PLACEHOLDERS, by_name
from portal.web.days import DayField
from portal.web.words import PRIORITIES, named

ANSWER = "answer_"
OF_EVERY_PLACE = ("commune", "district")  # too many to choose from: the placeholders mean them


class RuleForm(RecordForm):
    category_code = choice(_l("Lĩnh vực"))
    area = choice(_l("Địa bàn"))
    hours = choice(
        _l("Giờ gửi"),
        {"": _l("Bất kỳ lúc nào"), "office": _l("Trong giờ làm việc"), "outside": _l("Ngoài giờ làm việc")},
        default="",
    )
    priorities = several(_l("Mức độ ưu tiên"), PRIORITIES)
    lead = choice(_l("Đơn vị chủ trì"), needed=CHOOSE)
    cooperating = several(_l("Đơn vị phối hợp"))
    valid_from = DayField(_l("Có hiệu lực từ ngày"), DAY_NEEDED)
    valid_until = DayField(_l("Đến hết ngày"))
    legal_basis = text_field(_l("Căn cứ pháp lý"), 300)
    verified = BooleanField(_l("Đã xác minh với văn bản"))
    note = text_area(_l("Ghi chú"), 1000)

    @property
    def questions(self) -> list[SelectMultipleField]:
        """The fields for the questions of the category."""
        return [field for field in self if field.name.startswith(ANSWER)]


def sent(kept: RoutingRule | None) -> RuleForm:
    """The form as it was sent, with the questions of the category that was chosen in it."""
    form_class = _with_questions(routing.questions_of(request.form.get("category_code", "")))
    return _with_choices(form_class(), kept)


def fresh(category: str) -> RuleForm:
    """The form of a new rule."""
    form = _with_choices(_with_questions(routing.questions_of(category))(valid_from=context.today()), None)
    if category in {option.value for option in form.category_code.choices}:
        form.category_code.data = category
    return form


def filled(kept: RoutingRule) -> RuleForm:
    """The form as the rule says."""
    held = _readable(kept.conditions)
    answers = {ANSWER + subject: sorted(values) for subject, values in held.items()}
    form_class = _with_questions(routing.questions_of(kept.category_code or ""))
    form = form_class(
        formdata=None,
        data=answers
        | {
            "category_code": kept.category_code,
            "area": places.key(kept.area_vintage, kept.area_code),
            "hours": next(iter(held.get(HOURS, ())), "") if len(held.get(HOURS, ())) == 1 else "",
            "priorities": sorted(held.get(PRIORITY, ())),
            "lead": kept.lead,
            "cooperating": kept.cooperating.split(),
            "valid_from": kept.valid_from,
            "valid_until": kept.valid_until,
            "legal_basis": kept.legal_basis,
            "verified": kept.verified,
            "note": kept.note,
            "seen": records.version(kept),
        },
    )
    return _with_choices(form, kept)


def words(form: RuleForm) -> RuleWords:
    """What the form says."""
    vintage, code = places.split(form.area.data)
    held = {field.name.removeprefix(ANSWER): field.data or [] for field in form.questions}
    held |= {HOURS: [form.hours.data] if form.hours.data else [], PRIORITY: form.priorities.data or []}
    return RuleWords(
        category_code=form.category_code.data or None,
        area_vintage=vintage,
        area_code=code,
        conditions=conditions.write(held),
        lead=form.lead.data,
        cooperating=" ".join(sorted(form.cooperating.data or [])),
        valid_from=form.valid_from.data or context.today(),
        valid_until=form.valid_until.data,
        legal_basis=form.legal_basis.data or "",
        verified=form.verified.data,
        note=form.note.data or "",
    )


def _readable(text: str) -> Conditions:
    try:
        return conditions.parse(text)
    except BadConditions:
        return {}


def _with_questions(asked: Mapping[str, Asked]) -> type[RuleForm]:
    class Asking(RuleForm):
        pass

    for code, question in asked.items():
        setattr(Asking, ANSWER + code, several(decisions.label(question), decisions.choice_labels(question)))
    return Asking


def _with_choices(form: RuleForm, kept: RoutingRule | None) -> RuleForm:
    """What may be chosen today, with what the rule names already."""
    categories: dict[str, Any] = {"": _("Mọi lĩnh vực")}
    categories |= {category.code: named(category) for category in directory.categories()}
    areas = {"": _("Toàn tỉnh")} | places.on(context.today())
    units = by_name(directory.successors(context.today()))
    leads = PLACEHOLDERS | {unit.code: name for unit, name in units}
    helpers = PLACEHOLDERS | {unit.code: name for unit, name in units if unit.kind not in OF_EVERY_PLACE}
    if kept:
        areas |= {
            places.key(*named_area): f"{area.name} ({filters.day(area.valid_from)})"
            for named_area, area in rules.areas_named([kept]).items()
            if places.key(*named_area) not in areas
        }
        known = {code: named(unit) for code, unit in rules.units_named([kept]).items()}
        leads |= {kept.lead: known.get(kept.lead, leads.get(kept.lead, kept.lead))}
        helpers |= {code: known.get(code, leads.get(code, code)) for code in kept.cooperating.split()}
    form.category_code.choices = choices(categories)
    form.area.choices = choices(areas)
    form.lead.choices = choices({"": "—"} | leads)
    form.cooperating.choices = choices(helpers)
    return form
