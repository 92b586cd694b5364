"""Tasks between units: asked, answered, taken back, from the ticket."""

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.cooperation import State, Step
from portal.core.errors import Conflict, NotAllowed, NoteRequired, Stale, UnitRequired
from portal.models import Report
from portal.services import handling
from portal.services.cooperation import tasks
from portal.services.cooperation.tasks import Wish
from portal.web import context, identity
from portal.web.staff import ticket
from portal.web.staff.cooperation import helping, mentioning
from portal.web.staff.cooperation.helping import NO_UNIT, BesideForm, KeyedForm

DONE = {
    Step.ACCEPT: _l("Đã nhận việc."),
    Step.FINISH: _l("Đã báo kết quả cho đơn vị chủ trì."),
    Step.DECLINE: _l("Đã báo không nhận, kèm lý do."),
    Step.WITHDRAW: _l("Đã rút lại việc này."),
}
DAYS = {
    "day_off": _l("Ngày này không làm việc. Xin chọn một ngày làm việc."),
    "past": _l("Ngày này đã qua. Xin chọn ngày sau."),
    "too_late": _l("Không hẹn quá một năm. Xin chọn ngày sớm hơn."),
}
CHANGED = _l("Việc này vừa được cập nhật. Xin xem tình hình mới rồi thực hiện tiếp.")
SAY_WHY = _l("Xin ghi kết quả hoặc lý do.")


def ask(code: str) -> ResponseReturnValue:
    """Ask a unit to help, or demand something of the lead: 303 back; 422, 400, 403, 404, 409."""
    seat, now = identity.seat(), context.now()
    report = handling.readable(code, seat)
    form = helping.ask_form(report, seat, now)
    unit = form.unit.data or ""
    wish = Wish(
        form.asked.data or "", int(unit) if unit.isascii() and unit.isdigit() else None, form.day.data
    )
    right = form.validate()
    if form.unit.choices and unit not in {choice.value for choice in form.unit.choices[1:]}:
        form.unit.errors, right = [NO_UNIT], False
    if not right:
        return _again(report, form)
    return _done(
        report,
        form,
        _("Đã giao việc."),
        lambda: tasks.ask(report, wish, by=seat, request_key=form.request_key.data or None, now=now),
    )


def take(code: str, task_id: int) -> ResponseReturnValue:
    """Accept, finish, decline or withdraw, by the button that was pressed."""
    seat, now = identity.seat(), context.now()
    report = handling.readable(code, seat)
    form = helping.answer_form(task_id)
    step = request.form.get("step", "")
    if not form.validate():
        return _again(report, form)
    if step not in DONE:
        raise NotAllowed(step=step)
    return _done(
        report,
        form,
        str(DONE[Step(step)]),
        lambda: tasks.take(
            report,
            task_id,
            Step(step),
            seen=State(form.seen.data),
            words=form.words.data or "",
            by=seat,
            request_key=form.request_key.data or None,
            now=now,
        ),
    )


def remove(code: str, unit_id: int) -> ResponseReturnValue:
    """Let a unit help no longer."""
    seat = identity.seat()
    report = handling.ticket(code, seat)
    tasks.remove(report, unit_id, by=seat, now=context.now())
    flash(_("Đơn vị đó không còn phối hợp."))
    return redirect(url_for("staff.ticket", code=report.code), 303)


def note(code: str) -> ResponseReturnValue:
    """An internal note of a unit beside the one that leads."""
    seat, form = identity.seat(), BesideForm("beside")
    report = handling.readable(code, seat)
    if not form.validate():
        return _again(report, form)
    words, key = form.words.data or "", form.request_key.data or None
    return _done(
        report,
        form,
        " ".join(filter(None, (_("Đã lưu ghi chú nội bộ."), mentioning.unknown(report, words)))),
        lambda: tasks.note(report, words, by=seat, request_key=key, now=context.now()),
    )


def _done(report: Report, form: KeyedForm, said: str, act: Callable[[], None]) -> ResponseReturnValue:
    """Do it and say so; or the ticket as it is now, with everything that was typed and why it was not done."""
    code = report.code
    try:
        act()
    except Conflict as error:
        form["day"].errors = [DAYS[str(error.details["reason"])]]
        return _again(report, form)
    except UnitRequired:
        form["unit"].errors = [NO_UNIT]
        return _again(report, form)
    except NoteRequired:
        form["words"].errors = [SAY_WHY]
        return _again(report, form)
    except Stale:
        report = handling.readable(code, identity.seat())
        form.form_errors.append(CHANGED)
        return _again(report, form, 409)
    flash(said)
    return redirect(url_for("staff.ticket", code=code), 303)


def _again(report: Report, form: KeyedForm, status: int = 422) -> ResponseReturnValue:
    form.renew()
    return ticket.page(report, helping_form=form), 400 if form.expired else status
