"""Taking one step with a ticket: done, or the page that says why not and keeps what was typed."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import workflow
from portal.core.errors import (
    EvidenceDoubtful,
    EvidenceRequired,
    GenericAnswer,
    NotAllowed,
    NotFound,
    OriginalRequired,
    PersonalData,
    Stale,
)
from portal.core.workflow import Actor, Status, Step
from portal.models import Event, Report, Seat
from portal.services import corrections, handling, standing
from portal.services.handling import Command
from portal.web import context, filters, identity
from portal.web.staff import attaching, correcting, offering, previewing, ticket
from portal.web.staff.cooperation import mentioning
from portal.web.staff.forms import NO_CODE, NOBODY, CorrectForm, StepForm
from portal.web.staff.words import DONE

OFFICERS = {Actor.OFFICER, Actor.APPROVER, Actor.COORDINATOR}
OFFICERS_STEPS = {key for key, rule in workflow.STEPS.items() if OFFICERS & set(rule.by)}
SHOWN_AT_LEAST = 3


def take(code: str, step: str) -> ResponseReturnValue:
    """Take the step: 303 to what comes next; 403, 409, 422 and 400 as the law, the others and the form say."""
    request.max_content_length = attaching.MOST_BYTES_TOGETHER
    seat = identity.seat()
    form = ticket.form_of(_step(step), seat.unit_id, context.now())
    right = form.validate()
    try:
        report = handling.ticket(code, seat)
    except NotFound:
        return _no_longer_ours(code, seat, form)
    if handling.is_done(form.key):
        return _after(report, seat, form)
    attaching.keep(form)
    if not form.seen.errors:
        _demand_lawful(form)
        if report.status != form.seen.data:
            return _changed(report, form), 409
    if "insert" in request.form:
        return _insert(report, form, seat)
    if not right or form.errors:
        form.renew(report)
        return ticket.page(report, form), form.status
    if isinstance(form, CorrectForm):
        return _correct(report, form, seat)
    return _take(report, form, seat)


def _insert(report: Report, form: StepForm, seat: Seat) -> str:
    """The ticket with the chosen template in the form: nothing is taken."""
    offering.insert(form, report, seat, context.now())
    form.renew(report)
    return ticket.page(report, form)


def _take(report: Report, form: StepForm, seat: Seat) -> ResponseReturnValue:
    """Take the step if the law lets; what it lacks is told at its field."""
    code, command, now = report.code, _command(form, seat), context.now()
    try:
        if "preview" in request.form:
            letters = previewing.of_step(report, command, now=now)
            form.renew(report)
            return ticket.page(report, form, letters=letters)
        handling.take_step(report, command, now=now)
    except Stale:
        return _stale(code, seat, form)
    except NotAllowed:
        return _changed(report, form), 403
    except OriginalRequired:
        form["original"].errors = [NO_CODE]
    except (EvidenceRequired, EvidenceDoubtful, GenericAnswer, PersonalData) as error:
        attaching.refuse(form, error)
    else:
        return _after(report, seat, form)
    form.renew(report)
    return ticket.page(report, form), 422


def _correct(report: Report, form: CorrectForm, seat: Seat) -> ResponseReturnValue:
    """Say what the correction would do where the officer asks for that, else do it."""
    now, code = context.now(), report.code
    if form.facts.data != corrections.version(report):
        return _changed(report, form), 409
    if (meant := correcting.read(form, report, now)) is None:
        form.renew(report)
        return ticket.page(report, form), 422
    wanted, planned = meant
    if "preview" in request.form or correcting.unasked(form, report, planned):
        form.renew(report)
        return ticket.page(report, form, correcting.outlook(report, planned))
    seen = Status(form.seen.data)
    try:
        corrections.correct(report, wanted, seen=seen, by=seat, request_key=form.key, now=now)
    except Stale:
        return _stale(code, seat, form)
    return _after(report, seat, form)


def _step(raw: str) -> Step:
    if raw not in {step for _status, step in OFFICERS_STEPS}:
        abort(404)
    return Step(raw)


def _demand_lawful(form: StepForm) -> None:
    if (form.seen.data, form.step) not in OFFICERS_STEPS:
        raise NotAllowed(step=form.step)


def _command(form: StepForm, seat: Seat) -> Command:
    chosen = form["colleague"].data or "" if "colleague" in form else ""
    return Command(
        step=form.step,
        actor=Actor.OFFICER,
        seen=Status(form.seen.data),
        note=form["note"].data if "note" in form else "",
        reason=form["reason"].data if "reason" in form else None,
        channel=form["channel"].data if "channel" in form else None,
        to_unit=int(form["unit"].data) if "unit" in form else None,
        to_account=int(chosen) if chosen.isdecimal() else None,
        nobody=chosen == NOBODY,
        original=form["original"].data if "original" in form else "",
        proposal=int(form["proposal"].data) if "proposal" in form else None,
        request_key=form.key,
        by=seat,
        evidence=attaching.evidence_of(form),
        personal=form.personal.data or "",
        repeated_because=form["repeated"].data or "" if "repeated" in form else "",
    )


def _after(report: Report, seat: Seat, form: StepForm) -> ResponseReturnValue:
    if report.lead_unit_id != seat.unit_id:
        return _given_away(report.code, report.lead_unit.name)
    flash(_received(report, seat) if form.step is Step.RECEIVE else DONE[form.step])
    if form.step is Step.NOTE and (unknown := mentioning.unknown(report, form["note"].data)):
        flash(unknown)
    return redirect(url_for("staff.ticket", code=report.code), 303)


def _received(report: Report, seat: Seat) -> str:
    if report.assignee is None and report.assign_due_at:
        due = filters.moment(report.assign_due_at)
        return _("Đã tiếp nhận. Cần giao việc cho một cán bộ trước %(due)s.", due=due)
    if report.assignee and report.assignee.id != seat.account_id:
        return _("Đã tiếp nhận và giao cho %(name)s.", name=report.assignee.name)
    return str(DONE[Step.RECEIVE])


def _given_away(code: str, unit: str) -> ResponseReturnValue:
    flash(_("Đã chuyển phản ánh %(code)s đến %(unit)s.", code=code, unit=unit))
    return redirect(url_for("staff.inbox"), 303)


def _stale(code: str, seat: Seat, form: StepForm) -> ResponseReturnValue:
    """Somebody was quicker by a moment."""
    try:
        report = handling.ticket(code, seat)
    except NotFound:
        return _no_longer_ours(code, seat, form)
    return _changed(report, form), 409


def _changed(report: Report, form: StepForm) -> str:
    """What happened meanwhile, and a way to go on with what was typed: the same step, or an internal note."""
    meanwhile = _meanwhile(report, form.seen.data)
    still_open = form.step in standing.open_steps(report, Actor.OFFICER, identity.seat(), now=context.now())
    if still_open:
        again: StepForm | None = form
    elif "note" in form and form["note"].data:
        again = ticket.form_of(Step.NOTE, report.lead_unit_id, context.now())
        attaching.carry(form, again)
    else:
        again = None
    if again:
        again.renew(report)
    return render_template(
        "staff/changed.html",
        report=report,
        step=form.step,
        history=ticket.history(meanwhile, report.code),
        form=again,
        still_open=still_open,
    )


def _meanwhile(report: Report, seen: str) -> list[Event]:
    """The events since the report last left the status that the person saw."""
    left = [
        place for place, event in enumerate(report.events) if event.from_status == seen != event.to_status
    ]
    return report.events[left[-1] :] if left else report.events[-SHOWN_AT_LEAST:]


def _no_longer_ours(code: str, seat: Seat, form: StepForm) -> ResponseReturnValue:
    """A colleague forwarded it while this one wrote; a ticket that was never this unit's stays unknown."""
    event = handling.passed_on(code, seat)
    if event is None:
        raise NotFound(code=code)
    if handling.is_done(form.key):
        return _given_away(code, event.details["to_unit"])
    typed = form["note"].data if "note" in form else ""
    view = render_template("staff/gone.html", code=code, typed=typed, history=ticket.history([event], code))
    return view, 409
