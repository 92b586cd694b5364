"""The schema is what the migrations say, they go down as well as up, and the head is one line in one file."""

from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from portal import worker
from portal.core.deadlines import ALWAYS
from portal.core.workflow import Status, Step
from portal.models import (
    Account,
    Escalation,
    Event,
    Mention,
    Message,
    Report,
    Task,
    Territory,
    Unit,
    db,
    transaction,
)
from portal.services import audit, territory
from tests.conftest import MONDAY_8AM
from tests.factories import account, brought_to, hire, send_report, step

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def test_the_head_is_one_line_in_one_file() -> None:
    heads = ScriptDirectory(str(MIGRATIONS)).get_heads()
    assert heads == [(MIGRATIONS / "HEAD").read_text().strip()]


def test_the_tables_are_those_of_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), db.metadata) == []


def test_every_check_of_the_models_stands_in_the_database(app: Flask) -> None:
    inspector = inspect(db.engine)
    for table in db.metadata.sorted_tables:
        wanted = {
            check.name
            for check in table.constraints
            if check.__visit_name__ == "table_or_column_check_constraint"
        }
        assert wanted <= {check["name"] for check in inspector.get_check_constraints(table.name)}, table.name


def test_a_report_in_every_status_goes_down_and_up(app: Flask) -> None:
    """SQLite writes the table anew, to which others refer."""
    ngoc = hire("ngoc", "UBND_19333")
    codes = {brought_to(status).code: status for status in Status}
    _ask_and_tell(ngoc)
    events = db.session.query(Event).count()
    db.session.remove()
    downgrade(revision="0003")
    statuses = dict(db.session.execute(text("SELECT code, status FROM report")).all())
    former = {"paused": "waiting", "awaiting_approval": "in_progress", "closed": "resolved"}
    former |= {"duplicate": "rejected", "redirected": "rejected"}
    for code, status in codes.items():
        assert statuses[code] == former.get(status, status), status
    db.session.remove()
    upgrade()
    assert db.session.query(Event).count() == events
    for status in Status:
        brought_to(status)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(text("DELETE FROM report"))


def _ask_and_tell(officer: Account) -> None:
    """A task between units, a broken clock that was told upwards, and a note that names an officer, by mail too."""
    report = db.session.query(Report).filter_by(status=Status.RECEIVED).first()
    unit, now = report.lead_unit_id, MONDAY_8AM
    asked = {
        "asked": "Xin xem cột",
        "asked_by_id": officer.id,
        "asked_at": now,
        "due_at": now,
        "hours": ALWAYS,
    }
    broken = {"clock": "assign", "due_at": now, "target": "IOC", "tell_at": now}
    with transaction():
        db.session.add(Task(report_id=report.id, unit_id=unit, by_unit_id=unit, **asked))
        db.session.add(Escalation(report_id=report.id, **broken))
        named = {"account_id": officer.id, "due_at": now, "language": "vi"}
        db.session.add(Mention(event_id=report.events[0].id, account_id=officer.id))
        db.session.add(Message(note_id=report.events[0].id, channel="mail", kind="mention", **named))


def test_the_house_goes_up_down_and_up_with_data(app: Flask, lan: FlaskClient) -> None:
    """Also with a code that waits to be sent and a history that is sealed."""
    send_report()
    lan.post("/toi/ma", data={"to": "0912345678"})
    assert audit.seal(audit.beginning(), now=MONDAY_8AM) == 2
    db.session.remove()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    territory.load(app.config["PACK"], now=MONDAY_8AM)
    send_report()
    assert db.session.query(Territory).count() == db.session.query(Report).count() == 1


def test_who_waits_for_a_person_goes_on_waiting(app: Flask, now) -> None:
    """0009 gives a day to each report that its unit has received and of which nobody is in charge."""
    waiting, held, urgent = (
        send_report(category=category) for category in ("den_duong", "den_duong", "thien_tai")
    )
    for report in (waiting, urgent):
        step(report, Step.RECEIVE, nobody=True)
    step(held, Step.RECEIVE)
    now.move_to(MONDAY_8AM + timedelta(days=1))
    worker.alarm()
    ids = waiting.id, held.id, urgent.id
    db.session.remove()
    downgrade(revision="0008")
    assert db.session.scalar(text("SELECT count(*) FROM alarm WHERE clock = 'assign'")) == 0
    assert db.session.scalar(text("SELECT next_due_at = resolve_due_at FROM report WHERE id = 1"))
    db.session.remove()
    upgrade()
    waiting, held, urgent = (db.session.get_one(Report, number) for number in ids)
    for report in (waiting, urgent):
        assert report.assign_due_at == report.assign_from + timedelta(days=1)
        assert report.next_due_at == min(report.assign_due_at, report.resolve_due_at)
    assert (held.assigned_at, held.assign_due_at) == (held.received_at, None)
    assert (held.assign_minutes, urgent.assign_minutes, urgent.category.assign_minutes) == (240, 60, 60)


def test_what_was_promised_before_is_found_again(app: Flask, now) -> None:
    """0003 fills in what every report was promised from its category and its history."""
    report, emergency = send_report(), send_report(category="thien_tai")
    now.move_to(MONDAY_8AM + timedelta(hours=2))
    other = db.session.query(Unit.id).filter_by(code="UBND_19351", valid_until=None).scalar()
    step(report, Step.FORWARD, "Thuộc phường khác", to_unit=other)
    promised = select(
        Report.id,
        Report.led_since,
        Report.promised_from,
        Report.hours,
        Report.receive_minutes,
        Report.resolve_minutes,
        Report.put_off_minutes,
        Report.times_extended,
    ).order_by(Report.id)
    before = [tuple(row) for row in db.session.execute(promised)]
    assert (before[0][1].hour, before[1][3]) == (3, ALWAYS), emergency.code
    db.session.remove()
    downgrade(revision="0002")
    upgrade()
    assert [tuple(row) for row in db.session.execute(promised)] == before


def test_everybody_keeps_one_role_when_there_is_only_one(app: Flask) -> None:
    """0011 down gives back who is an administrator or officer today; who is neither keeps a closed account."""
    for username, code, role in (
        ("lanh", "UBND_19333", "unit_lead"),
        ("phoi", "IOC", "coordinator"),
        ("kiem", None, "auditor"),
    ):
        hire(username, code, role)
    send_report(about_officials=True)
    db.session.remove()
    downgrade(revision="0010")
    query = text("SELECT username, role, unit_id IS NOT NULL, active FROM account ORDER BY username")
    roles = {name: (role, bool(unit), bool(active)) for name, role, unit, active in db.session.execute(query)}
    officer, administrator = ("officer", True, True), ("administrator", False, True)
    assert roles == {
        **dict.fromkeys(("lanh", "minh", "phoi", "tuan"), officer),
        "ha": administrator,
        "kiem": ("administrator", False, False),
    }
    db.session.remove()
    upgrade()
    assert [account("minh").appointments[0].role, account("kiem").active] == ["officer", False]
