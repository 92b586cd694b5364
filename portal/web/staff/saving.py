"""Filters under a name: kept from the inbox, renamed, shared with the unit, forgotten."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import DataRequired, Length

from portal.core.errors import Conflict
from portal.services.inbox import saved
from portal.web import context, identity
from portal.web.asking import line
from portal.web.staff.searching import NARROWING

ASKED = {"tab", "q", *NARROWING}


class NamedForm(FlaskForm):
    """A filter's name; `query` is what it asks for."""

    name = StringField(
        _l("Tên bộ lọc"),
        [
            DataRequired(_l("Xin đặt tên cho bộ lọc.")),
            Length(max=60, message=_l("Tên dài quá 60 ký tự. Xin rút ngắn lại.")),
        ],
        filters=[line],
    )
    shared = BooleanField(_l("Cả đơn vị cùng dùng"))
    query = HiddenField(validators=[Length(max=1000)], filters=[lambda raw: urlencode(_asked(raw or ""))])

    def __init__(self, number: int | None = None, **kwargs: Any):
        """Several stand on one page, so their ids carry the filter's number."""
        super().__init__(**kwargs)
        for field in self:
            field.id = f"{field.short_name}-{number or 'new'}"
            field.label.field_id = field.id


def listed() -> str:
    """The officer's own filters, to rename, share and forget, and those of colleagues."""
    return _page(None)


def keep() -> ResponseReturnValue:
    """Keep what the inbox shows under a name: 303 back to it, 422 with what is wrong."""
    form = NamedForm()
    if form.validate():
        try:
            saved.keep(identity.seat(), form.name.data, form.query.data, shared=form.shared.data)
        except Conflict as error:
            form.name.errors = [_wrong(error)]
        else:
            flash(_("Đã lưu bộ lọc “%(name)s”.", name=form.name.data))
            return redirect(f"{url_for('staff.inbox')}?{form.query.data}", 303)
    return _page(form), 422


def change(filter_id: int) -> ResponseReturnValue:
    """Rename, share or forget one of the officer's own: 303 to the list, 422 with what is wrong, 404 for others'."""
    seat, form = identity.seat(), NamedForm(filter_id)
    if "forget" in request.form:
        saved.forget(seat, filter_id)
        flash(_("Đã xóa bộ lọc."))
        return redirect(url_for("staff.saved_filters"), 303)
    if form.validate():
        try:
            saved.change(seat, filter_id, form.name.data, shared=form.shared.data)
        except Conflict as error:
            form.name.errors = [_wrong(error)]
        else:
            flash(_("Đã lưu bộ lọc “%(name)s”.", name=form.name.data))
            return redirect(url_for("staff.saved_filters"), 303)
    return _page(form, filter_id), 422


def _page(tried: NamedForm | None, filter_id: int | None = None) -> str:
    """`tried` came back with errors: as a new filter, or as the one of that id."""
    seat = identity.seat()
    forms = []
    for one in saved.usable_by(seat, now=context.now()):
        form = tried if one.id == filter_id else NamedForm(one.id, formdata=None, obj=one)
        forms.append((one, form if one.account_id == seat.account_id else None))
    new = tried if filter_id is None else None
    return render_template("staff/saved_filters.html", forms=forms, new=new, tried=tried)


def _asked(raw: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in parse_qsl(raw) if name in ASKED]


def _wrong(error: Conflict) -> str:
    if error.details["reason"] == "many":
        return _("Bạn đã lưu %(most)s bộ lọc. Xin xóa bớt.", most=saved.MOST)
    return _("Bạn đã có một bộ lọc khác mang tên này.")
