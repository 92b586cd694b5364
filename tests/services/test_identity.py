"""Who reported lies sealed: no table, file or log tells it, and everything that needs it still works."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from portal import worker
from portal.app import create_app
from portal.config import Config
from portal.core.workflow import Step
from portal.models import Contact, Report, db
from portal.services.privacy import identity
from portal.services.privacy.identity import Identity
from tests.factories import send_report, step
from tests.services.test_notifications import Gateway

LAN = {"name": "Trần Thị Ngọc Lan", "phone": "0987.654.321", "email": "Ngoc.Lan@Example.vn"}
OPEN = ["Ngọc Lan", "ngoc lan", "987654321", "0987.654", "Ngoc.Lan", "ngoc.lan"]


def opened(report: Report) -> Identity | None:
    return identity.opened(report.id, vault=current_app.extensions["vault"])


def everything_stored(app: Flask) -> Iterator[str]:
    """Every value of every row, and on SQLite the bytes of its files."""
    db.session.rollback()
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(text(f"SELECT * FROM {table.name}")):
            yield repr(tuple(row))
    if db.engine.dialect.name == "sqlite":
        db.session.remove()
        db.engine.dispose()  # the last connection takes the write-ahead log with it
        file = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
        yield file.read_bytes().decode("utf-8", "replace")


def test_no_table_file_or_log_tells_who_reported(
    app: Flask, minh: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    report = send_report(**LAN)
    other = send_report(**LAN | {"phone": "+84 987 654 321"})
    step(report, Step.RECEIVE)
    step(other, Step.DUPLICATE, original=report.code)
    step(report, Step.ANSWER, "Đã xem tại chỗ")
    gateway = Gateway()
    with caplog.at_level("DEBUG"):
        worker.deliver({"sms": gateway, "mail": gateway})
        worker.deliver()
    assert {address for address, _text in gateway.sent} == {"+84987654321", "Ngoc.Lan@Example.vn"}
    assert len(gateway.sent) == 2 * (1 + 1 + 1 + 1 + 1), "the twin's answer is heard once"
    assert opened(report) == Identity(LAN["name"], "+84987654321", LAN["email"], LAN["phone"])
    assert minh.get(f"/can-bo/phan-anh/{report.code}").status_code == 200
    kept = [*everything_stored(app), caplog.text]
    assert sum("gAAAAA" in one for one in kept) >= 2, "what is searched holds the sealed words"
    assert not [(word, one[:200]) for word in OPEN for one in kept if word in one]


def test_what_a_failed_statement_was_about_stays_out_of_the_log(tmp_path: Path) -> None:
    there = create_app(Config(ENV="production", INSTANCE=tmp_path))
    with there.app_context(), pytest.raises(OperationalError) as failed:
        db.session.execute(text("INSERT INTO nowhere VALUES (:words)"), {"words": LAN["name"]})
    assert "nowhere" in str(failed.value) and LAN["name"] not in str(failed.value)
    with there.app_context():
        db.engine.dispose()


def test_contacts_are_sealed_by_the_migration_and_opened_on_the_way_back(app: Flask) -> None:
    reports = [
        send_report(**LAN),
        send_report(name="Lê Văn Bá", phone="", email=""),
        send_report(phone="", consent=False),
    ]
    ids = [report.id for report in reports]
    before = [opened(report) for report in reports]
    db.session.remove()
    downgrade(revision="0013")
    rows = db.session.execute(
        text("SELECT report_id, name, phone, email FROM contact ORDER BY report_id")
    ).all()
    assert [tuple(row) for row in rows] == [
        (ids[0], LAN["name"], "+84987654321", LAN["email"]),
        (ids[1], "Lê Văn Bá", "", ""),
    ]
    db.session.remove()
    upgrade()
    after = [opened(report) for report in db.session.scalars(select(Report).order_by(Report.id))]
    assert before[0] and after == [Identity(before[0].name, before[0].phone, before[0].email), *before[1:]]
    assert identity.ways(ids[0]) == [(way, one) for way, one in identity.ways(send_report(**LAN).id)]
    assert not [(word, one[:200]) for word in OPEN for one in everything_stored(app) if word in one]
    with pytest.raises(Exception, match="only sealed words"):
        db.session.scalar(select(Contact).where(Contact.phone == "+84987654321"))
