"""Service levels: other clocks than the category's for some priority or unit."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.models import ServiceLevel
from portal.services import directory, records
from portal.services.clocks import calendar as keeping
from portal.services.clocks import recounts
from portal.services.clocks.calendar import LevelWords
from portal.web import context, identity
from portal.web.admin import saving
from portal.web.admin.fields import choices
from portal.web.admin.forms import LevelForm
from portal.web.admin.saving import NOT_SENT, Outcome
from portal.web.admin.wording import cause_words, names_of_units
from portal.web.words import PRIORITIES, named

HOUR = 60


def levels() -> str:
    return render_template(
        "admin/levels.html",
        levels=keeping.levels(),
        categories={category.code: named(category) for category in directory.categories()},
        units=names_of_units(),
        recounts=recounts.latest(),
        cause_words=cause_words,
    )


def new_level() -> ResponseReturnValue:
    return _page(
        None, _with_choices(LevelForm(receive_hours=8, assign_hours=4, resolve_hours=24), None), NOT_SENT
    )


def create_level() -> ResponseReturnValue:
    form = _with_choices(LevelForm(), None)
    outcome = saving.save(form, lambda: _create(form))
    if outcome.saved:
        flash(_("Đã thêm thời hạn. Thời hạn đang chạy sẽ được tính lại."))
        return redirect(url_for("admin.levels"), 303)
    return _page(None, form, outcome)


def level(level_id: int) -> ResponseReturnValue:
    kept = keeping.level(level_id)
    return _page(kept, _filled(kept), NOT_SENT)


def change_level(level_id: int) -> ResponseReturnValue:
    form = _with_choices(LevelForm(), keeping.level(level_id))
    outcome = saving.save(form, lambda: _save(level_id, form), lambda: _filled(keeping.level(level_id)))
    if outcome.saved:
        flash(_("Đã lưu thời hạn."))
        return redirect(url_for("admin.levels"), 303)
    return _page(keeping.level(level_id), form, outcome)


def remove_level(level_id: int) -> ResponseReturnValue:
    keeping.remove_level(level_id, seen=request.form.get("seen", ""), by=identity.seat(), now=context.now())
    flash(_("Đã bỏ thời hạn. Thời hạn đang chạy sẽ được tính lại."))
    return redirect(url_for("admin.levels"), 303)


def _page(kept: ServiceLevel | None, form: LevelForm, outcome: Outcome) -> ResponseReturnValue:
    return render_template("admin/level.html", level=kept, form=form, outcome=outcome), outcome.status


def _filled(kept: ServiceLevel) -> LevelForm:
    form = LevelForm(
        formdata=None,
        obj=kept,
        seen=records.version(kept),
        receive_hours=-(-kept.receive_minutes // HOUR),
        assign_hours=-(-kept.assign_minutes // HOUR),
        resolve_hours=-(-kept.resolve_minutes // HOUR),
    )
    return _with_choices(form, kept)


def _with_choices(form: LevelForm, kept: ServiceLevel | None) -> LevelForm:
    """What may be chosen today, with the unit that the level names already."""
    categories = {category.code: named(category) for category in directory.categories()}
    units = names_of_units()
    if kept and kept.unit_code and kept.unit_code not in units:
        units[kept.unit_code] = kept.unit_code
    form.category_code.choices = choices({"": _("Mọi lĩnh vực")} | categories)
    form.priority.choices = choices({"": _("Mọi mức độ ưu tiên")} | PRIORITIES)
    form.unit_code.choices = choices({"": _("Mọi đơn vị")} | units)
    return form


def _words(form: LevelForm) -> LevelWords:
    return LevelWords(
        category_code=form.category_code.data or None,
        priority=form.priority.data or None,
        unit_code=form.unit_code.data or None,
        receive_minutes=(form.receive_hours.data or 0) * HOUR,
        assign_minutes=(form.assign_hours.data or 0) * HOUR,
        resolve_minutes=(form.resolve_hours.data or 0) * HOUR,
        round_the_clock=form.round_the_clock.data,
        legal_basis=form.legal_basis.data or "",
    )


def _create(form: LevelForm) -> ServiceLevel:
    return keeping.add_level(_words(form), by=identity.seat(), now=context.now())


def _save(level_id: int, form: LevelForm) -> ServiceLevel:
    return keeping.change_level(
        level_id, _words(form), seen=form.seen.data or "", by=identity.seat(), now=context.now()
    )
