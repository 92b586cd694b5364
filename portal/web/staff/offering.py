"""Answer templates on a ticket: filled with what the report says, put into the form by a button."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import request

from portal.core.answers import variables
from portal.core.workflow import Step
from portal.models import Report, Seat
from portal.services.answers import templates
from portal.web.filters import day, moment
from portal.web.staff.forms import StepForm


@dataclass(frozen=True)
class Offer:
    """A template as this report would have it."""

    id: int
    name: str
    text: str


def offer(forms: Iterable[StepForm], report: Report, seat: Seat, now: datetime) -> None:
    """Give each form with words the templates for its step."""
    with_words = [form for form in forms if "note" in form]
    values, found = _values(report, seat, now), defaultdict(list)
    for template in templates.offered(report, [_kept_for(form.step) for form in with_words]):
        said = variables.fill(template.text, values)
        found[template.step].append(Offer(template.id, template.name, said))
    for form in with_words:
        form.offers = found[_kept_for(form.step)]


def insert(form: StepForm, report: Report, seat: Seat, now: datetime) -> None:
    """Put the chosen template behind what is typed already; a form that wants no words or has no such one stays."""
    offer([form], report, seat, now)
    wanted = request.form.get("template", "")
    said = next((each.text for each in form.offers if str(each.id) == wanted), "")
    if said:
        form["note"].data = "\n\n".join(filter(None, (form["note"].data, said)))
    for field in form:
        if field.name not in ("photos", "documents"):  # what is said of them cannot be found out again
            field.errors = []


def _kept_for(step: Step) -> Step:
    """A result is written alike, whether a second person approves it or not."""
    return Step.RESOLVE if step is Step.PROPOSE else step


def _values(report: Report, seat: Seat, now: datetime) -> dict[str, str]:
    """What stands for each of core.answers.variables.VARIABLES: an answer is written in Vietnamese."""
    return {
        "ma_phan_anh": report.code,
        "linh_vuc": report.category.name,
        "dia_diem": report.place or report.area.name,
        "dia_ban": report.area.name,
        "don_vi": report.lead_unit.name,
        "can_bo": seat.account.name,
        "ngay_gui": day(report.submitted_at),
        "han_xu_ly": moment(report.resolve_due_at),
        "ngay": day(now),
    }
