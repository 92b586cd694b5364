"""Answer templates: the list, one of them, a new one, and its end."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from portal.core.answers.variables import VARIABLES
from portal.models import AnswerTemplate
from portal.services import directory, records
from portal.services.answers import templates as keeping
from portal.services.answers.templates import TemplateWords
from portal.web import context, identity
from portal.web.admin import saving
from portal.web.admin.fields import at_most, choice, choices, text_field
from portal.web.admin.forms import CHOOSE, NAME_NEEDED, RecordForm
from portal.web.admin.saving import NOT_SENT, Outcome
from portal.web.admin.wording import TEMPLATE_STEPS, names_of_units
from portal.web.asking import paragraph
from portal.web.words import named


class TemplateForm(RecordForm):
    name = text_field(_l("Tên mẫu"), 80, NAME_NEEDED)
    step = choice(_l("Dùng ở bước"), {"": "—"} | TEMPLATE_STEPS, CHOOSE)
    category_code = choice(_l("Lĩnh vực"))
    unit_code = choice(_l("Đơn vị"))
    text = TextAreaField(
        _l("Nội dung"), [DataRequired(_l("Xin ghi nội dung.")), at_most(1500)], filters=[paragraph]
    )


def templates() -> str:
    return render_template(
        "admin/templates.html",
        templates=keeping.templates(),
        steps=TEMPLATE_STEPS,
        categories={category.code: named(category) for category in directory.categories()},
        units=names_of_units(),
    )


def new_template() -> ResponseReturnValue:
    return _page(None, _with_choices(TemplateForm()), NOT_SENT)


def create_template() -> ResponseReturnValue:
    form = _with_choices(TemplateForm())
    by, now = identity.seat(), context.now()
    outcome = saving.save(form, lambda: keeping.add(_words(form), by=by, now=now))
    if outcome.saved:
        flash(_("Đã thêm mẫu “%(name)s”.", name=outcome.saved.name))
        return redirect(url_for("admin.templates"), 303)
    return _page(None, form, outcome)


def template(template_id: int) -> ResponseReturnValue:
    kept = keeping.template(template_id)
    return _page(kept, _filled(kept), NOT_SENT)


def change_template(template_id: int) -> ResponseReturnValue:
    keeping.template(template_id)
    form = _with_choices(TemplateForm())
    outcome = saving.save(
        form, lambda: _save(template_id, form), lambda: _filled(keeping.template(template_id))
    )
    if outcome.saved:
        flash(_("Đã lưu mẫu “%(name)s”.", name=outcome.saved.name))
        return redirect(url_for("admin.templates"), 303)
    return _page(keeping.template(template_id), form, outcome)


def remove_template(template_id: int) -> ResponseReturnValue:
    keeping.remove(template_id, seen=request.form.get("seen", ""), by=identity.seat(), now=context.now())
    flash(_("Đã xóa mẫu trả lời."))
    return redirect(url_for("admin.templates"), 303)


def _page(kept: AnswerTemplate | None, form: TemplateForm, outcome: Outcome) -> ResponseReturnValue:
    page = render_template(
        "admin/template.html", template=kept, form=form, outcome=outcome, variables=VARIABLES
    )
    return page, outcome.status


def _filled(kept: AnswerTemplate) -> TemplateForm:
    return _with_choices(TemplateForm(formdata=None, obj=kept, seen=records.version(kept)))


def _with_choices(form: TemplateForm) -> TemplateForm:
    categories = {category.code: named(category) for category in directory.categories()}
    units = names_of_units()
    form.category_code.choices = choices({"": _("Mọi lĩnh vực")} | categories)
    form.unit_code.choices = choices({"": _("Mọi đơn vị")} | units)
    return form


def _words(form: TemplateForm) -> TemplateWords:
    return TemplateWords(
        name=form.name.data or "",
        step=form.step.data,
        category_code=form.category_code.data or None,
        unit_code=form.unit_code.data or None,
        text=form.text.data or "",
    )


def _save(template_id: int, form: TemplateForm) -> AnswerTemplate:
    seen = form.seen.data or ""
    return keeping.change(template_id, _words(form), seen=seen, by=identity.seat(), now=context.now())
