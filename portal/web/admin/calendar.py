"""The calendar: days off and days worked in exchange, year by year, and what their changes moved."""

from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.errors import NotFound
from portal.core.workflow import Clock
from portal.models import Holiday
from portal.services import clocks, records
from portal.services.clocks import calendar as keeping
from portal.services.clocks import recounts
from portal.services.clocks.calendar import DayWords
from portal.web import context, filters, identity
from portal.web.admin import listing, saving
from portal.web.admin.forms import DayForm, NewDayForm
from portal.web.admin.saving import NOT_SENT, Outcome
from portal.web.admin.wording import EFFECTS, STATUSES, cause_words
from portal.web.days import FIRST_YEAR, LAST_YEAR
from portal.web.words import CLOCKS


def calendar() -> str:
    """One year of the calendar, this one where the address names none, and the latest recounts."""
    year = _year()
    days = keeping.days(year)
    return render_template(
        "admin/calendar.html",
        year=year,
        days=days,
        working_days=_working_days(year),
        known=keeping.years(),
        effects=EFFECTS,
        statuses=STATUSES,
        recounts=recounts.latest(),
        cause_words=cause_words,
    )


def new_day() -> ResponseReturnValue:
    return _page(None, NewDayForm(effect="off", status="official"), NOT_SENT)


def create_day() -> ResponseReturnValue:
    form = NewDayForm()
    outcome = saving.save(form, lambda: _create(form))
    if outcome.saved:
        flash(
            _(
                "Đã thêm ngày %(day)s. Thời hạn đang chạy sẽ được tính lại.",
                day=filters.day(outcome.saved.day),
            )
        )
        return _to_year(outcome.saved.day)
    return _page(None, form, outcome)


def day(day: str) -> ResponseReturnValue:
    kept = keeping.day(_parsed(day))
    return _page(kept, _filled(kept), NOT_SENT)


def change_day(day: str) -> ResponseReturnValue:
    of, form = _parsed(day), DayForm()
    keeping.day(of)
    outcome = saving.save(form, lambda: _save(of, form), lambda: _filled(keeping.day(of)))
    if outcome.saved:
        flash(_("Đã lưu ngày %(day)s.", day=filters.day(of)))
        return _to_year(of)
    return _page(keeping.day(of), form, outcome)


def remove_day(day: str) -> ResponseReturnValue:
    of = _parsed(day)
    keeping.remove_day(of, seen=request.form.get("seen", ""), by=identity.seat(), now=context.now())
    flash(_("Đã bỏ ngày %(day)s khỏi lịch. Thời hạn đang chạy sẽ được tính lại.", day=filters.day(of)))
    return _to_year(of)


def recount(recount_id: int) -> str:
    """Which due dates a recount moved."""
    found, page = recounts.moves(recount_id, listing.page_number())
    rows = [
        (
            move.report.code,
            CLOCKS[Clock(move.clock)],
            filters.moment(move.old_due_at),
            filters.moment(move.new_due_at),
        )
        for move in page.items
    ]
    return render_template(
        "admin/recount.html", recount=found, cause=cause_words(found.cause), listing=page, rows=rows
    )


def _year() -> int:
    typed = request.args.get("nam", "")
    year = int(typed) if len(typed) == 4 and typed.isascii() and typed.isdigit() else context.today().year
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _working_days(year: int) -> int:
    office = clocks.timetable().calendar("")
    first = date(year, 1, 1)
    return sum(office.works_on(first + timedelta(days=n)) for n in range((date(year + 1, 1, 1) - first).days))


def _parsed(day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise NotFound(day=day) from error


def _to_year(day: date) -> ResponseReturnValue:
    return redirect(url_for("admin.calendar", nam=day.year), 303)


def _page(kept: Holiday | None, form: DayForm, outcome: Outcome) -> ResponseReturnValue:
    return render_template("admin/day.html", holiday=kept, form=form, outcome=outcome), outcome.status


def _filled(kept: Holiday) -> DayForm:
    return DayForm(formdata=None, obj=kept, seen=records.version(kept))


def _words(form: DayForm) -> DayWords:
    return DayWords(
        name=form.name.data or "",
        effect=form.effect.data,
        status=form.status.data,
        legal_basis=form.legal_basis.data or "",
    )


def _create(form: NewDayForm) -> Holiday:
    return keeping.add_day(
        form.day.data or context.today(), _words(form), by=identity.seat(), now=context.now()
    )


def _save(of: date, form: DayForm) -> Holiday:
    return keeping.change_day(
        of, _words(form), seen=form.seen.data or "", by=identity.seat(), now=context.now()
    )
