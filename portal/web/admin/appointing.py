"""What people are appointed to: given on a page of its own, ended on the person's page."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.errors import Conflict, NotFound, Stale
from portal.models import Appointment
from portal.services import accounts
from portal.services.accounts import seats
from portal.services.accounts.seats import Words
from portal.web import context, identity
from portal.web.admin import people, saving
from portal.web.admin.forms import AppointForm, PostForm
from portal.web.admin.saving import NOT_SENT, Outcome
from portal.web.admin.wording import conflict
from portal.web.days import parse_day


def new_appointment(account_id: int) -> ResponseReturnValue:
    form = AppointForm(formdata=None, since=context.today())
    return _page(account_id, people.with_units(form), NOT_SENT)


def appoint(account_id: int) -> ResponseReturnValue:
    form = people.with_units(AppointForm())
    outcome = saving.save(form, lambda: _appoint(account_id, form))
    if outcome.saved:
        flash(_("Đã giao nhiệm vụ."))
        return redirect(url_for("admin.person", account_id=account_id), 303)
    return _page(account_id, form, outcome)


def end_appointment(account_id: int, appointment_id: int) -> ResponseReturnValue:
    """Let it end on the day that was typed; a refusal shows the person as things are."""
    seen, raw = request.form.get("seen", ""), request.form.get("until", "")
    if appointment_id not in [each.id for each in accounts.person(account_id).appointments]:
        raise NotFound(appointment=appointment_id)
    try:
        seats.end(appointment_id, parse_day(raw), seen=seen, by=identity.seat(), now=context.now())
    except ValueError:
        return people.refused(account_id, _("Xin ghi ngày thôi, ví dụ 05/11/2026."), 422)
    except Conflict as error:
        return people.refused(account_id, conflict(error), 422)
    except Stale:
        return people.refused(account_id, people.meanwhile(), 409)
    flash(_("Đã ghi ngày thôi nhiệm vụ."))
    return redirect(url_for("admin.person", account_id=account_id), 303)


def _appoint(account_id: int, form: AppointForm) -> Appointment:
    unit_id = int(form.unit_id.data) if form.belongs else None
    words = Words(form.role.data, unit_id, form.since.data, form.until.data)
    return seats.appoint(account_id, words, by=identity.seat(), now=context.now())


def _page(account_id: int, form: PostForm, outcome: Outcome) -> ResponseReturnValue:
    person = accounts.person(account_id)
    return render_template("admin/appointment_new.html", person=person, form=form), outcome.status
