"""Whom a broken clock is told to: the rules, one by one."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.models import EscalationRule
from portal.services import directory, records
from portal.services.clocks import upwards
from portal.services.clocks.upwards import RuleWords
from portal.web import context, identity
from portal.web.admin import saving
from portal.web.admin.fields import choices
from portal.web.admin.forms import EscalationForm
from portal.web.admin.saving import NOT_SENT, Outcome
from portal.web.admin.wording import KINDS, names_of_units
from portal.web.words import CLOCKS, named

HOUR = 60


def rules() -> str:
    return render_template(
        "admin/escalations.html",
        rules=upwards.rules(),
        categories={category.code: named(category) for category in directory.categories()},
        units=names_of_units(),
        kinds=KINDS,
        clocks=CLOCKS,
    )


def new_rule() -> ResponseReturnValue:
    return _page(None, _with_choices(EscalationForm(after_hours=0), None), NOT_SENT)


def create_rule() -> ResponseReturnValue:
    form = _with_choices(EscalationForm(), None)
    outcome = saving.save(form, lambda: upwards.add_rule(_words(form), by=identity.seat(), now=context.now()))
    if outcome.saved:
        flash(_("Đã thêm quy tắc báo cấp trên."))
        return redirect(url_for("admin.escalations"), 303)
    return _page(None, form, outcome)


def rule(rule_id: int) -> ResponseReturnValue:
    kept = upwards.rule(rule_id)
    return _page(kept, _filled(kept), NOT_SENT)


def change_rule(rule_id: int) -> ResponseReturnValue:
    form = _with_choices(EscalationForm(), upwards.rule(rule_id))
    seen = form.seen.data or ""
    outcome = saving.save(
        form,
        lambda: upwards.change_rule(rule_id, _words(form), seen=seen, by=identity.seat(), now=context.now()),
        lambda: _filled(upwards.rule(rule_id)),
    )
    if outcome.saved:
        flash(_("Đã lưu quy tắc báo cấp trên."))
        return redirect(url_for("admin.escalations"), 303)
    return _page(upwards.rule(rule_id), form, outcome)


def remove_rule(rule_id: int) -> ResponseReturnValue:
    upwards.remove_rule(rule_id, seen=request.form.get("seen", ""), by=identity.seat(), now=context.now())
    flash(_("Đã bỏ quy tắc báo cấp trên."))
    return redirect(url_for("admin.escalations"), 303)


def _page(kept: EscalationRule | None, form: EscalationForm, outcome: Outcome) -> ResponseReturnValue:
    return render_template("admin/escalation.html", rule=kept, form=form, outcome=outcome), outcome.status


def _filled(kept: EscalationRule) -> EscalationForm:
    hours = -(-kept.after_minutes // HOUR)
    form = EscalationForm(formdata=None, obj=kept, seen=records.version(kept), after_hours=hours)
    return _with_choices(form, kept)


def _with_choices(form: EscalationForm, kept: EscalationRule | None) -> EscalationForm:
    """What may be chosen today, with the unit that the rule names already."""
    categories = {category.code: named(category) for category in directory.categories()}
    units = names_of_units()
    if kept and kept.target:
        units.setdefault(kept.target, kept.target)
    form.category_code.choices = choices({"": _("Mọi lĩnh vực")} | categories)
    form.unit_kind.choices = choices({"": _("Mọi loại đơn vị")} | KINDS)
    form.clock.choices = choices(CLOCKS)
    form.target.choices = choices({"": _("Đơn vị cấp trên của đơn vị chủ trì")} | units)
    return form


def _words(form: EscalationForm) -> RuleWords:
    return RuleWords(
        category_code=form.category_code.data or None,
        unit_kind=form.unit_kind.data or None,
        clock=form.clock.data,
        after_minutes=(form.after_hours.data or 0) * HOUR,
        target=form.target.data or "",
    )
