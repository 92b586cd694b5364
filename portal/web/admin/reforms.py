"""Reforms: a file shows its plan, is prepared, and afterwards tells what it did and what is left to a person."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.packs import PackError, Problem
from portal.models import Reform
from portal.services import accounts
from portal.services import reform as reforms
from portal.web import context, identity
from portal.web.admin import listing
from portal.web.admin.forms import ReformForm
from portal.web.admin.reform_words import STATES, reason, told
from portal.web.words import UNDECIDED


def reforms_list() -> ResponseReturnValue:
    return _list_page(ReformForm(formdata=None), [])


def plan_reform() -> ResponseReturnValue:
    """The plan of a file, as things stand now; nothing is kept yet."""
    form = ReformForm()
    if not form.validate():
        return _list_page(form, [])
    raw = form.raw
    try:
        draft = reforms.draft(form.file_name, raw, form.effective.data, form.name.data)
        plan = reforms.plan(draft, now=context.now())
    except PackError as error:
        return _list_page(form, error.problems)
    form.rows.data = raw.decode("utf-8-sig")
    return _page(draft, plan.said, form)


def prepare_reform() -> ResponseReturnValue:
    form = ReformForm()
    if not form.validate():
        return _list_page(form, [])
    try:
        kept = reforms.prepare(
            form.file_name,
            form.raw,
            form.effective.data,
            form.name.data,
            by=identity.seat(),
            now=context.now(),
        )
    except PackError as error:
        return _list_page(form, error.problems)
    if kept.state == "done":
        flash(_("Lần sắp xếp này đã thực hiện rồi; không có gì thay đổi."))
    else:
        flash(_("Đã chuẩn bị. Đến ngày có hiệu lực hệ thống tự thực hiện."))
    return redirect(url_for("admin.reform", reform_id=kept.id), 303)


def reform(reform_id: int) -> ResponseReturnValue:
    kept = reforms.found(reform_id)
    if kept.state == "done":
        return _page(kept, kept.counts)
    try:
        return _page(kept, reforms.plan(kept, now=context.now()).said)
    except PackError as error:
        return _page(kept, None, problems=error.problems)


def cancel_reform(reform_id: int) -> ResponseReturnValue:
    reforms.cancel(reform_id, by=identity.seat(), now=context.now())
    flash(_("Đã hủy. Không có gì được thực hiện."))
    return redirect(url_for("admin.reform", reform_id=reform_id), 303)


def _list_page(form: ReformForm, problems: list[Problem]) -> ResponseReturnValue:
    form.rows.data = ""
    page = render_template(
        "admin/reforms.html",
        listing=reforms.listed(listing.page_number()),
        form=form,
        faults=_faults(problems),
        states=STATES,
    )
    return page, 422 if form.errors or problems else 200


def _page(
    kept: Reform,
    said: dict[str, Any] | None,
    form: ReformForm | None = None,
    problems: list[Problem] | None = None,
) -> ResponseReturnValue:
    return render_template(
        "admin/reform.html",
        reform=kept,
        said=said,
        form=form,
        faults=_faults(problems or []),
        people=accounts.of_ids(said["officers_unclear"]) if said else [],
        told=told(kept, said) if said else None,
        states=STATES,
        undecided=UNDECIDED,
        today=context.today(),
    )


def _faults(problems: list[Problem]) -> list[tuple[Any, ...]]:
    return [
        (_("Hàng %(line)s", line=each.line) if each.line else _("Cả tệp"), each.column, reason(each))
        for each in problems
    ]
