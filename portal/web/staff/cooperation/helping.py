"""Several units about one ticket: what the page shows and offers of their tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from typing import TypeVar
from uuid import uuid4

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length, Optional, Regexp

from portal.core.cooperation import OPEN, Kind, State, Step
from portal.core.deadlines import day_of
from portal.models import Account, Cooperation, Report, Seat, Task, Unit
from portal.services import clocks, directory, territory
from portal.services.cooperation import mentions, tasks
from portal.services.privacy import masking
from portal.services.territory import Version
from portal.web.asking import EXPIRED, LastingForm, paragraph
from portal.web.days import DayField
from portal.web.staff.words import KINDS, countdown_words
from portal.web.words import named

STATES = {
    State.ASKED: _l("Chờ nhận"),
    State.ACCEPTED: _l("Đã nhận, đang làm"),
    State.DECLINED: _l("Không nhận"),
    State.DONE: _l("Đã xong"),
    State.WITHDRAWN: _l("Đã rút lại"),
}
BUTTONS = {
    Step.ACCEPT: _l("Nhận việc"),
    Step.FINISH: _l("Báo đã xong"),
    Step.DECLINE: _l("Không nhận"),
    Step.WITHDRAW: _l("Rút lại"),
}
TOO_LONG = _l("Nội dung dài quá 2.000 ký tự. Xin rút ngắn lại.")
NO_UNIT = _l("Xin chọn một đơn vị khác đang hoạt động.")


class KeyedForm(LastingForm):
    """`request_key` names one sending of the form; several forms stand on one page, so ids carry a `mark`."""

    request_key = HiddenField(validators=[Optional(), Regexp(r"[\w-]{8,64}\Z", message=EXPIRED)])

    def __init__(self, mark: str, **kwargs: object):
        super().__init__(**kwargs)
        for field in self:
            field.id = f"{mark}-{field.short_name}"
            field.label.field_id = field.id

    def renew(self) -> None:
        """Let the form be sent as a new sending."""
        self.request_key.data = uuid4().hex


F = TypeVar("F", bound=KeyedForm)


class AskForm(KeyedForm):
    """`unit` is empty in a superior unit's demand, which goes to whoever leads."""

    unit = SelectField(_l("Đơn vị được nhờ"), validate_choice=False)
    asked = TextAreaField(
        _l("Việc cần làm"),
        [DataRequired(_l("Xin ghi việc cần làm.")), Length(max=2000, message=TOO_LONG)],
        filters=[paragraph],
        description=_l("Chỉ cán bộ đọc được."),
    )
    day = DayField(
        _l("Hạn"), description=_l("Đến hết giờ làm việc của ngày đó. Để trống thì theo hạn xử lý của hồ sơ.")
    )


class AnswerForm(KeyedForm):
    seen = HiddenField(validators=[AnyOf([str(state) for state in State], message=EXPIRED)])
    words = TextAreaField(
        _l("Kết quả, hoặc lý do không nhận"),
        [Length(max=2000, message=TOO_LONG)],
        filters=[paragraph],
        description=_l("Chỉ cán bộ đọc được. Đơn vị chủ trì trả lời người phản ánh."),
    )


class BesideForm(KeyedForm):
    nameable: Sequence[tuple[Account, Unit]] = ()

    words = TextAreaField(
        _l("Nội dung ghi chú"),
        [DataRequired(_l("Xin ghi nội dung trước khi gửi.")), Length(max=2000, message=TOO_LONG)],
        filters=[paragraph],
        description=_l("Chỉ cán bộ đọc được."),
    )


@dataclass(frozen=True)
class Line:
    """One task in words; `state` is 'open', 'soon', 'late' or 'met' where it has a clock that still says something."""

    task: Task
    who: str
    said: str
    state: str
    countdown: str
    form: AnswerForm | None
    steps: list[Step]


@dataclass(frozen=True)
class Tasking:
    """The tasks, the units that can be let go, and the forms that are open to this officer."""

    lines: list[Line]
    removable: list[Cooperation]
    asking: AskForm | None
    noting: BesideForm | None
    superior: bool


def tasking(report: Report, seat: Seat, tried: KeyedForm | None, now: datetime) -> Tasking:
    """What this officer sees of it, with the form that came back with errors in its place."""
    leads = report.lead_unit_id == seat.unit_id
    kind = next((each.kind for each in report.cooperations if each.unit_id == seat.unit_id), None)
    asks = (leads or kind == Kind.SUPERIOR) and not report.closed_at
    return Tasking(
        lines=[_line(task, report, seat, tried, now) for task in tasks.of_report(report)],
        removable=[each for each in report.cooperations if leads and each.kind != Kind.SUPERIOR and asks],
        asking=_tried(tried, _fresh(ask_form(report, seat, now, formdata=None))) if asks else None,
        noting=_noting(report, tried, now) if kind and not leads and not masking.is_erased(report) else None,
        superior=kind == Kind.SUPERIOR and not leads,
    )


def ask_form(report: Report, seat: Seat, now: datetime, **kwargs: object) -> AskForm:
    """The form to ask a unit; without a choice of units for who does not lead."""
    form = AskForm("ask", **kwargs)
    leads = report.lead_unit_id == seat.unit_id
    form.unit.choices = unit_choices(report.lead_unit_id, now) if leads else []
    return form


def unit_choices(unit_id: int, now: datetime) -> list[SelectChoice]:
    """Every other unit of today, by kind and name."""
    units = _unit_choices(territory.version(), str(get_locale()), day_of(now))
    return [SelectChoice("", _("Chọn đơn vị")), *(each for each in units if each.value != str(unit_id))]


@lru_cache(maxsize=8)
def _unit_choices(_version: Version | None, _language: str, day: date) -> list[SelectChoice]:
    of_kind: dict[str, list[SelectChoice]] = {kind: [] for kind in KINDS}
    titles = {kind: str(title) for kind, title in KINDS.items()}
    for unit in directory.open_units(day):
        of_kind[unit.kind].append(SelectChoice(str(unit.id), named(unit), optgroup=titles[unit.kind]))
    return list(chain.from_iterable(of_kind.values()))


def answer_form(task_id: int, **kwargs: object) -> AnswerForm:
    return AnswerForm(f"task-{task_id}", **kwargs)


def _noting(report: Report, tried: KeyedForm | None, now: datetime) -> BesideForm:
    form = _tried(tried, _fresh(BesideForm("beside", formdata=None)))
    form.nameable = mentions.nameable(report, now=now)
    return form


def _line(task: Task, report: Report, seat: Seat, tried: KeyedForm | None, now: datetime) -> Line:
    steps = tasks.open_steps(task, report, seat.unit_id)
    form = None
    if steps:
        form = _tried(tried, _fresh(answer_form(task.id, formdata=None, seen=task.state)))
    running = task.state in OPEN and not report.closed_at
    countdown = countdown_words(clocks.countdown(task, task.due_at, now=now)) if running else None
    return Line(
        task=task,
        who=_who(task),
        said=str(STATES[State(task.state)]),
        state=countdown.state if countdown else "",
        countdown=countdown.text if countdown else "",
        form=form,
        steps=steps,
    )


def _who(task: Task) -> str:
    if task.unit:
        return named(task.unit)
    return _("%(unit)s yêu cầu đơn vị chủ trì", unit=named(task.by_unit))


def _fresh(form: F) -> F:
    form.renew()
    return form


def _tried(tried: KeyedForm | None, fresh: F) -> F:
    """The form as it was sent, where it is this one."""
    same = isinstance(tried, type(fresh)) and tried.request_key.id == fresh.request_key.id
    return tried if same else fresh  # type: ignore[return-value]
