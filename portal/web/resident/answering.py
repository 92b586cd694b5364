"""What only the reporter may do: answer a question, and say that it is done, or not yet."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core.errors import NotAllowed, Stale
from portal.core.workflow import Status, Step
from portal.services import reports
from portal.web import context
from portal.web.resident import following, reading

MOST_KEY_SIGNS = 64


def reply(code: str) -> ResponseReturnValue:
    return _take(Step.REPLY, code)


def reopen(code: str) -> ResponseReturnValue:
    return _take(Step.REOPEN, code)


def confirm(code: str) -> ResponseReturnValue:
    return _take(Step.CONFIRM, code)


def _take(step: Step, code: str) -> ResponseReturnValue:
    """Back to the report's page; with everything typed where the form is not right or the report has moved on."""
    report = reading.find(code)
    if not reading.is_mine(report):
        abort(403)
    form = following.form_of(step, formdata=request.form)
    if not form.validate():
        return following.page(report, (step, form)), 400 if form.expired else 422
    if form.seen.data not in set(Status):
        abort(400)
    try:
        reports.take_reporters_step(
            report,
            step,
            seen=Status(form.seen.data),
            note=form["note"].data or "" if "note" in form else "",
            request_key=(form.request_key.data or "")[:MOST_KEY_SIGNS] or None,
            now=context.now(),
        )
    except (Stale, NotAllowed):
        form.seen.data = report.status
        return following.page(report, (step, form), changed=True), 409
    return redirect(url_for("resident.report", code=report.code), 303)
