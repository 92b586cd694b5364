"""Who reported lies sealed: no table, file or log tells it, and everything that needs it still works."""

import re
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from sqlalchemy import Executable, null, select, text, update

from portal import worker
from portal.app import create_app
from portal.config import Config
from portal.core.workflow import Step
from portal.models import Account, Contact, Report, db, transaction
from portal.services.privacy import identity
from portal.services.privacy.identity import Identity
from tests.conftest import COMPILED
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


class Refused:
    """A page, a command and a channel whose statement the database refuses."""

    def __init__(self, statement: Executable) -> None:
        self.statement = statement

    def run(self) -> None:
        with transaction():
            db.session.execute(self.statement)

    def send(self, _address: str, _text: str, *, key: str) -> None:
        self.run()


@pytest.fixture
def in_production(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The portal on the test's database as it runs in production."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    there = create_app(Config(ENV="production", DATABASE_URL=url, INSTANCE=tmp_path, LIMITS_URL="none"))
    there.jinja_env.bytecode_cache = COMPILED
    with there.app_context():
        yield there
        db.session.remove()
        db.engine.dispose()


def test_the_log_says_what_the_database_refused_and_not_a_word_of_the_row(
    in_production: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither for a page nor for the worker nor for a command: parameters and what PostgreSQL quotes stay out."""
    cases: list[tuple[Executable, str, str]] = [
        (
            update(Report).values(located="chỗ kín"),
            "CheckViolation, SQLSTATE 23514, table report, constraint ck_report_located",
            "CHECK constraint failed: ck_report_located",
        ),
        (
            update(Account).values(email="chokin@example.vn"),
            "UniqueViolation, SQLSTATE 23505, table account, constraint ix_account_email",
            "UNIQUE constraint failed: account.email",
        ),
        (
            update(Report).values(place=null()),
            "NotNullViolation, SQLSTATE 23502, table report, column place",
            "NOT NULL constraint failed: report.place",
        ),
        (
            text("INSERT INTO nowhere VALUES (:words)").bindparams(words="chỗ kín"),
            "UndefinedTable, SQLSTATE 42P01",
            "no such table: nowhere",
        ),
    ]
    for statement, *said in cases:
        caplog.clear()
        send_report(**LAN, description="Nước ngập sân nhà ở chỗ kín")
        refused = Refused(statement)
        monkeypatch.setitem(in_production.view_functions, "resident.home", refused.run)
        answer = in_production.test_client().get("/")
        number = re.search(r"[0-9A-F]{4}-[0-9A-F]{4}", answer.text)
        assert answer.status_code in (500, 503) and number and number[0] in caplog.text
        worker.deliver({"sms": refused, "mail": refused})
        in_production.cli.command("refused")(refused.run)
        ended = in_production.test_cli_runner().invoke(args=["refused"])
        assert ended.exception
        printed = caplog.text + "".join(traceback.format_exception(ended.exception))
        expected = said[db.engine.dialect.name == "sqlite"]
        assert printed.count(expected) >= 4, printed
        assert not [word for word in (*OPEN, "chỗ kín", "chokin", "ngập") if word in printed], printed


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
