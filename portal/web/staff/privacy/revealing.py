"""Who reported, for one look: the question why, and the one page that answers."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from portal.core import phones
from portal.core.errors import NotAllowed, NotFound, TooOften
from portal.core.privacy.revealing import Why
from portal.models import Report
from portal.services import handling
from portal.services.privacy import identity as contacts
from portal.services.privacy import revealing
from portal.web import context, identity
from portal.web.asking import LastingForm
from portal.web.staff.forms import CHOOSE_REASON
from portal.web.staff.privacy.reasons import ENOUGH, reason_field
from portal.web.words import WHY_REVEALED


class RevealForm(LastingForm):
    """Why, from the list and in the officer's own words."""

    why = RadioField(_l("Vì sao cần biết?"), [InputRequired(CHOOSE_REASON)])
    words = reason_field(
        _l("Nói rõ việc cần làm"),
        _l("Chỉ người kiểm tra nhật ký đọc được. Văn bản yêu cầu thì ghi số, ngày, cơ quan."),
    )

    def __init__(self, report: Report, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.why.choices = [SelectChoice(why.value, WHY_REVEALED[why]) for why in revealing.allowed(report)]


def ask(code: str) -> str:
    """The question why. Raises NotFound where nobody left anything, NotAllowed for a unit that only helps."""
    report = _report(code)
    return _page(report, RevealForm(report, formdata=None))


def show(code: str) -> ResponseReturnValue:
    """Who reported, on this answer alone; 422, 400 and 429 bring the question back with everything typed."""
    report = _report(code)
    form = RevealForm(report)
    if not form.validate():
        return _page(report, form), form.status
    try:
        told = revealing.reveal(
            *(report, Why(form.why.data), form.words.data),
            by=identity.seat(),
            vault=context.vault(),
            limits=context.limits(),
            now=context.now(),
        )
    except TooOften:
        form.form_errors.append(ENOUGH)
        return _page(report, form), 429
    return render_template(
        "staff/identity.html", report=report, told=told, number=told.phone and phones.show(told.phone)
    )


def _report(code: str) -> Report:
    seat = identity.seat()
    report = handling.readable(code, seat)
    if not contacts.left(report.id):
        raise NotFound(code=code)
    if not revealing.may(report, seat):
        raise NotAllowed(code=code)
    return report


def _page(report: Report, form: RevealForm) -> str:
    agreed = any(choice.value == Why.VERIFY for choice in form.why.choices)
    return render_template("staff/identity_why.html", report=report, form=form, agreed=agreed)
