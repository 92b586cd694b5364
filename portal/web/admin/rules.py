"""Routing rules: the list, one rule, a new one, and what it would change before it is saved."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.errors import Conflict
from portal.models import RoutingRule
from portal.services import directory, routing, rules
from portal.services.rules import Rehearsal
from portal.web import context, identity
from portal.web.admin import listing, rule_form, saving, trial
from portal.web.admin.rule_form import RuleForm
from portal.web.admin.saving import NOT_SENT, Outcome
from portal.web.admin.units import STATES
from portal.web.admin.wording import PLACEHOLDERS, period

RULE_STATES = {*STATES, "faulty"}


def rules_list() -> ResponseReturnValue:
    categories = {category.code: category for category in directory.categories()}
    asked = {
        "category": listing.choice("category", categories),
        "state": listing.choice("state", RULE_STATES, "open"),
    }
    shown = rules.listed(
        listing.page_number(), context.today(), category=asked["category"], state=asked["state"]
    )
    tried = trial.run()
    page = render_template(
        "admin/rules.html",
        listing=shown,
        asked=asked,
        categories=categories,
        units=rules.units_named(shown.items),
        areas=rules.areas_named(shown.items),
        questions={code: routing.questions_of(code) for code in categories},
        placeholders=PLACEHOLDERS,
        period=period,
        faulty=rules.faulty(),
        trial=tried,
        today=context.today(),
    )
    return page, tried.status


def rule(rule_id: int) -> ResponseReturnValue:
    kept = rules.rule(rule_id)
    return _page(kept, rule_form.filled(kept), NOT_SENT)


def change_rule(rule_id: int) -> ResponseReturnValue:
    form = rule_form.sent(rules.rule(rule_id))
    if (looked := _without_saving(rules.rule(rule_id), form)) is not None:
        return looked
    outcome = saving.save(form, lambda: _save(rule_id, form), lambda: rule_form.filled(rules.rule(rule_id)))
    if outcome.saved:
        flash(_("Đã lưu quy tắc số %(rule)s.", rule=rule_id))
        return redirect(url_for("admin.rule", rule_id=rule_id), 303)
    return _page(rules.rule(rule_id), form, outcome)


def new_rule() -> ResponseReturnValue:
    return _page(None, rule_form.fresh(request.args.get("category", "")), NOT_SENT)


def create_rule() -> ResponseReturnValue:
    form = rule_form.sent(None)
    if (looked := _without_saving(None, form)) is not None:
        return looked
    outcome = saving.save(form, lambda: _create(form))
    if outcome.saved:
        flash(_("Đã thêm quy tắc số %(rule)s.", rule=outcome.saved.id))
        return redirect(url_for("admin.rule", rule_id=outcome.saved.id), 303)
    return _page(None, form, outcome)


def _without_saving(kept: RoutingRule | None, form: RuleForm) -> ResponseReturnValue | None:
    """The form again with the questions of another category, or with what saving it would change."""
    if request.form.get("do") == "ask":
        return _page(kept, form, NOT_SENT)
    if request.form.get("do") != "rehearse":
        return None
    if not form.validate():
        return _page(kept, form, Outcome(status=422))
    try:
        rehearsal = rules.rehearse(kept.id if kept else None, rule_form.words(form))
    except Conflict as error:
        saving.place(form, error)
        return _page(kept, form, Outcome(status=422))
    return _page(kept, form, NOT_SENT, rehearsal)


def _page(
    kept: RoutingRule | None, form: RuleForm, outcome: Outcome, rehearsal: Rehearsal | None = None
) -> ResponseReturnValue:
    page = render_template("admin/rule.html", rule=kept, form=form, outcome=outcome, rehearsal=rehearsal)
    return page, outcome.status


def _save(rule_id: int, form: RuleForm) -> RoutingRule:
    return rules.change(
        rule_id, rule_form.words(form), seen=form.seen.data or "", by=identity.seat(), now=context.now()
    )


def _create(form: RuleForm) -> RoutingRule:
    return rules.create(rule_form.words(form), by=identity.seat(), now=context.now())
