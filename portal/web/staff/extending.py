"""Asking for a later date, and granting or refusing it."""

from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.errors import Conflict, NoteRequired
from portal.services import handling
from portal.services.clocks import extensions
from portal.web import context, filters, identity
from portal.web.staff import ticket
from portal.web.staff.forms import ExtensionForm


def ask(code: str) -> ResponseReturnValue:
    """Ask for an extension of a ticket of the officer's unit: 303 back to it, 422 with what is wrong."""
    seat, form = identity.seat(), ExtensionForm()
    right = form.validate()
    report = handling.ticket(code, seat)
    if right:
        key, now = form.request_key.data or None, context.now()
        try:
            extensions.ask(report, form.day.data, form.reason.data, by=seat, request_key=key, now=now)
        except Conflict as error:
            form[str(error.details["field"])].errors = [_wrong(error)]
        else:
            flash(_("Đã gửi đề nghị gia hạn. Thời hạn chỉ đổi khi một người khác duyệt."))
            return redirect(url_for("staff.ticket", code=report.code), 303)
    form.request_key.data = uuid4().hex
    return ticket.page(report, extending=form), form.status


def waiting(unsaid: int | None = None) -> str:
    """The requests that wait for this officer's decision; `unsaid` was refused without a reason."""
    asked = extensions.to_decide(identity.seat(), now=context.now())
    return render_template("staff/extensions.html", asked=asked, unsaid=unsaid)


def decide(extension_id: int) -> ResponseReturnValue:
    """Grant, or refuse with a reason: 303 to the list; 404, 409 and 422 as the law says."""
    grant = request.form.get("decision") == "grant"
    note, seat = request.form.get("note", ""), identity.seat()
    try:
        decided = extensions.decide(extension_id, grant=grant, note=note, by=seat, now=context.now())
    except NoteRequired:
        return waiting(unsaid=extension_id), 422
    code = decided.report.code
    if grant:
        flash(_("Đã gia hạn %(code)s và báo cho người phản ánh.", code=code))
    else:
        flash(_("Đã từ chối gia hạn %(code)s.", code=code))
    return redirect(url_for("staff.extensions"), 303)


def _wrong(error: Conflict) -> str:
    match error.details["reason"]:
        case "day_off":
            return _("Ngày này không làm việc. Xin chọn một ngày làm việc.")
        case "not_later":
            due = filters.moment(error.details["due"])  # type: ignore[arg-type]
            return _("Ngày hẹn mới phải muộn hơn hạn đang có (%(due)s).", due=due)
        case "too_late":
            return _("Không hẹn quá một năm. Xin chọn ngày sớm hơn.")
    return _("Đã có đề nghị gia hạn đang chờ duyệt.")
