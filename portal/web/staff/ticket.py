"""A ticket on one page: what was reported, which clocks run, what happened, and what may be done now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _

from portal.core import cooperation
from portal.core.evidence import Doubt
from portal.core.workflow import MOST_RETURNS, Actor, Clock, Status, Step
from portal.models import Event, Report
from portal.services import causes, clocks, handling, inbox, notifications, standing
from portal.services.clocks import Countdown
from portal.services.cooperation import mentions
from portal.services.privacy import identity as contacts
from portal.services.privacy import masking, revealing
from portal.services.repeats import merging, recurrence
from portal.web import context, decisions, filters, identity, papers, pictures, words
from portal.web.papers import Paper
from portal.web.pictures import Picture
from portal.web.staff import correcting, offering, promising
from portal.web.staff.cooperation import helping
from portal.web.staff.cooperation.helping import KeyedForm
from portal.web.staff.correcting import Outlook
from portal.web.staff.forms import FORMS, AssignForm, CorrectForm, ExtensionForm, ReceiveForm, StepForm
from portal.web.staff.previewing import Letter
from portal.web.staff.words import CAME_BY, DOUBTS, countdown_words, next_words

PRIMARY = (
    Step.RECEIVE,
    Step.START,
    Step.RESUME,
    Step.APPROVE,
    Step.RESOLVE,
    Step.PROPOSE,
)  # the first that is open
OFTEN = (
    Step.ANSWER,
    Step.ASK,
    Step.PAUSE,
    Step.SEND_BACK,
    Step.REOPEN,
    Step.NOTE,
    Step.ASSIGN,
    Step.SAME_CAUSE,
)
TASK_STEPS = {*cooperation.Step, "remove_helper", "escalate"}
RARELY = (Step.CORRECT, Step.FORWARD, Step.RETURN, Step.DUPLICATE, Step.SEPARATE, Step.REDIRECT, Step.REJECT)


@dataclass(frozen=True)
class Promise:
    """One of the clocks in words; `state` is 'open', 'soon', 'late' or 'met'."""

    label: str
    at: datetime
    state: str
    text: str


@dataclass(frozen=True)
class Entry:
    """One line of the history."""

    when: datetime
    title: str
    text: str
    who: str
    internal: bool
    pictures: list[Picture]
    papers: list[Paper]


def show(code: str) -> str:
    return page(handling.readable(code, identity.seat()))


def page(
    report: Report,
    tried: StepForm | None = None,
    outlook: Outlook | None = None,
    extending: ExtensionForm | None = None,
    helping_form: KeyedForm | None = None,
    letters: list[Letter] | None = None,
) -> str:
    """The ticket with the forms of every step that is open; `tried` is the one that came back with errors, or to
    say what it would do (`outlook`) or what the reporter would receive (`letters`); `extending` is a request for a
    later date that came back, `helping_form` one of the forms about tasks between units.
    """
    now, status = context.now(), Status(report.status)
    leads = report.lead_unit_id == identity.seat().unit_id
    forms = _forms(report, tried, now)
    promised = promises(report, now)
    return render_template(
        "staff/ticket.html",
        report=report,
        leads=leads,
        **_told(report),
        why=_why(report),
        answers=correcting.answers(report),
        **_kept_private(report),
        promises=promised.values(),
        why_due=promising.why(report),
        later=promising.later(report, identity.seat(), extending, now=now) if leads else None,
        extending=extending,
        running=_next(report, promised),
        **_in_order(forms),
        proposal=standing.proposal(report) if status is Status.AWAITING_APPROVAL else None,
        settled=report.times_returned >= MOST_RETURNS,
        tried=tried,
        outlook=outlook,
        letters=letters,
        tried_task=helping_form,
        **_around(report, helping_form, now),
    )


def _kept_private(report: Report) -> dict[str, Any]:
    """What the reporter left and whether it reaches them, what was masked, and who may see all that."""
    may_reveal = revealing.may(report, identity.seat())
    return {
        "left": contacts.left(report.id),
        "unreached": notifications.unreached(report.id),
        "may_reveal": may_reveal,
        "masked": masking.kinds_of(report.id) if may_reveal and masking.looks_masked(report) else [],
    }


def _forms(report: Report, tried: StepForm | None, now: datetime) -> dict[Step, StepForm]:
    """The forms of every step that is open to this officer, with what they offer."""
    seat = identity.seat()
    open_ = standing.open_steps(report, Actor.OFFICER, seat, now=now)
    forms = {step: tried if tried and tried.step is step else blank(step, report, now) for step in open_}
    offering.offer(forms.values(), report, seat, now)
    if Step.NOTE in forms:
        forms[Step.NOTE].nameable = mentions.nameable(report, now=now)
    return forms


def _around(report: Report, tried: KeyedForm | None, now: datetime) -> dict[str, Any]:
    """What lies beside the ticket: other units with their tasks, and reports of the same cause or kind."""
    seat = identity.seat()
    return {
        "same_cause": causes.others(report, seat),
        "near": inbox.near(report, seat, now=now),
        "unit_id": seat.unit_id,
        "merged": merging.merged(report) if report.times_merged else (),
        "merged_into": merging.root(report) if report.duplicate_of_id else None,
        "came_before": recurrence.before(report, seat),
        "came_back": recurrence.of(report, seat),
        "tasking": helping.tasking(report, seat, tried, now),
    }


def _told(report: Report) -> dict[str, object]:
    """The photos, those of the result beside the reporter's, and the history with the others."""
    shown = list(pictures.of_report(report, "staff.photo", "medium", _every_event(report)))
    result = _result(report)
    others = [picture for picture in shown if picture.event != result]
    return {"pictures": shown, "result": result, "history": history(report.events, report.code, others)}


