"""The page of a reporter's own data, and what they may do there."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.errors import Conflict, Held
from portal.core.privacy.durations import Clock
from portal.core.privacy.purposes import Purpose
from portal.models import Report
from portal.services import reports
from portal.services.privacy import consents, durations, erasure, exports, identity, requests
from portal.web import context
from portal.web.resident import reading
from portal.web.resident.data import archive
from portal.web.resident.data.forms import AskForm, ContactForm, WordsForm
from portal.web.resident.forms import ResidentForm

LEFT = {"name": _l("họ và tên"), "phone": _l("số điện thoại"), "email": _l("e-mail")}


def show(code: str) -> str:
    return _page(_own(code))


def agree(code: str, purpose: str) -> ResponseReturnValue:
    """Agree to one purpose, or take it back: the button says which."""
    report = _own(code)
    if purpose not in set(Purpose):
        abort(404)
    if "withdraw" in request.form:
        consents.withdraw(report, Purpose(purpose), now=context.now())
        flash(_("Đã rút lại sự đồng ý."))
    else:
        consents.give(report, Purpose(purpose), now=context.now())
        flash(_("Đã ghi nhận sự đồng ý của bạn."))
    return _back(report)


def change_contact(code: str) -> ResponseReturnValue:
    report, form = _own(code), ContactForm()
    if not form.validate():
        return _page(report, form), form.status
    told = (form.name.data or "", form.phone.data or "", form.email.data or "")
    try:
        identity.change(report, *told, vault=context.vault(), now=context.now())
    except Held:
        form.form_errors.append(_("Liên hệ này đang được giữ theo yêu cầu của pháp luật, nên chưa sửa được."))
        return _page(report, form), 409
    flash(_("Đã sửa thông tin liên hệ."))
    return _back(report)


def ask(code: str, kind: str) -> ResponseReturnValue:
    """Ask for a correction of the text, or to have everything erased."""
    report = _own(code)
    if kind not in requests.CLOCKS:
        abort(404)
    form = WordsForm() if kind == requests.CORRECT else AskForm()
    if not form.validate():
        return _page(report, form), form.status
    words = form.words.data if isinstance(form, WordsForm) else ""
    key, vault, now = form.request_key.data, context.vault(), context.now()
    try:
        requests.ask(report, kind, words=words, request_key=key, vault=vault, now=now)
    except Conflict:
        flash(_("Bạn đã gửi yêu cầu này, đơn vị chưa trả lời."))
    else:
        flash(_("Đã nhận yêu cầu. Câu trả lời sẽ hiện ở trang này."))
    return _back(report)


def export(code: str) -> ResponseReturnValue:
    """Everything that is held, as a file."""
    report = _own(code)
    held = exports.take(report, vault=context.vault(), now=context.now())
    packed = archive.pack(report, held, context.storage())
    named = {"Content-Disposition": f"attachment; filename={report.code}.zip", "Cache-Control": "no-store"}
    return Response(packed, mimetype="application/zip", headers=named)


def _own(code: str) -> Report:
    report = reading.find(code)
    if not reading.is_mine(report):
        abort(403)
    return report


def _back(report: Report) -> ResponseReturnValue:
    return redirect(url_for("resident.own_data", code=report.code), 303)


def _page(report: Report, tried: ResidentForm | None = None) -> str:
    """`tried` is the form that came back with errors."""
    key, left = reports.fresh_key(), identity.left(report.id)
    fresh = (ContactForm(formdata=None), WordsForm(formdata=None, request_key=key))
    contact, words = (tried if type(tried) is type(form) else form for form in fresh)
    words.request_key.data = key
    return render_template(
        "resident/own_data.html",
        report=report,
        left=left,
        left_words=", ".join(str(LEFT[one]) for one in left),
        agreed=consents.in_force(report.id),
        given=consents.history(report.id),
        purposes=list(Purpose),
        contact=contact,
        words=words,
        key=key,
        tried=tried,
        asked=requests.of_report(report.id),
        now=context.now(),
        certificate=erasure.certificate_of(report.id),
        days={clock: durations.days(clock)[None] for clock in (Clock.CORRECT, Clock.ERASE)},
    )
