"""Routing rules: the list, one rule, a new one, and a trial that says who would lead."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.errors import NotFound
from portal.models import Area, RoutingRule
from portal.services import directory, places, records, routing, rules
from portal.services.routing import Routed
from portal.services.rules import RuleWords
from portal.web import context, filters, geography, identity
from portal.web.admin import listing, saving
from portal.web.admin.fields import choices
from portal.web.admin.forms import RuleForm, TrialForm
from portal.web.admin.saving import NOT_SENT, Outcome, today
from portal.web.admin.units import STATES
from portal.web.admin.wording import PLACEHOLDERS, by_name, period
from portal.web.words import named

BETWEEN = "/"  # '2025-07-01/19333': an area's code says which area only together with its vintage


@dataclass(frozen=True)
class Trial:
    """Who would lead, for the category and area that were tried, on that day."""

    routed: Routed
    area: Area
    day: date


def rules_list() -> ResponseReturnValue:
    categories = {category.code: category for category in directory.categories()}
    asked = {
        "category": listing.choice("category", categories),
        "state": listing.choice("state", STATES, "open"),
    }
    shown = rules.listed(listing.page_number(), today(), category=asked["category"], state=asked["state"])
    form, trial, status = _trial()
    page = render_template(
        "admin/rules.html",
        listing=shown,
        asked=asked,
        categories=categories,
        units=rules.units_named(shown.items),
        areas=rules.areas_named(shown.items),
        placeholders=PLACEHOLDERS,
        period=period,
        form=form,
        trial=trial,
        today=today(),
    )
    return page, status


def rule(rule_id: int) -> ResponseReturnValue:
    kept = rules.rule(rule_id)
    return _page(kept, _filled(kept), NOT_SENT)


def change_rule(rule_id: int) -> ResponseReturnValue:
    form = _with_choices(RuleForm(), rules.rule(rule_id))
    outcome = saving.save(form, lambda: _save(rule_id, form), lambda: _filled(rules.rule(rule_id)))
    if outcome.saved:
        flash(_("Đã lưu quy tắc số %(rule)s.", rule=rule_id))
        return redirect(url_for("admin.rule", rule_id=rule_id), 303)
    return _page(rules.rule(rule_id), form, outcome)


def new_rule() -> ResponseReturnValue:
    form = _with_choices(RuleForm(valid_from=today()), None)
    form.category_code.data = listing.choice(
        "category", {option.value for option in form.category_code.choices}
    )
    return _page(None, form, NOT_SENT)


def create_rule() -> ResponseReturnValue:
    form = _with_choices(RuleForm(), None)
    outcome = saving.save(form, lambda: _create(form))
    if outcome.saved:
        flash(_("Đã thêm quy tắc số %(rule)s.", rule=outcome.saved.id))
        return redirect(url_for("admin.rule", rule_id=outcome.saved.id), 303)
    return _page(None, form, outcome)


def _page(kept: RoutingRule | None, form: RuleForm, outcome: Outcome) -> ResponseReturnValue:
    return render_template("admin/rule.html", rule=kept, form=form, outcome=outcome), outcome.status


def _trial() -> tuple[TrialForm, Trial | None, int]:
    """The trial form, and what it gives when it was sent (`try=1`)."""
    sent = "try" in request.args
    form = TrialForm(request.args if sent else None, day=today())
    day = form.day.data or today()
    areas = _areas(day)
    known = {category.code: named(category) for category in directory.active_categories()}
    form.category.choices = choices({"": "—"} | known)
    form.area.choices = choices({"": "—"} | areas)
    if not sent:
        return form, None, 200
    elsewhere = form.area.data and form.area.data not in areas
    if elsewhere:
        form.area.data = ""
    if not form.validate():
        if elsewhere:
            form.area.errors = [
                _("Ngày %(day)s có địa giới khác. Xin chọn lại địa bàn.", day=filters.day(day))
            ]
        return form, None, 422
    area = places.area_on(form.area.data.split(BETWEEN)[1], day)
    return form, Trial(routing.route(form.category.data, area, day), area, day), 200


def _areas(day: date) -> dict[str, str]:
    """The places a report can be on that day, key → name; none on a day before the first map."""
    try:
        vintage = places.vintage_on(day)
    except NotFound:
        return {}
    return {f"{vintage}{BETWEEN}{code}": name for code, name in geography.area_names(day).items()}


def _filled(kept: RoutingRule) -> RuleForm:
    area = f"{kept.area_vintage}{BETWEEN}{kept.area_code}" if kept.area_code else ""
    form = RuleForm(formdata=None, obj=kept, seen=records.version(kept), area=area)
    return _with_choices(form, kept)


def _with_choices(form: RuleForm, kept: RoutingRule | None) -> RuleForm:
    """What may be chosen today, with what the rule names already."""
    categories: dict[str, Any] = {"": _("Mọi lĩnh vực")}
    categories |= {category.code: named(category) for category in directory.categories()}
    areas = {"": _("Toàn tỉnh")} | _areas(today())
    leads = (
        {"": "—"} | PLACEHOLDERS | {unit.code: name for unit, name in by_name(directory.successors(today()))}
    )
    if kept:
        areas |= {
            f"{vintage}{BETWEEN}{code}": f"{area.name} ({filters.day(area.valid_from)})"
            for (vintage, code), area in rules.areas_named([kept]).items()
            if f"{vintage}{BETWEEN}{code}" not in areas
        }
        leads |= {code: named(unit) for code, unit in rules.units_named([kept]).items() if code not in leads}
    form.category_code.choices = choices(categories)
    form.area.choices = choices(areas)
    form.lead.choices = choices(leads)
    return form


def _words(form: RuleForm) -> RuleWords:
    vintage, _slash, code = (form.area.data or "").partition(BETWEEN)
    return RuleWords(
        category_code=form.category_code.data or None,
        area_vintage=vintage or None,
        area_code=code or None,
        lead=form.lead.data,
        valid_from=form.valid_from.data or today(),
        valid_until=form.valid_until.data,
        legal_basis=form.legal_basis.data or "",
        verified=form.verified.data,
        note=form.note.data or "",
    )


def _save(rule_id: int, form: RuleForm) -> RoutingRule:
    return rules.change(
        rule_id, _words(form), seen=form.seen.data or "", by=identity.account(), now=context.now()
    )


def _create(form: RuleForm) -> RoutingRule:
    return rules.create(_words(form), by=identity.account(), now=context.now())
