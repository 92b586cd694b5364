"""Following a report: its page, the link that proves who sent it, look-up by code, and what this browser sent."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hmac import compare_digest
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import codes
from portal.core.codes import BadCode
from portal.core.errors import NotFound
from portal.core.workflow import Status, Step
from portal.models import Event, Photo, Report
from portal.services import reports
from portal.services.clocks import extensions
from portal.services.guidance import suggestions
from portal.services.repeats import merging
from portal.web import context, decisions, filters, papers, pictures, words
from portal.web.pictures import Picture
from portal.web.resident import picturing, reading
from portal.web.resident.forms import NoteForm, ReplyForm, StepForm

NOTE_LABELS = {Step.REPLY: _l("Trả lời của bạn"), Step.REOPEN: _l("Việc gì chưa xong?")}


def report(code: str) -> ResponseReturnValue:
    try:
        found = reading.find(code)
    except NotFound:
        return _look_up_page(code, _("Không có phản ánh nào mang mã này. Xin xem lại mã.")), 404
    if found.code != code:
        return redirect(url_for("resident.report", code=found.code))
    return page(found)


def page(
    report: Report,
    tried: tuple[Step, StepForm] | None = None,
    changed: bool = False,
    kept: Sequence[Photo] = (),
) -> str:
    """The report as this browser may see it; `tried` is the form of a step that was sent and is not right yet, with
    the photos that were `kept` of it.
    """
    is_mine, may_read = reading.is_mine(report), reading.may_read(report)
    stands = merging.root(report)
    follows = stands is not report and reading.may_read(stands)
    steps = reports.steps_of_reporter(report, now=context.now()) if is_mine else []
    forms = {
        step: form_of(step, formdata=None, seen=report.status, request_key=reports.fresh_key())
        for step in steps
    }
    if tried and tried[0] in forms:
        forms |= dict([tried])
    shown = list(picturing.of_report(report, reading.public_events(report))) if may_read else []
    return render_template(
        "resident/report.html",
        report=report,
        is_mine=is_mine,
        may_read=may_read,
        pictures=shown,
        result=_result(report),
        entries=list(_timeline(report, shown if may_read else None)),
        stands=stands,
        said=_last_note(stands) if (follows if stands is not report else may_read) else "",
        original=stands.code if follows else "",
        forms=forms,
        tried=tried,
        changed=changed,
        kept=list(pictures.kept_pictures(kept)),
        calls=suggestions.examine(report.description).numbers if is_mine else (),
        late=_is_past(_next_promise(report)),
        broken=_is_past(report.next_due_at and report.resolve_due_at),
        extension=extensions.granted(report) if report.times_extended else None,
    )


def form_of(step: Step, **values: Any) -> StepForm:
    """The form of a reporter's step: with words where the step has some."""
    if step not in NOTE_LABELS:
        return StepForm(**values)
    form = ReplyForm(**values) if step is Step.REPLY else NoteForm(**values)
    form.note.label.text = NOTE_LABELS[step]
    return form


def _next_promise(report: Report) -> datetime | None:
    """The unit's own clock to name somebody is none that was promised to the reporter."""
    if report.status == Status.SUBMITTED:
        return report.next_due_at
    return report.next_due_at and report.resolve_due_at


def _is_past(due: datetime | None) -> bool:
    return due is not None and context.now() > due


def follow(code: str, key: str) -> ResponseReturnValue:
    """The reporter's own link: this browser may answer and reopen from now on."""
    found = reading.find(code)
    if not compare_digest(found.reporter_key.encode(), key.encode()):
        raise NotFound(code=code)
    context.remember(found.code)
    return redirect(url_for("resident.report", code=found.code))


def look_up() -> ResponseReturnValue:
    typed = request.args.get("ma", "").strip()[:100]
    if not typed:
        return _look_up_page("")
    try:
        found = _by_typed_code(typed)
    except BadCode as error:
        return _look_up_page(typed, BAD_CODES[error.reason]()), 422
    except NotFound:
        return _look_up_page(typed, _("Không có phản ánh nào mang mã này. Xin xem lại mã.")), 404
    return redirect(url_for("resident.report", code=found.code))


BAD_CODES = {
    "shape": lambda: _(
        "Mã phản ánh có dạng %(code)s: chữ đầu, bốn số, bốn ký tự, một ký tự.", code=context.example_code()
    ),
    "check": lambda: _("Mã không đúng, có thể gõ nhầm một ký tự."),
}


def _by_typed_code(typed: str) -> Report:
    """Also without the prefix of the province, which people leave out on the telephone."""
    try:
        codes.parse(typed)
    except BadCode as error:
        loaded = context.loaded_territory()
        if error.reason == "check" or loaded is None:
            raise
        return reports.by_code(f"{loaded.code_prefix}-{typed}")
    return reports.by_code(typed)


def _look_up_page(typed: str, wrong: str = "") -> str:
    return render_template("resident/look_up.html", typed=typed, wrong=wrong)


def _timeline(report: Report, shown: list[Picture] | None) -> Iterator[dict[str, Any]]:
    """The public steps, with what they say and the pictures and papers that they brought; `shown` is None where this
    browser may read none of it. Who took a report about an office is told to its reporter alone.
    """
    result = _result(report)
    for event in report.events:
        if event.public:
            said = {"text": "", "pictures": [], "papers": []}
            if shown is not None:
                said = {
                    "text": _text(event),
                    "pictures": [picture for picture in shown if picture.event == event.id != result],
                    "papers": papers.of_event(event, report.code, "resident.document"),
                }
            yield {
                "when": event.at,
                "title": words.EVENT_TITLES[event.step],
                "who": "" if shown is None and report.about_unit_id else _who(event),
                **said,
                "text": words.basis(event) or said["text"],
            }


def _result(report: Report) -> int | None:
    """The step that ended the report as it stands, whose pictures are shown beside the reporter's."""
    if report.status not in (Status.RESOLVED, Status.CLOSED):
        return None
    ended = (event.id for event in reversed(report.events) if event.to_status == Status.RESOLVED)
    return next(ended, None)


def _text(event: Event) -> str:
    if event.step == "extension":
        new = filters.promise(datetime.fromisoformat(event.details["due"]))
        return _("Hẹn trả lời %(new)s. Lý do: %(reason)s", new=new, reason=event.note)
    if event.step == Step.CORRECT:
        return decisions.correction(event.details)
    return "\n".join(filter(None, (*words.particulars(event), event.note)))


def _who(event: Event) -> str:
    if "to_unit" in event.details:
        return f"{event.details['from_unit']} → {event.details['to_unit']}"
    if event.actor == "resident":
        return ""
    return words.named(event.unit) if event.unit else ""


def _last_note(report: Report) -> str:
    """What the unit last said with the status as it stands: its question, its result, its reason."""
    status = Status.RESOLVED if report.status == Status.CLOSED else report.status
    said = (event.note for event in reversed(report.events) if event.public and event.to_status == status)
    return next(filter(None, said), "")
