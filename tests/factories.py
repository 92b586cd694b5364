"""Reports as residents would send them, made through the true use case."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from flask import current_app
from sqlalchemy import delete, select

from portal.core.deadlines import VIETNAM
from portal.core.workflow import LAW, REASONS, Actor, Channel, Demand, Status, Step
from portal.models import Account, Appointment, Photo, Report, Seat, Unit, db, transaction
from portal.services import evidence, handling, places, reports, routing, standing
from portal.services.accounts import seats
from portal.services.evidence import Evidence
from portal.services.handling import Command
from portal.services.reports import Draft
from portal.services.routing import Routed
from tests.conftest import APPOINTED

_number = count(1)
DEMANDS = {line[0]: line[4] for line in LAW}
SAID = "Đã xem tại chỗ"

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
    return reports.submit(draft, vault=current_app.extensions["vault"], now=datetime.now(UTC))


def routed(category: str, area: str, day: date, priority: str = "normal", **answers: str) -> Routed:
    """Where a report of this category goes from this place on that day at nine in the morning."""
    moment = datetime.combine(day, time(9), VIETNAM)
    return routing.route(category, places.area_on(area, day), moment, priority=priority, answers=answers)


def step(report: Report, step: Step, note: str = "", by: str | None = "minh", **changes: Any) -> Report:
    """Take one step by an officer (or by the reporter where `by` is None) from the status as it stands."""
    if step in evidence.RESULTS and "evidence" not in changes:
        changes["evidence"] = Evidence(photos=(after_photo(report),))
    changes.setdefault("repeated_because", "Cùng một việc với lần trước")
    command = Command(
        step=step,
        actor=Actor.OFFICER if by else Actor.RESIDENT,
        seen=Status(report.status),
        note=note,
        by=seat(by) if by else None,
        **changes,
    )
    handling.take_step(report, command, now=datetime.now(UTC))
    return report


def after_photo(report: Report) -> str:
    """The token of a kept photo, taken just now at the place of the report."""
    number, now = next(_number), datetime.now(UTC)
    with transaction():
        photo = Photo(
            token=f"sau-{number}-{report.code}",
            width=1600,
            height=1200,
            stored_at=now,
            taken_at=now,
            latitude=report.latitude,
            longitude=report.longitude,
            source="none" if report.latitude is None else "device",
        )
        db.session.add(photo)
    return photo.token


def lawful_step(report: Report, taken: Step, by: str | None = "minh") -> Report:
    """Take one step with everything that the law demands for it."""
    demands = DEMANDS[taken]
    proposal = standing.proposal(report) if taken is Step.APPROVE else None
    return step(
        report,
        taken,
        SAID if {Demand.ANSWER, Demand.NOTE} & set(demands) else "",
        by=by,
        reason=REASONS[taken][0] if Demand.REASON in demands else None,
        channel=Channel.COMPLAINT if Demand.CHANNEL in demands else None,
        to_unit=unit("UBND_19351").id if Demand.UNIT in demands else None,
        to_account=account("minh").id if Demand.COLLEAGUE in demands else None,
        original=send_report().code if Demand.ORIGINAL in demands else "",
        proposal=proposal.id if proposal else None,
    )


def account(username: str) -> Account:
    return db.session.scalars(select(Account).filter_by(username=username)).one()


def unit(code: str) -> Unit:
    return db.session.scalars(select(Unit).filter_by(code=code, valid_until=None)).one()


def seat(username: str) -> Seat:
    """That person in the last of their appointments."""
    held = account(username).appointments
    return seats.seat(held[-1], held)


def move(username: str, code: str) -> None:
    """That person is an officer of another unit, and was never anything else."""
    with transaction():
        account(username).appointments[-1].unit = unit(code)


def hire(username: str, code: str | None, role: str = "officer") -> Account:
    """One more officer of the unit of this code, or somebody in another role, who may have no unit."""
    with transaction():
        person = Account(
            username=username,
            name=f"Cán bộ {username}",
            appointments=[Appointment(role=role, unit=code and unit(code), since=APPOINTED)],
            password_hash="",
            sign_in_stamp=f"stamp-{username}",
            created_at=datetime.now(UTC),
        )
        db.session.add(person)
    return person


def leading(report: Report) -> str:
    """The username of an officer of the unit that leads the report; one is hired where nobody is."""
    query = select(Account.username).where(Account.works_in(report.lead_unit_id, datetime.now(UTC).date()))
    found = db.session.scalar(query.order_by(Account.id).limit(1))
    return found or hire(f"can-bo-{report.lead_unit_id}", report.lead_unit.code).username


def want_approval(code: str = "UBND_19333", wanted: bool = True) -> None:
    with transaction():
        unit(code).needs_approval = wanted


WAYS = {
    Status.SUBMITTED: (),
    Status.RECEIVED: (Step.RECEIVE,),
    Status.IN_PROGRESS: (Step.RECEIVE, Step.START),
    Status.WAITING: (Step.RECEIVE, Step.ASK),
    Status.PAUSED: (Step.RECEIVE, Step.PAUSE),
    Status.AWAITING_APPROVAL: (Step.RECEIVE, Step.PROPOSE),
    Status.RESOLVED: (Step.RECEIVE, Step.RESOLVE),
    Status.CLOSED: (Step.RECEIVE, Step.RESOLVE, Step.CONFIRM),
    Status.REJECTED: (Step.REJECT,),
    Status.DUPLICATE: (Step.DUPLICATE,),
    Status.REDIRECTED: (Step.REDIRECT,),
}


def brought_to(status: Status) -> Report:
    """A report of Minh's ward in this status."""
    report = send_report()
    want_approval(wanted=status is Status.AWAITING_APPROVAL)
    for taken in WAYS[status]:
        lawful_step(report, taken, by=None if taken is Step.CONFIRM else "minh")
    assert report.status == status
    return report


def empty(model: Any) -> None:
    """Take away what the pack brings of a table, for a test that keeps its own rows there."""
    with transaction():
        db.session.execute(delete(model))
