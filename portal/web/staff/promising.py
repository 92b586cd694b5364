"""Why is it due then, and may it be later? What the ticket says about its clocks beside the clocks themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.deadlines import ALWAYS
from portal.core.workflow import EXTENDABLE, Clock
from portal.models import Extension, Report, Seat
from portal.services import clocks
from portal.services.clocks import Explained, extensions
from portal.web import filters, words
from portal.web.staff.forms import ExtensionForm


@dataclass(frozen=True)
class Why:
    """Why a clock runs out when it does: what was promised, and the hours that were counted, day by day."""

    sentence: str
    counted: list[str]
    skipped: list[str]


@dataclass(frozen=True)
class Later:
    """What may be done about the date: the `form` to ask for a later one, or the request that waits; is it `broken`?"""

    form: ExtensionForm | None
    asked: Extension | None
    may_decide: bool = False
    broken: bool = False


def why(report: Report) -> list[Why]:
    """The explanations of when somebody has to be named and of when the answer is due, while these clocks run."""
    runs, said = clocks.running(report), []
    if Clock.ASSIGN in runs and report.assign_from and report.assign_due_at:
        promised = _time(report, report.assign_from, report.assign_minutes)
        due = filters.moment(report.assign_due_at)
        sentence = _("Hạn giao việc %(due)s: %(promised)s.", due=due, promised=promised)
        said.append(_why(report, sentence, report.assign_from, report.assign_minutes))
    if Clock.RESOLVE in runs:
        due = filters.moment(report.resolve_due_at)
        sentence = _("Hạn xử lý %(due)s: %(promised)s.", due=due, promised=_promised(report))
        minutes = report.resolve_minutes + report.put_off_minutes
        said.append(_why(report, sentence, report.promised_from, minutes))
    return said


def _why(report: Report, sentence: str, start: datetime, minutes: int) -> Why:
    explained = clocks.explain(start, minutes, report.hours)
    skipped = [f"{filters.day(holiday.day)} ({holiday.name})" for holiday in explained.skipped]
    return Why(sentence, list(_counted(explained)), skipped)


def later(report: Report, seat: Seat, tried: ExtensionForm | None = None, *, now: datetime) -> Later | None:
    """None where no clock runs that could be extended."""
    if report.status not in EXTENDABLE:
        return None
    asked = extensions.waiting(report)
    if asked:
        return Later(None, asked, extensions.may_decide(asked, seat, now=now))
    form = tried or ExtensionForm(formdata=None, request_key=uuid4().hex)
    return Later(form, None, broken=report.resolve_due_at < now)


def _promised(report: Report) -> str:
    if not report.put_off_minutes:
        return _time(report, report.promised_from, report.resolve_minutes)
    whole = report.hours == ALWAYS
    since, time = filters.moment(report.promised_from), words.working_time(report.resolve_minutes, whole)
    more = words.working_time(report.put_off_minutes, whole)
    return _(
        "%(time)s kể từ %(since)s, cộng %(more)s tạm dừng hoặc gia hạn", time=time, since=since, more=more
    )


def _time(report: Report, start: datetime, minutes: int) -> str:
    time = words.working_time(minutes, report.hours == ALWAYS)
    return _("%(time)s kể từ %(since)s", time=time, since=filters.moment(start))


def _counted(explained: Explained) -> Iterator[str]:
    """Days with the same hours that follow each other, free days left out, are one line."""
    if explained.hours == ALWAYS:
        for begin, end in explained.counted:
            yield _("liên tục từ %(begin)s đến %(end)s", begin=filters.moment(begin), end=filters.moment(end))
        return
    days = [
        (day, _hours(spans)) for day, spans in groupby(explained.counted, key=lambda span: span[0].date())
    ]
    for hours, alike in groupby(days, key=lambda pair: pair[1]):
        yield f"{_listed([day for day, _said in alike])}: {hours}"


def _hours(spans: Iterator[tuple[datetime, datetime]]) -> str:
    return ", ".join(f"{begin:%H:%M}–{end:%H:%M}" for begin, end in spans)


def _listed(days: list[date]) -> str:
    first, last = filters.day(days[0]), filters.day(days[-1])
    if len(days) == 1:
        return first
    number = ngettext("%(num)s ngày làm việc", "%(num)s ngày làm việc", len(days))
    return _("%(first)s đến %(last)s (%(number)s)", first=first, last=last, number=number)
