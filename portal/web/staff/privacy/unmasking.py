"""What was masked in a report: its plates by one press, the rest for a reason, on one page each time."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.core.errors import NotFound, TooOften
from portal.core.privacy.screening import Kind
from portal.models import Report
from portal.services import handling
from portal.services.privacy import masking, unmasking
from portal.web import context, identity
from portal.web.asking import LastingForm
from portal.web.staff.privacy.reasons import ENOUGH, reason_field


class ReasonForm(LastingForm):
    """Why what is masked is needed."""

    words = reason_field(_l("Cần để làm gì?"))


def ask(code: str) -> str:
    return _page(_report(code), ReasonForm(formdata=None))


def show(code: str) -> ResponseReturnValue:
    """The texts, on this answer alone; 422, 400 and 429 bring the question back with what was typed."""
    report, form = _report(code), ReasonForm()
    if "plates" in request.form:
        del form.words
    if not form.validate():
        return _page(report, form), form.status
    reason = form["words"].data if "words" in form else ""
    try:
        shown = unmasking.show(
            report,
            reason=reason,
            by=identity.seat(),
            vault=context.vault(),
            limits=context.limits(),
            now=context.now(),
        )
    except TooOften:
        form.form_errors.append(ENOUGH)
        return _page(report, form), 429
    return render_template("staff/unmasked.html", report=report, shown=shown, reason=reason)


def _report(code: str) -> Report:
    report = handling.readable(code, identity.seat())
    if not masking.kinds_of(report.id):
        raise NotFound(code=code)
    return report


def _page(report: Report, form: ReasonForm) -> str:
    persons = [kind for kind in masking.kinds_of(report.id) if kind != Kind.PLATE]
    return render_template("staff/unmask_why.html", report=report, form=form, persons=persons)
