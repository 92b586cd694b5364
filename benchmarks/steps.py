"""One step of a ticket, with its event, clocks, alarms and message, against a bare UPDATE and INSERT of one row each.

Both run in the same database, on SQLite and on PostgreSQL with its usual safety (fsync on), each step a
transaction of its own, as when officers press buttons. The target is at least 0.2 times the bare rate.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import insert, select, update

from portal.app import create_app
from portal.config import Config
from portal.core.deadlines import VIETNAM
from portal.core.workflow import Actor, Status, Step
from portal.models import Account, Appointment, Event, Report, Seat, Unit, db, transaction
from portal.services import handling, reports, territory
from portal.services.accounts import seats
from portal.services.handling import Command
from portal.services.reports import Draft
from tests.servers import postgres, postgres_folder

REPORTS = 150
ROUNDS = 6
LEAST_RATIO = 0.2
NOW = datetime(2026, 11, 16, 8, 0, tzinfo=VIETNAM)


def furnish() -> Seat:
    """The real pack, reports of one ward with a phone number each, and an officer of that ward."""
    upgrade()
    territory.load(Path("portal/data/quang_tri"), now=NOW)
    unit = db.session.scalars(select(Unit).filter_by(code="UBND_19333", valid_until=None)).one()
    with transaction():
        officer = Account(
            username="minh",
            name="Minh",
            appointments=[Appointment(role="officer", unit=unit, since=NOW.date())],
            password_hash="",
            sign_in_stamp="",
            created_at=NOW,
        )
        db.session.add(officer)
    for number in range(REPORTS):
        draft = Draft(
            category="rac_thai",
            description="Rác chất đống ở góc chợ ba ngày chưa ai lấy",
            area="19333",
            client_key=f"steps-{number}",
            phone="+84912345678",
            consent=True,
        )
        reports.submit(draft, vault=current_app.extensions["vault"], now=NOW)
    return seats.seat(officer.appointments[0], officer.appointments)


def bare(_officer: Seat) -> Iterator[None]:
    """One row moved and one event written, with nothing that the law asks."""
    for report_id in db.session.scalars(select(Report.id)).all():
        with transaction():
            connection = db.session.connection()
            connection.execute(update(Report).where(Report.id == report_id).values(place="Chợ Đông Hà"))
            connection.execute(
                insert(Event).values(
                    report_id=report_id,
                    step="bare",
                    actor="officer",
                    to_status="submitted",
                    public=True,
                    details={},
                    at=NOW,
                )
            )
        yield


def lawful(officer: Seat) -> Iterator[None]:
    """The next step of every ticket."""
    for report_id in db.session.scalars(select(Report.id)).all():
        report = db.session.get_one(Report, report_id)
        status = Status(report.status)
        step = {
            Status.SUBMITTED: Step.RECEIVE,
            Status.RECEIVED: Step.START,
            Status.IN_PROGRESS: Step.ASK,
            Status.WAITING: Step.START,
        }[status]
        command = Command(step, Actor.OFFICER, status, note="Xin cho biết số nhà gần nhất?", by=officer)
        handling.take_step(report, command, now=NOW)
        yield


def rate(walk: Callable[[Seat], Iterator[None]], officer: Seat) -> float:
    """Rows a second over all reports."""
    begin = time.perf_counter()
    done = sum(1 for _ in walk(officer))
    return done / (time.perf_counter() - begin)


def measure(url: str) -> tuple[float, float]:
    """The best rates of several rounds, taken in turn so that both see the same machine."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(INSTANCE=Path(folder), DATABASE_URL=url, LOG_LEVEL="WARNING"))
        with app.app_context():
            officer = furnish()
            rounds = [(rate(bare, officer), rate(lawful, officer)) for _ in range(ROUNDS)]
            return max(least for least, _ in rounds), max(found for _, found in rounds)


def main() -> int:
    met = True
    for engine in ("SQLite", "PostgreSQL"):
        if engine == "PostgreSQL" and postgres_folder() is None:
            print("PostgreSQL is not installed: apt install postgresql")
            break
        with ExitStack() as server:
            least, found = measure(
                server.enter_context(postgres(durable=True)) if engine == "PostgreSQL" else ""
            )
        met &= found >= LEAST_RATIO * least
        print(
            f"{engine:<10} bare {least:6.0f} a second, a step {found:6.0f} a second: {found / least:.2f} × the floor"
        )
    print("target met" if met else f"target missed: at least {LEAST_RATIO} × the floor")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
