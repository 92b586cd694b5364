"""Units: the list, one unit with all that points at it, and a new one."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.models import Unit
from portal.services import directory, duties, records
from portal.services.directory import NewUnit, UnitWords
from portal.web import context, geography, identity
from portal.web.admin import listing, saving
from portal.web.admin.fields import choices
from portal.web.admin.forms import NewUnitForm, UnitForm
from portal.web.admin.saving import NOT_SENT, Outcome
from portal.web.admin.wording import KINDS, names_of_units
from portal.web.words import named

STATES = ("open", "ended", "all")
NOBODY = {"": "—"}


def units() -> str:
    asked = {
        "q": listing.search(),
        "state": listing.choice("state", STATES, "open"),
        "kind": listing.choice("kind", KINDS),
    }
    shown = directory.units(
        listing.page_number(), context.today(), search=asked["q"], state=asked["state"], kind=asked["kind"]
    )
    open_reports = duties.open_reports([unit.id for unit in shown.items])
    return render_template(
        "admin/units.html",
        listing=shown,
        asked=asked,
        kinds=KINDS,
        open_reports=open_reports,
        areas=geography.area_names(context.today()),
        today=context.today(),
    )


def unit(unit_id: int) -> ResponseReturnValue:
    return _page(directory.unit(unit_id), None, NOT_SENT)


def change_unit(unit_id: int) -> ResponseReturnValue:
    kept = directory.unit(unit_id)
    form = _with_choices(UnitForm(), kept)
    outcome = saving.save(form, lambda: _save(unit_id, form), lambda: _filled(directory.unit(unit_id)))
    if outcome.saved:
        flash(_("Đã lưu %(name)s.", name=named(outcome.saved)))
        return redirect(url_for("admin.unit", unit_id=unit_id), 303)
    return _page(directory.unit(unit_id), form, outcome)


def new_unit() -> ResponseReturnValue:
    return _new_page(_new_form(), NOT_SENT)


def create_unit() -> ResponseReturnValue:
    form = _new_form()
    outcome = saving.save(form, lambda: _create(form))
    if outcome.saved:
        flash(_("Đã thêm %(name)s.", name=named(outcome.saved)))
        return redirect(url_for("admin.unit", unit_id=outcome.saved.id), 303)
    return _new_page(form, outcome)


def _page(kept: Unit, form: UnitForm | None, outcome: Outcome) -> ResponseReturnValue:
    page = render_template(
        "admin/unit.html",
        unit=kept,
        superior=names_of_units().get(kept.parent_code or "", kept.parent_code),
        form=form or _filled(kept),
        outcome=outcome,
        duties=duties.of_unit(kept, context.today()),
        kinds=KINDS,
        today=context.today(),
    )
    return page, outcome.status


def _new_page(form: NewUnitForm, outcome: Outcome) -> ResponseReturnValue:
    return render_template("admin/unit_new.html", form=form, outcome=outcome), outcome.status


def _filled(kept: Unit) -> UnitForm:
    form = UnitForm(formdata=None, obj=kept, seen=records.version(kept))
    return _with_choices(form, kept)


def _with_choices(form: UnitForm, kept: Unit) -> UnitForm:
    """The units that may follow, with the one that is named already."""
    words = NOBODY | names_of_units()
    if kept.successor_code:
        words.setdefault(kept.successor_code, kept.successor_code)
    form.successor_code.choices = choices(words)
    return form


def _new_form() -> NewUnitForm:
    form = NewUnitForm()
    units = NOBODY | names_of_units()
    areas = geography.area_names(context.today())
    form.successor_code.choices = form.parent_code.choices = choices(units)
    form.area_code.choices = choices(NOBODY | areas)
    if request.method == "GET":
        form.valid_from.data = context.today()
    return form


def _words(form: UnitForm) -> dict[str, Any]:
    return {
        "name": form.name.data,
        "name_en": form.name_en.data,
        "phone": form.phone.data,
        "email": form.email.data,
        "address": form.address.data,
        "office_hours": form.office_hours.data,
        "needs_approval": form.needs_approval.data,
        "note": form.note.data,
        "valid_until": form.valid_until.data,
        "successor_code": form.successor_code.data or None,
        "legal_basis": form.legal_basis.data,
        "verified": form.verified.data,
    }


def _save(unit_id: int, form: UnitForm) -> Unit:
    return directory.change_unit(
        unit_id,
        UnitWords(**_words(form)),
        seen=form.seen.data or "",
        by=identity.seat(),
        now=context.now(),
    )


def _create(form: NewUnitForm) -> Unit:
    new = NewUnit(
        **_words(form),
        code=form.code.data or "",
        kind=form.kind.data,
        area_code=form.area_code.data or None,
        parent_code=form.parent_code.data or None,
        valid_from=form.valid_from.data or context.today(),
    )
    return directory.create_unit(new, by=identity.seat(), now=context.now())
