"""The reform of 1 July 2025 over 100,000 reports, 30,000 of them open, on SQLite and on PostgreSQL.

The floor, measured in the same run on the same rows: one bare UPDATE of as many reports as move, and one bare INSERT of
as many events. Each size is a process of its own, so that its peak of memory is its own: ten times the reports must not
need much more of it.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import insert, select, text

from portal.app import create_app
from portal.config import Config
from portal.core import codes
from portal.core.deadlines import VIETNAM
from portal.models import (
    Area,
    Category,
    Consent,
    ConsentText,
    Contact,
    Event,
    Report,
    Unit,
    db,
    rehearsal,
    transaction,
)
from portal.services import geography, insights, territory
from portal.services import reform as reforms
from tests.servers import postgres, postgres_folder

SIZES = (10_000, 100_000)
OPEN_SHARE = 0.3
MOST_SECONDS = 60.0
MOST_GROWTH_MB = 40.0
ROWS = 5_000
FILE = Path("portal/data/quang_tri/reforms/2025-07-01.csv")
SENT = datetime(2025, 6, 2, tzinfo=VIETNAM)
NOW = datetime(2025, 7, 1, 0, 1, tzinfo=VIETNAM)
FLOOR = (
    "UPDATE report SET lead_unit_id = (SELECT max(id) FROM unit), area_code = '19333', area_vintage = '2025-07-01'"
    " WHERE status <> 'resolved'",
    "INSERT INTO event (report_id, step, actor, unit_id, from_status, to_status, note, public, details, at)"
    " SELECT id, 'floor', 'system', lead_unit_id, status, status, '', true,"
    ' \'{"from_unit": "A", "to_unit": "B"}\','
    " submitted_at FROM report WHERE status <> 'resolved'",
)


def rows(count: int) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Reports of June 2025 with their contacts: two in three have a telephone, which every fifth shares."""
    chance, vault = Random(2025), current_app.extensions["vault"]
    areas = db.session.scalars(select(Area.code).filter_by(vintage="2025-06-30", level="commune")).all()
    ended = select(Unit.id).where(Unit.valid_until == datetime(2025, 6, 30, tzinfo=VIETNAM).date())
    units = db.session.scalars(ended.where(Unit.kind.in_(("district", "commune", "department")))).all()
    categories = db.session.scalars(select(Category.code)).all()
    for number in range(1, count + 1):
        is_open = chance.random() < OPEN_SHARE
        status = chance.choice(("submitted", "received", "in_progress", "waiting")) if is_open else "resolved"
        sent = SENT + timedelta(minutes=number % 40_000)
        due = sent + timedelta(days=30)
        runs = status in ("submitted", "received", "in_progress")
        report = {
            "id": number,
            "code": codes.make("QT", sent, number),
            "reporter_key": f"{number:024x}",
            "submission_key": str(number),
            "category_code": chance.choice(categories),
            "priority": "normal",
            "description": "Đèn đường trước chợ tắt ba đêm nay, tối thui không thấy đường đi",
            "words_folded": "den duong truoc cho tat ba dem nay toi thui khong thay duong di",
            "latitude": 16.8,
            "longitude": 107.1,
            "area_vintage": "2025-06-30",
            "area_code": chance.choice(areas),
            "located": "pin",
            "language": "vi",
            "status": status,
            "lead_unit_id": chance.choice(units),
            "decision": {},
            "submitted_at": sent,
            "received_at": None if status == "submitted" else sent,
            "closed_at": None if is_open else sent,
            "waiting_since": sent if status == "waiting" else None,
            "receive_due_at": due,
            "assign_from": sent,
            "assign_due_at": due,
            "resolve_due_at": due,
            "next_due_at": due if runs else None,
            "handled_minutes": None if is_open else 60,
            "led_since": sent,
            "promised_from": sent,
            "hours": "",
            "receive_minutes": 480,
            "assign_minutes": 240,
            "resolve_minutes": 1440,
        }
        phone = f"+849{number - number % 5:08}" if number % 3 else ""
        contact = {
            "report_id": number,
            "phone": vault.seal(phone),
            "phone_index": vault.index("phone", phone),
        }
        yield report, contact if phone else None


