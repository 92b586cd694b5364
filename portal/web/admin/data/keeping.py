"""For how long personal data is kept, what was erased for its age, and what is held for a case in law."""

from datetime import datetime, time
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Optional

from portal.core.deadlines import VIETNAM
from portal.core.errors import Conflict, NotFound
from portal.core.privacy.durations import OF_REPORTS
from portal.models import Report
from portal.services import directory, records, reports
from portal.services.privacy import durations, holds, retention
from portal.web import context, identity
from portal.web.admin import saving
from portal.web.admin.data.words import DURATIONS
from portal.web.admin.fields import WholeNumber, choice, choices, text_field
from portal.web.admin.forms import RecordForm
from portal.web.asking import line
from portal.web.days import DayField
from portal.web.words import named

FEWEST_DAYS, MOST_DAYS = 1, 100 * 365
NO_CODE = _l("Không có phản ánh nào mang mã này. Xin xem lại mã.")


class DurationForm(RecordForm):
    """How many days, for one category or all; none: for ever."""

    key = HiddenField()
    category = choice(_l("Lĩnh vực"))
    days = WholeNumber(_l("Số ngày"), FEWEST_DAYS, MOST_DAYS)
    legal_basis = text_field(_l("Căn cứ pháp lý"), 300, _l("Xin nêu căn cứ."))

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        names = {category.code: named(category) for category in directory.categories()}
        self.category.choices = choices({"": _("Mọi lĩnh vực khác")} | names)
        self.days.validators = [Optional(), self.days.validators[-1]]
        self.days.flags.required = False


class HoldForm(RecordForm):
    """Which report is held, why, until the end of which day."""

    code = StringField(_l("Mã phản ánh"), [DataRequired(NO_CODE)], filters=[line])
    reason = text_field(_l("Vì sao"), 300, _l("Xin nêu lý do."))
    until = DayField(_l("Đến hết ngày"), _l("Xin ghi ngày."))


def show() -> str:
    return _page(HoldForm(formdata=None))


def duration(key: str) -> str:
    """One duration: the days of all categories."""
    return _duration_page(key, _filled(key, None), saving.NOT_SENT)


def keep_duration(key: str) -> ResponseReturnValue:
    """Set the days of all or of one category."""
    _filled(key, None)
    form = DurationForm()
    category = form.category.data or None if key in OF_REPORTS else None
    outcome = saving.save(form, lambda: _keep(key, category, form), lambda: _filled(key, category))
    if outcome.saved:
        flash(_("Đã lưu thời hạn lưu dữ liệu."))
        return redirect(url_for("admin.keeping"), 303)
    return _duration_page(key, form, outcome), outcome.status


def hold() -> ResponseReturnValue:
    """Hold a report: nothing of it is erased until the day is over."""
    form = HoldForm()
    if not form.validate():
        return _page(form), 422
    try:
        report = _report(form.code.data)
        until = datetime.combine(form.until.data, time.max, VIETNAM)
        holds.place(report, reason=form.reason.data, until=until, by=identity.seat(), now=context.now())
    except NotFound:
        form.code.errors = [NO_CODE]
        return _page(form), 422
    except Conflict:
        form.until.errors = [_("Ngày này đã qua.")]
        return _page(form), 422
    flash(_("Đã giữ phản ánh %(code)s.", code=report.code))
    return redirect(url_for("admin.keeping"), 303)


def end_hold(code: str) -> ResponseReturnValue:
    report = _report(code)
    holds.end(report, by=identity.seat(), now=context.now())
    flash(_("Thôi giữ phản ánh %(code)s.", code=report.code))
    return redirect(url_for("admin.keeping"), 303)


def _report(code: str) -> Report:
    try:
        return reports.by_code(code)
    except ValueError as error:
        raise NotFound(code=code) from error


def _keep(key: str, category: str | None, form: DurationForm) -> object:
    durations.keep(
        key,
        category,
        number=form.days.data,
        legal_basis=form.legal_basis.data or "",
        seen=form.seen.data or "",
        by=identity.seat(),
        now=context.now(),
    )
    return True


def _filled(key: str, category: str | None) -> DurationForm:
    found = next((one for one in durations.listed() if (one.key, one.category) == (key, category)), None)
    if found is None and category is None:
        raise NotFound(duration=key)
    form = DurationForm(formdata=None, key=key, category=category or "")
    if found:
        form.days.data, form.legal_basis.data = found.term.days, found.term.legal_basis
        form.seen.data = records.version(found.record) if found.record else ""
    return form


def _duration_page(key: str, form: DurationForm, outcome: saving.Outcome) -> str:
    return render_template(
        "admin/duration.html",
        key=key,
        title=DURATIONS[key],
        by_category=key in OF_REPORTS,
        form=form,
        outcome=outcome,
    )


def _page(form: HoldForm) -> str:
    now = context.now()
    return render_template(
        "admin/keeping.html",
        durations=durations.listed(),
        words=DURATIONS,
        categories={category.code: named(category) for category in directory.categories()},
        planned=retention.counts(now=now),
        runs=retention.last_runs(),
        holds=holds.listed(identity.seat(), now),
        form=form,
    )
