"""One step for several tickets of the inbox: what was chosen, what may be done with it, and what came of each."""

from collections.abc import Iterable
from uuid import uuid4

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.core import codes
from portal.core.errors import PersonalData
from portal.core.workflow import Actor, Status, Step
from portal.services.handling import Command
from portal.services.inbox import together
from portal.services.inbox.together import Chosen
from portal.web import context, identity
from portal.web.staff import attaching, ticket
from portal.web.staff.forms import StepForm


def choose() -> ResponseReturnValue:
    """The chosen tickets and what may be done with them; 422 where none or too many are chosen."""
    return _page(_chosen(request.args.getlist("report")))


def take(step: str) -> ResponseReturnValue:
    """Do it: a page that says of each what came of it; 422 with what is wrong, 404 for a step that is not for many."""
    if step not in together.STEPS:
        abort(404)
    seat, chosen = identity.seat(), _chosen(request.form.getlist("report"))
    form = _form(Step(step))
    if not form.validate() or not chosen or len(chosen) > together.MOST:
        return _page(chosen, form)
    command = Command(
        step=form.step,
        actor=Actor.OFFICER,
        seen=Status.SUBMITTED,
        note=form["note"].data if "note" in form else "",
        to_unit=int(form["unit"].data) if "unit" in form else None,
        to_account=int(form["colleague"].data) if "colleague" in form else None,
        personal=form.personal.data or "",
        request_key=form.key or uuid4().hex,
        by=seat,
    )
    try:
        results = together.take(chosen, command, by=seat, now=context.now())
    except PersonalData as error:
        attaching.refuse(form, error)
        return _page(chosen, form)
    return render_template("staff/together_done.html", step=form.step, results=results)


def _page(chosen: list[Chosen], tried: StepForm | None = None) -> ResponseReturnValue:
    """`tried` is the form that came back with errors."""
    found = together.found(identity.seat(), chosen)
    right = 0 < len(chosen) <= together.MOST and bool(found)
    forms = [tried if tried and tried.step is step else _form(step, formdata=None) for step in together.STEPS]
    for form in forms:
        form.request_key.data = uuid4().hex
    view = render_template(
        "staff/together.html",
        chosen=chosen,
        found=found,
        missing=len(chosen) - len(found),
        right=right,
        most=together.MOST,
        forms=forms,
        tried=tried,
    )
    return view, 200 if right and not tried else 422


def _form(step: Step, **kwargs: object) -> StepForm:
    """The form of the step without what stands beside each ticket."""
    form = ticket.form_of(step, identity.seat().unit_id, context.now(), **kwargs)
    del form.seen
    if "original" in form:
        del form.original
    return form


def _chosen(written: Iterable[str]) -> list[Chosen]:
    """What the boxes say: 'QT-2611-04F7-K.received'; what is no ticket is left out, and each comes once."""
    found = {}
    for one in written:
        raw, _dot, seen = one.rpartition(".")
        try:
            code = codes.parse(raw)
        except codes.BadCode:
            continue
        if seen in set(Status):
            found[code] = Chosen(code, Status(seen))
    return list(found.values())