def fill(count: int) -> None:
    """The real pack, and the reports as its districts, wards and departments had them."""
    upgrade()
    territory.load(Path("portal/data/quang_tri"), now=NOW)
    reports: list[dict[str, Any]] = []
    contacts: list[dict[str, Any]] = []
    with transaction():
        connection = db.session.connection()
        words = {"purpose": "follow", "version": 1, "text": "Đồng ý", "text_en": "Agreed", "since": SENT}
        wording = connection.scalar(insert(ConsentText).values(words).returning(ConsentText.id))
        for report, contact in rows(count):
            reports.append(report)
            contacts += [contact] if contact else []
            if len(reports) == ROWS or report["id"] == count:
                connection.execute(insert(Report), reports)
                connection.execute(insert(Contact), contacts)
                agreed = {"purpose": "follow", "text_id": wording, "how": "form", "given_at": SENT}
                connection.execute(
                    insert(Consent), [agreed | {"report_id": each["report_id"]} for each in contacts]
                )
                first = {
                    "step": "submit",
                    "actor": "resident",
                    "to_status": "submitted",
                    "public": True,
                    "details": {},
                }
                sent = [first | {"report_id": each["id"], "at": each["submitted_at"]} for each in reports]
                connection.execute(insert(Event), sent)
                reports, contacts = [], []


def floor() -> float:
    """Seconds of the bare statements; taken back."""
    with rehearsal():
        begin = time.perf_counter()
        for statement in FLOOR:
            db.session.execute(text(statement))
        return time.perf_counter() - begin


def one(url: str, count: int) -> dict[str, float]:
    """Fill a database, measure the floor and the reform."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(INSTANCE=Path(folder), DATABASE_URL=url, LOG_LEVEL="WARNING"))
        with app.app_context():
            fill(count)
            least = floor()
            raw = FILE.read_bytes()
            kept = reforms.prepare(FILE.name, raw, NOW.date(), "2025", by=None, now=NOW)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            begin = time.perf_counter()
            counts = reforms.carry_out(kept.id, now=NOW).counts
            seconds = time.perf_counter() - begin
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            assert counts["before"] == counts["after"] and counts["moved"] > 0.9 * counts["open"]
            begin = time.perf_counter()
            for old in geography.geographies():
                insights.response_times(SENT.date(), NOW.date(), "area", old, now=NOW)
            reading = (time.perf_counter() - begin) / len(geography.geographies())
            events = db.session.query(Event).count()
            again = reforms.carry_out(kept.id, now=datetime.now(UTC)).counts
            assert again == counts and db.session.query(Event).count() == events
            return {
                "floor": least,
                "reading": reading,
                "seconds": seconds,
                "growth": (peak - before) / 1024,
                "peak": peak / 1024,
                "open": counts["open"],
                "moved": counts["moved"],
                "told": counts["told"],
            }


def measure(url: str, count: int) -> dict[str, float]:
    command = [sys.executable, __file__, url, str(count)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(answer.splitlines()[-1])


def main() -> int:
    met = True
    for engine in ("SQLite", "PostgreSQL"):
        if engine == "PostgreSQL" and postgres_folder() is None:
            print("PostgreSQL is not installed: apt install postgresql")
            break
        for count in SIZES:
            with ExitStack() as server:
                url = server.enter_context(postgres()) if engine == "PostgreSQL" else ""
                found = measure(url, count)
            met &= found["seconds"] <= MOST_SECONDS and found["growth"] <= MOST_GROWTH_MB
            print(
                f"{engine:<10} {count:>7} reports, {found['open']:>6} open, {found['moved']:>6} moved,"
                f" {found['told']:>5} messages: {found['seconds']:5.1f} s,"
                f" {found['seconds'] / found['floor']:4.1f} × the floor of {found['floor']:.2f} s,"
                f" memory {found['peak']:.0f} MB (+{found['growth']:.0f});"
                f" figures by area {found['reading']:.1f} s"
            )
    print("target met" if met else f"target missed: at most {MOST_SECONDS} s and {MOST_GROWTH_MB} MB more")
    return 0 if met else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(one(sys.argv[1], int(sys.argv[2]))))
    else:
        sys.exit(main())