def _in_order(forms: dict[Step, StepForm]) -> dict[str, object]:
    """The forms as the page shows them: first the one that leads on, last what is seldom done."""
    return {
        "forms": [forms[step] for step in (*PRIMARY, *OFTEN) if step in forms],
        "rare": [forms[step] for step in RARELY if step in forms],
        "primary": next((step for step in PRIMARY if step in forms), None),
    }


def blank(step: Step, report: Report, now: datetime) -> StepForm:
    """The form of a step, ready to be sent from the report's present status."""
    form = form_of(step, report.lead_unit_id, now, report.about_unit_id, formdata=None)
    if isinstance(form, CorrectForm):
        correcting.fill(form, report)
    if isinstance(form, ReceiveForm):
        form.propose(report, identity.seat())
    form.renew(report)
    return form


def form_of(step: Step, unit_id: int, now: datetime, about: int | None = None, **kwargs: object) -> StepForm:
    """The form of a step of this unit, filled from the request where there is one.

    `about`: the office about whose people the ticket is; nobody of it is offered.
    """
    form = FORMS[step](step, **kwargs)
    if "unit" in form:
        form["unit"].choices = helping.unit_choices(unit_id, now)
    if isinstance(form, AssignForm):
        form.offer(handling.colleagues(unit_id, about=about, now=now))
    if isinstance(form, CorrectForm):
        correcting.offer(form, now)
    return form


def promises(report: Report, now: datetime) -> dict[Clock, Promise]:
    """The clocks of the report, the one to name somebody where it ran: kept, broken, standing still, or how long they
    still run.
    """
    said = {Clock.RECEIVE: _promise(report, Clock.RECEIVE, report.received_at, now)}
    if report.assign_due_at and (report.assigned_at or not report.closed_at):
        said[Clock.ASSIGN] = _promise(report, Clock.ASSIGN, report.assigned_at, now)
    said[Clock.RESOLVE] = _promise(report, Clock.RESOLVE, report.closed_at, now)
    return said


def _next(report: Report, promised: dict[Clock, Promise]) -> Promise | None:
    """The clock that runs out next, named where the status does not say which one it is."""
    if (clock := clocks.next_clock(report)) is None:
        return None
    return replace(promised[clock], text=next_words(clock, promised[clock].text))


def _promise(report: Report, clock: Clock, done_at: datetime | None, now: datetime) -> Promise:
    label, countdown = (
        str(words.CLOCKS[clock]),
        clocks.countdown(report, clocks.due_of(report, clock), now=now),
    )
    return (
        _kept(label, countdown, done_at) or _standing(label, countdown, report) or _running(label, countdown)
    )


def _kept(label: str, promise: Countdown, done_at: datetime | None) -> Promise | None:
    if done_at is None:
        return None
    if done_at > promise.at:
        return Promise(
            label, promise.at, "late", _("trễ hạn, lúc %(moment)s", moment=filters.moment(done_at))
        )
    return Promise(label, promise.at, "met", _("đúng hạn, lúc %(moment)s", moment=filters.moment(done_at)))


def _standing(label: str, promise: Countdown, report: Report) -> Promise | None:
    if report.waiting_since is None:
        return None
    since = filters.moment(report.waiting_since)
    return Promise(label, promise.at, "open", _("tạm dừng từ %(moment)s", moment=since))


def _running(label: str, promise: Countdown) -> Promise:
    said = countdown_words(promise)
    return Promise(label, promise.at, said.state, said.text)


