"""What was masked in a report: its plates by one press, the rest for a reason, on one page each time."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.errors import NotFound, TooOften
from portal.core.privacy.screening import Kind
from portal.models import Report
from portal.services import handling
from portal.services.privacy import masking, unmasking
from portal.web import context, identity
from portal.web.asking import paragraph
from portal.web.staff.forms import EXPIRED
from portal.web.staff.privacy.revealing import ENOUGH


class ReasonForm(FlaskForm):
    """Why what is masked is needed."""

    words = TextAreaField(
        _l("Cần để làm gì?"),
        [
            InputRequired(_l("Xin nói rõ việc cần làm.")),
            Length(min=10, message=_l("Xin nói rõ hơn một chút, ít nhất 10 ký tự.")),
            Length(max=500, message=_l("Nội dung dài quá 500 ký tự. Xin rút ngắn lại.")),
        ],
        filters=[paragraph],
    )

    @property
    def expired(self) -> bool:
        return "csrf_token" in self and bool(self["csrf_token"].errors)


def ask(code: str) -> str:
    return _page(_report(code), ReasonForm(formdata=None))


def show(code: str) -> ResponseReturnValue:
    """The texts, on this answer alone; 422, 400 and 429 bring the question back with what was typed."""
    report, form = _report(code), ReasonForm()
    if "plates" in request.form:
        del form.words
    if not form.validate():
        if form.expired:
            form["csrf_token"].errors = [EXPIRED]
        return _page(report, form), 400 if form.expired else 422
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
