"""Categories: what residents may report, in which words, and within which time."""

from dataclasses import asdict
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.permissions import Deed
from portal.models import Category
from portal.services import directory, duties, records
from portal.services.directory import CategoryNames, CategoryWords
from portal.web import context, identity
from portal.web.admin import saving
from portal.web.admin.fields import choices
from portal.web.admin.forms import CategoryForm, CategoryNamesForm, NewCategoryForm
from portal.web.admin.saving import NOT_SENT, Outcome
from portal.web.admin.wording import PICTOGRAMS
from portal.web.words import VISIBILITIES, named

HOUR = 60


def categories() -> str:
    listed = directory.categories()
    return render_template(
        "admin/categories.html",
        categories=listed,
        names={category.code: named(category) for category in listed},
        visibilities=VISIBILITIES,
    )


def category(category_code: str) -> ResponseReturnValue:
    kept = directory.category(category_code)
    return _page(kept, _filled(kept), NOT_SENT)


def change_category(category_code: str) -> ResponseReturnValue:
    directory.category(category_code)
    form = _form(category_code)
    outcome = saving.save(
        form, lambda: _save(category_code, form), lambda: _filled(directory.category(category_code))
    )
    if outcome.saved:
        flash(_("Đã lưu %(name)s.", name=named(outcome.saved)))
        return redirect(url_for("admin.category", category_code=category_code), 303)
    return _page(directory.category(category_code), form, outcome)


def new_category() -> ResponseReturnValue:
    last = max((category.position for category in directory.categories()), default=0)
    form = NewCategoryForm(
        position=last + 1,
        priority="normal",
        visibility="public",
        evidence="none",
        pictogram="dots",
        receive_hours=8,
        assign_hours=4,
        resolve_hours=24,
    )
    return _page(None, form, NOT_SENT)


def create_category() -> ResponseReturnValue:
    form = NewCategoryForm()
    outcome = saving.save(form, lambda: _create(form))
    if outcome.saved:
        flash(_("Đã thêm %(name)s.", name=named(outcome.saved)))
        return redirect(url_for("admin.categories"), 303)
    return _page(None, form, outcome)


def _page(kept: Category | None, form: CategoryNamesForm, outcome: Outcome) -> ResponseReturnValue:
    page = render_template(
        "admin/category.html",
        category=kept,
        form=form,
        outcome=outcome,
        pictograms={slug: slug for slug in PICTOGRAMS},
        duties=duties.of_category(kept, context.today()) if kept else None,
    )
    return page, outcome.status


def _filled(kept: Category) -> CategoryNamesForm:
    return _form(
        kept.code,
        formdata=None,
        obj=kept,
        seen=records.version(kept),
        receive_hours=_hours(kept.receive_minutes),
        assign_hours=_hours(kept.assign_minutes),
        resolve_hours=_hours(kept.resolve_minutes),
    )


def _form(code: str, **given: Any) -> CategoryNamesForm:
    """What this person may change, with the categories that may take the place of this one."""
    if identity.may(Deed.KEEP_WORDS) and not identity.may(Deed.KEEP_SETTINGS):
        return CategoryNamesForm(**given)
    form = CategoryForm(**given)
    others = (category for category in directory.categories() if category.code != code)
    form.successor_code.choices = choices({"": "—"} | {other.code: named(other) for other in others})
    return form


def _hours(minutes: int) -> int:
    """Whole hours, upwards: a clock that was loaded in minutes is shown as the hours that keep its promise."""
    return -(-minutes // HOUR)


def _names(form: CategoryNamesForm) -> CategoryNames:
    return CategoryNames(
        name=form.name.data or "",
        name_en=form.name_en.data or "",
        hint=form.hint.data or "",
        hint_en=form.hint_en.data or "",
    )


def _words(form: CategoryForm) -> CategoryWords:
    return CategoryWords(
        **asdict(_names(form)),
        pictogram=form.pictogram.data,
        priority=form.priority.data,
        receive_minutes=(form.receive_hours.data or 0) * HOUR,
        assign_minutes=(form.assign_hours.data or 0) * HOUR,
        resolve_minutes=(form.resolve_hours.data or 0) * HOUR,
        round_the_clock=form.round_the_clock.data,
        visibility=form.visibility.data,
        evidence=form.evidence.data,
        position=form.position.data or 0,
        active=form.active.data,
        successor_code=form.successor_code.data or None if form.successor_code else None,
        legal_basis=form.legal_basis.data or "",
    )


def _save(code: str, form: CategoryNamesForm) -> Category:
    words = _words(form) if isinstance(form, CategoryForm) else _names(form)
    return directory.change_category(
        code, words, seen=form.seen.data or "", by=identity.seat(), now=context.now()
    )


def _create(form: NewCategoryForm) -> Category:
    return directory.create_category(
        form.code.data or "", _words(form), by=identity.seat(), now=context.now()
    )
