"""The audit: what is sealed can be verified, whatever is changed afterwards is named, and words can be forgotten."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal import worker
from portal.core.workflow import Step
from portal.models import AuditDay, AuditEntry, AuditSeal, db, transaction
from portal.services import audit
from portal.services.audit import Head, sealing
from tests.conftest import MONDAY_8AM
from tests.factories import account, send_report, step

VERIFIER = Path(__file__).parents[2] / "scripts" / "verify_audit.py"
TUESDAY = MONDAY_8AM + timedelta(days=1)


def say(deed: str = "reveal", **said: object) -> None:
    with transaction():
        audit.note(deed, by=account("minh"), subject=("report", 1), now=datetime.now(UTC), **said)


def seal() -> int:
    place, sealed = audit.beginning(), 0
    while some := audit.seal(place, now=datetime.now(UTC)):
        sealed += some
    return sealed


def faults(**period: object) -> list[str]:
    return [str(fault) for fault in audit.verify(**period, now=datetime.now(UTC))]


@pytest.fixture
def chain(app: Flask, now: time_machine.Traveller) -> None:
    """Two days: a report with its step and three entries on Monday, two entries on Tuesday."""
    report = send_report()
    step(report, Step.RECEIVE)
    for reason in ("Gọi lại cho người phản ánh", "", "Khiếu nại"):
        say(reason=reason, address="203.0.113.7" if reason else "")
    assert seal() == 5
    now.move_to(TUESDAY)
    say()
    say("export", details={"rows": 3, "share": 0.1})
    assert seal() == 2 and seal() == 0


def test_two_days_verify_and_prove_themselves_without_the_database(
    app: Flask, chain: None, tmp_path: Path
) -> None:
    assert faults() == []
    run = app.test_cli_runner()
    files = [tmp_path / f"{day}.jsonl" for day in ("2026-11-16", "2026-11-17")]
    for file in files:
        said = run.invoke(args=["audit", "export", file.stem, "--output", str(file)])
        assert said.exit_code == 0, said.output
    assert run.invoke(args=["audit", "export", "2026-11-15"]).exit_code == 1
    whole = files[0].read_text()
    assert "203.0.113.7" not in whole and "Gọi lại" not in whole and "chợ" not in whole

    def verified(*given: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(VERIFIER), *map(str, given)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    good = verified(*files)
    heads = run.invoke(args=["audit", "heads"]).output.split()
    assert good.returncode == 0 and heads[2] in good.stdout and heads[5] in good.stdout, good
    assert verified(files[1], files[0]).returncode == 1
    files[0].write_text(whole.replace('"deed":"reveal"', '"deed":"look"', 1))
    wrong = verified(files[0])
    assert wrong.returncode == 1 and wrong.stdout.count("is not what was sealed") == 1
    files[0].write_text("\n".join(whole.splitlines()[:-1]) + "\n")
    assert "the end is not" in verified(files[0]).stdout
    assert json.loads(whole.splitlines()[0])["count"] == 5


SWAP = "UPDATE audit_seal SET number = {1} WHERE day = '2026-11-16' AND number = {0}"
DEEDS = [
    ("UPDATE audit_entry SET deed = 'look' WHERE id = 2", ["changed: audit_entry 2 (2026-11-16/2)"]),
    ("UPDATE audit_entry SET address = '::1' WHERE id = 1", ["changed: audit_entry 1 (2026-11-16/1)"]),
    ("UPDATE event SET note = 'khác' WHERE id = 2", ["changed: event 2 (2026-11-16/5)"]),
    ("DELETE FROM audit_entry WHERE id = 3", ["missing: audit_entry 3 (2026-11-16/3)"]),
    (
        "DELETE FROM audit_seal WHERE row_id = 2 AND kind = 'entry'",
        ["missing: audit_seal 2026-11-16/2", "inserted: audit_entry 2"],
    ),
    (
        "DELETE FROM audit_seal WHERE row_id = 5",
        ["cut: audit_day 2026-11-17 (2 links were sealed)", "inserted: audit_entry 5"],
    ),
    (
        "DELETE FROM audit_day WHERE count = 5",
        ["changed: audit_day 2026-11-17 (it does not go on from the day before)"],
    ),
    (
        ";".join((SWAP.format(2, 99), SWAP.format(3, 2), SWAP.format(99, 3))),
        [
            "moved: audit_seal 2026-11-16/2 (audit_entry 3)",
            "moved: audit_seal 2026-11-16/3 (audit_entry 2)",
        ],
    ),
    (
        "UPDATE audit_entry SET id = id + 100 WHERE id = 2",
        ["missing: audit_entry 2 (2026-11-16/2)", "inserted: audit_entry 102"],
    ),
]
LOOKS_LAWFUL = [
    (
        "UPDATE audit_day SET count = 4 WHERE count = 5",
        ["cut: audit_day 2026-11-16 (4 links were sealed)", "inserted: audit_seal 2026-11-16/5"],
    ),
    (
        "UPDATE audit_seal SET salt = '', forgotten_by = 4 WHERE kind = 'event' AND row_id = 1",
        ["forgotten: event 1 (2026-11-16/4)"],
    ),
    (
        "UPDATE audit_entry SET address = '', reason = '', salt = '', forgotten_by = 4 WHERE id = 1",
        ["forgotten: audit_entry 1 (2026-11-16/1)"],
    ),
]
TABLES = [model.__table__ for model in (AuditDay, AuditEntry, AuditSeal)]


def force(statements: str) -> None:
    """What somebody does who owns the database: no trigger is asked."""
    with transaction():
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            names = db.session.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")).all()
            for name in names:
                db.session.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements.split(";"):
            db.session.execute(text(statement))


def put_back(rows: dict[str, list[dict[str, Any]]]) -> None:
    emptied = (f"DELETE FROM {table.name}" for table in reversed(TABLES))
    force(";".join((*emptied, "UPDATE event SET note = ''")))
    with transaction():
        for table in TABLES:
            db.session.execute(table.insert(), rows[table.name])


def test_whatever_is_tampered_with_is_named(app: Flask, chain: None, now: time_machine.Traveller) -> None:
    now.move_to(TUESDAY + timedelta(hours=2))
    for statement, _ in DEEDS:
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(text(statement.split(";")[0]))
    rows = {
        table.name: [dict(row) for row in db.session.execute(table.select()).mappings()] for table in TABLES
    }
    for statement, named in DEEDS + LOOKS_LAWFUL:
        force(statement)
        assert faults() == named, statement
        put_back(rows)
    assert faults() == []


def test_words_are_forgotten_and_the_chain_holds(
    app: Flask, chain: None, now: time_machine.Traveller
) -> None:
    now.move_to(TUESDAY + timedelta(hours=2))
    heads = {day.day: Head(day.count, day.head) for day in audit.days()}
    with transaction():
        audit.forget_report(1, by=account("ha"), reason="Người phản ánh yêu cầu xóa", now=datetime.now(UTC))
        db.session.execute(text("UPDATE event SET note = '', details = '{}'"))
    entries = db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.address + entry.reason for entry in entries] == [""] * 5 + ["Người phản ánh yêu cầu xóa"]
    say(address="203.0.113.7")
    assert seal() == 2 and faults(published=heads) == []
    with transaction():
        assert audit.forget_words(datetime.now(UTC) + timedelta(days=1), now=datetime.now(UTC)) == 2
        assert audit.forget_words(datetime.now(UTC), now=datetime.now(UTC)) == 0
    assert seal() == 1 and faults() == [] and faults(first=TUESDAY.date(), last=TUESDAY.date()) == []
    assert {entry.address for entry in db.session.scalars(db.select(AuditEntry))} == {""}
    heads[TUESDAY.date()] = Head(2, "0" * 64)
    assert faults(published=heads) == ["changed: audit_day 2026-11-17 (it is not what was published)"]
    kept = audit.days()[-1]
    assert (kept.fault, kept.verified_at) == ("", datetime.now(UTC))


def test_commands_verify_and_the_worker_seals(
    app: Flask, chain: None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run = app.test_cli_runner()
    published = tmp_path / "heads"
    published.write_text(run.invoke(args=["audit", "heads"]).output)
    say()
    stop = Flag()
    worker.seal(stop)
    good = run.invoke(args=["audit", "verify", "--from", "2026-11-16", "--heads", str(published)])
    assert good.exit_code == 0 and "2 days, 8 links, 0 faults." in good.output, good.output
    force("UPDATE audit_entry SET account_id = NULL WHERE id = 2")
    wrong = run.invoke(args=["audit", "verify"])
    assert wrong.exit_code == 1 and "changed: audit_entry 2 (2026-11-16/2)" in wrong.output
    caplog.clear()
    with transaction():
        db.session.execute(text("UPDATE audit_day SET verified_at = NULL"))
    worker.verify_days()
    assert "changed: audit_entry 2 (2026-11-16/2)" in caplog.text
    assert [bool(day.fault) for day in audit.days()] == [True, False]
    assert run.invoke(args=["audit", "verify", "--from", "2026-11-17"]).exit_code == 0
    published.write_text("2026-11-16 5")
    assert run.invoke(args=["audit", "verify", "--heads", str(published)]).exit_code == 1
    assert run.invoke(args=["audit", "seal"]).output.endswith("0 rows sealed.\n")


def test_three_workers_seal_one_chain_while_others_write(
    app: Flask, chain: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)

    def work(number: int) -> int:
        with app.app_context():
            try:
                if number % 2:
                    return sum(say() or 1 for _ in range(10))
                return sum(audit.seal(audit.recent(), now=datetime.now(UTC)) for _ in range(8))
            finally:
                db.session.remove()

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(work, range(6)))
    db.session.rollback()
    assert sum(done[1::2]) == 30 and sum(done[::2]) + seal() == 30
    assert audit.days()[-1].count == 32 and faults() == []
