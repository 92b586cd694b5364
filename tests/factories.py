"""Reports as residents would send them, made through the true use case."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from portal.core.deadlines import VIETNAM
from portal.core.workflow import Actor, Status, Step
from portal.models import Account, Report, db
from portal.services import handling, places, reports, routing
from portal.services.handling import Command
from portal.services.reports import Draft
from portal.services.routing import Routed

_number = count(1)

DRAFT = Draft(
    category="den_duong",
    description="Đèn đường trước chợ tắt ba đêm nay, tối thui không thấy đường đi",
    area="19333",
    client_key="",
    place="Trước chợ Đông Hà",
    phone="+84912345678",
    consent=True,
)


def send_report(**changes: Any) -> Report:
    """A new report of phường Đông Hà at this moment of the test's clock."""
    draft = replace(DRAFT, **{"client_key": f"factory-{next(_number)}", **changes})
    return reports.submit(draft, now=datetime.now(UTC))


def routed(category: str, area: str, day: date, priority: str = "normal", **answers: str) -> Routed:
    """Where a report of this category goes from this place on that day at nine in the morning."""
    moment = datetime.combine(day, time(9), VIETNAM)
    return routing.route(category, places.area_on(area, day), moment, priority=priority, answers=answers)


def step(report: Report, step: Step, note: str = "", by: str | None = "minh", **changes: Any) -> Report:
    """Take one step by an officer (or by the reporter where `by` is None) from the status as it stands."""
    account = db.session.query(Account).filter_by(username=by).one() if by else None
    command = Command(
        step=step,
        actor=Actor.OFFICER if by else Actor.RESIDENT,
        seen=Status(report.status),
        note=note,
        account=account,
        **changes,
    )
    handling.take_step(report, command, now=datetime.now(UTC))
    return report
