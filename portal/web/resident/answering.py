"""What only the reporter may do: answer a question, say that it is done, or not yet, take back what is new."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.errors import NotAllowed, NotFound, Stale
from portal.core.workflow import Status, Step
from portal.models import Event, Photo, Report
from portal.services import handling, reports
from portal.web import context, pictures, questions
from portal.web.resident import following, reading
from portal.web.resident.forms import StepForm

MOST_KEY_SIGNS = 64


def reply(code: str) -> ResponseReturnValue:
    return _take(Step.REPLY, code)


def reopen(code: str) -> ResponseReturnValue:
    return _take(Step.REOPEN, code)


def confirm(code: str) -> ResponseReturnValue:
    return _take(Step.CONFIRM, code)


def withdraw(code: str) -> ResponseReturnValue:
    """Take it back, as long as nobody has received it."""
    return _take(Step.WITHDRAW, code)


def question(code: str, token: str) -> ResponseReturnValue:
    """One question by the link of its message, for whoever has it; 410 when nobody waits for the answer."""
    report, asked = _asked(code, token)
    if not questions.is_open(report, asked):
        return _over(report, asked)
    form = following.form_of(Step.REPLY, formdata=None, seen=report.status, request_key=reports.fresh_key())
    return _question(report, asked, form, [])


def answer_question(code: str, token: str) -> ResponseReturnValue:
    """The answer to it, once: what comes later is shown back with 410."""
    report, asked = _asked(code, token)
    form, kept = _sent(Step.REPLY)
    if not handling.is_done(_key(form)):
        if not questions.is_open(report, asked):
            return _over(report, asked, form)
        if form.errors:
            return _question(report, asked, form, kept), form.status
        try:
            _save(report, Step.REPLY, form, Status.WAITING, kept)
        except (Stale, NotAllowed):
            return _over(report, asked, form)
    flash(_("Cảm ơn bạn. Đơn vị đã nhận câu trả lời và tiếp tục xử lý."))
    return redirect(url_for("resident.report", code=report.code), 303)


def _take(step: Step, code: str) -> ResponseReturnValue:
    """Back to the report's page; with everything typed where the form is not right or the report has moved on."""
    report = reading.find(code)
    if not reading.is_mine(report):
        abort(403)
    form, kept = _sent(step)
    if form.errors:
        return following.page(report, (step, form), kept=kept), form.status
    if form.seen.data not in set(Status):
        abort(400)
    try:
        _save(report, step, form, Status(form.seen.data), kept)
    except (Stale, NotAllowed):
        form.seen.data = report.status
        return following.page(report, (step, form), changed=True, kept=kept), 409
    return redirect(url_for("resident.report", code=report.code), 303)


def _sent(step: Step) -> tuple[StepForm, list[Photo]]:
    """The form as it was sent, with what is wrong, and its photos, which are kept whatever else is wrong."""
    request.max_content_length = pictures.MOST_BYTES_TOGETHER
    form = following.form_of(step, formdata=request.form)
    form.validate()
    if "photos" not in form:
        return form, []
    kept, form["photos"].errors = pictures.keep()
    return form, kept


def _save(report: Report, step: Step, form: StepForm, seen: Status, kept: list[Photo]) -> None:
    reports.take_reporters_step(
        report,
        step,
        seen=seen,
        note=form["note"].data or "" if "note" in form else "",
        request_key=_key(form),
        photos=tuple(photo.token for photo in kept),
        vault=context.vault(),
        now=context.now(),
    )


def _key(form: StepForm) -> str | None:
    return (form.request_key.data or "")[:MOST_KEY_SIGNS] or None


def _asked(code: str, token: str) -> tuple[Report, Event]:
    report = reading.find(code)
    asked = questions.called(report, token)
    if asked is None:
        raise NotFound(code=code)
    return report, asked


def _question(report: Report, asked: Event, form: StepForm, kept: list[Photo]) -> str:
    shown = list(pictures.kept_pictures(kept))
    return render_template("resident/question.html", report=report, question=asked, form=form, kept=shown)


def _over(report: Report, asked: Event, form: StepForm | None = None) -> ResponseReturnValue:
    typed = form["note"].data if form else ""
    return render_template("resident/question.html", report=report, question=asked, typed=typed), 410