def history(events: list[Event], code: str, shown: Sequence[Picture] = ()) -> list[Entry]:
    """Every event with who did it and for which unit, internal notes too, and the pictures that it brought."""
    return [
        Entry(
            when=event.at,
            title=str(words.EVENT_TITLES[event.step]),
            text="\n".join(filter(None, (_circumstance(event), event.note))),
            who=_who(event),
            internal=not event.public,
            pictures=[picture for picture in shown if picture.event == event.id],
            papers=papers.of_event(event, code, "staff.document"),
        )
        for event in events
    ]


def photo(code: str, n: int, size: str) -> Response:
    """The n-th photo of a ticket of the officer's unit."""
    report = handling.readable(code, identity.seat())
    return pictures.nth(report, n, size, _every_event(report))


def document(code: str, document_id: int) -> Response:
    """A document of a ticket of the officer's unit."""
    report = handling.readable(code, identity.seat())
    return papers.download(report, document_id, _every_event(report))


def _every_event(report: Report) -> frozenset[int]:
    return frozenset(event.id for event in report.events)


def _result(report: Report) -> int | None:
    """The step whose pictures stand beside the reporter's: the last result, or the one that is proposed."""
    if report.status not in (Status.RESOLVED, Status.CLOSED, Status.AWAITING_APPROVAL):
        return None
    status = Status.RESOLVED if report.status == Status.CLOSED else report.status
    return next((event.id for event in reversed(report.events) if event.to_status == status), None)


def _why(report: Report) -> str:
    """Why the ticket lies with this unit: somebody forwarded it, or the rule of the first day."""
    for event in reversed(report.events):
        if event.step == "reform" and event.public:
            return words.reform_sentence(event)
        if "decision" in event.details:
            break
        if event.step in (Step.FORWARD, Step.RETURN):
            said = {"unit": event.details["from_unit"], "moment": filters.moment(event.at)}
            if event.step == Step.RETURN:
                return _("%(unit)s trả lại lúc %(moment)s.", **said)
            return _("%(unit)s chuyển đến lúc %(moment)s.", **said)
    sentence = decisions.routing_sentence(report.decision)
    return sentence[:1].upper() + sentence[1:]


def _circumstance(event: Event) -> str:
    """What the step's details say: from where to where, why, to which channel, of which report, until when."""
    details, said = event.details, []
    if event.step == "reform":
        return words.reform_sentence(event)
    if event.step == Step.CORRECT:
        return decisions.correction(event.details)
    if "old" in details:
        old, new = (filters.moment(datetime.fromisoformat(details[name])) for name in ("old", "due"))
        return _("Từ %(old)s đến %(new)s.", old=old, new=new)
    if event.step in TASK_STEPS:
        return _task(details)
    if "came_by" in details:
        said.append(_("Nhập hộ người phản ánh. Kênh: %(channel)s.", channel=CAME_BY[details["came_by"]]))
    if "to_unit" in details:
        said.append(_("Từ %(former)s đến %(new)s.", former=details["from_unit"], new=details["to_unit"]))
    said += words.particulars(event)
    said += _overruled(event)
    if "assignee" in details:
        said.append(_("Giao cho %(name)s.", name=details["assignee"]))
    if "left" in details:
        said.append(_("%(name)s không còn phụ trách.", name=details["left"]))
    if "clock" in details:
        due = filters.moment(datetime.fromisoformat(details["due"]))
        said.append(_("%(clock)s: hạn %(due)s.", clock=words.CLOCKS[details["clock"]], due=due))
    return "\n".join(said)


def _task(details: Mapping[str, Any]) -> str:
    if "due" in details:
        due = filters.moment(datetime.fromisoformat(details["due"]))
        return _("%(unit)s, hạn %(due)s.", unit=details["unit"], due=due)
    return f"{details['unit']}."


def _overruled(event: Event) -> list[str]:
    """Which objections an officer has overruled, and why."""
    details, said = event.details, []
    if "evidence_overruled" in details:
        why = "; ".join(str(DOUBTS[Doubt(doubt)]) for doubt in details["doubts"])
        reason = details["evidence_overruled"]
        said.append(_("Ảnh chưa rõ (%(why)s); cán bộ nói: %(reason)s", why=why, reason=reason))
    if "repeats" in details:
        code, reason = details["repeats"], details["repeated_because"]
        said.append(
            _("Gần như chép lại câu trả lời %(code)s; cán bộ nói: %(reason)s", code=code, reason=reason)
        )
    return said


def _who(event: Event) -> str:
    if event.actor == Actor.RESIDENT:
        return _("Người phản ánh")
    names = (event.account and event.account.name, event.unit and words.named(event.unit))
    return ", ".join(name for name in names if name) or _("Hệ thống")
