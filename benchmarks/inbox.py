"""The inbox of one of 120 units, with 1,000 and with 1,000,000 reports, on SQLite and on PostgreSQL.

Each figure is the time of a whole page through the application: guard, counts of every tab, rows, template. The floor
of a page is the same page with 1,000 reports, in the same run on the same engine; the target is p50 and p95 of the
first page at most 3 times that on PostgreSQL and 5 times on SQLite. The other pages are printed beside it.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import insert, select, text

from portal.adapters import passwords
from portal.app import create_served_app
from portal.config import Config
from portal.core import codes
from portal.models import Account, Appointment, Category, Report, Unit, db, transaction
from portal.services import territory
from tests.servers import postgres, postgres_folder

PASSWORD = "mật khẩu của phép đo"
FEW, MANY = 1_000, 1_000_000
UNITS = 120
OPEN_SHARE = 0.3
MOST = {"PostgreSQL": 3.0, "SQLite": 5.0}
TURNS, WARM_UP = 60, 5
DRAWN = 10_000  # the others repeat these: as many are due at the same moment
UNIQUE = {"id", "code", "submission_key"}
NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)
TEXTS = (
    (
        "Đèn đường trước chợ tắt ba đêm nay, tối thui không thấy đường đi",
        "den duong truoc cho tat ba dem nay",
    ),
    (
        "Rác chất đống cạnh cổng trường đã một tuần, bốc mùi khó chịu",
        "rac chat dong canh cong truong da mot tuan",
    ),
    ("Ổ gà lớn giữa đường, xe máy té ngã mỗi khi trời mưa", "o ga lon giua duong xe may te nga"),
)
PAGES = {
    "first page": "/can-bo/",
    "overdue": "/can-bo/?tab=overdue",
    "mine": "/can-bo/?tab=mine",
    "done": "/can-bo/?tab=done",
    "a category": "/can-bo/?category=den_duong",
    "words": "/can-bo/?q=cong+truong",
    "words, done": "/can-bo/?tab=done&q=cong+truong",
    "map": "/can-bo/ban-do.json",
    "news": "/can-bo/moi.json?since=2026-11-16T07:00:00%2B00:00",
}


def rows(count: int, units: list[int], officer: int) -> Iterator[dict[str, Any]]:
    """Reports of two years, spread evenly over the units; every tenth open one of a unit is its officer's."""
    chance = Random(2026)
    categories = db.session.scalars(select(Category.code)).all()
    spread = timedelta(days=730) / count
    for number in range(1, count + 1):
        is_open = chance.random() < OPEN_SHARE
        status = chance.choice(("submitted", "received", "in_progress", "waiting")) if is_open else "resolved"
        sent = NOW - spread * (count - number)
        due = NOW + timedelta(minutes=chance.randrange(-3_000, 15_000))
        said, folded = TEXTS[number % 3] if chance.random() < 0.95 else TEXTS[1]
        mine = is_open and number % UNITS == 0 and chance.random() < 0.1
        yield {
            "id": number,
            "code": codes.make("QT", sent, number),
            "reporter_key": f"{number:024x}",
            "submission_key": str(number),
            "category_code": chance.choice(categories),
            "priority": "normal",
            "description": said,
            "words_folded": folded,
            "latitude": chance.uniform(16.3, 17.9),
            "longitude": chance.uniform(105.6, 107.3),
            "area_vintage": "2025-07-01",
            "area_code": "19333",
            "located": "pin",
            "language": "vi",
            "status": status,
            "lead_unit_id": units[number % UNITS],
            "assignee_id": officer if mine else None,
            "assigned_at": sent if mine else None,
            "assign_from": sent,
            "assign_due_at": due,
            "decision": {"rule_id": 1},
            "submitted_at": sent,
            "received_at": None if status == "submitted" else sent,
            "closed_at": None if is_open else sent + timedelta(days=2),
            "waiting_since": sent if status == "waiting" else None,
            "receive_due_at": due,
            "resolve_due_at": due,
            "next_due_at": due if is_open and status != "waiting" else None,
            "handled_minutes": None if is_open else 60,
            "led_since": sent,
            "promised_from": sent,
            "hours": "",
            "receive_minutes": 480,
            "assign_minutes": 240,
            "resolve_minutes": 1440,
        }


def fill(count: int) -> Account:
    """The real pack, one officer, the reports of 120 units, and every twentieth with a second unit that helps."""
    upgrade()
    territory.load(Path("portal/data/quang_tri"), now=NOW)
    units = list(db.session.scalars(select(Unit.id).order_by(Unit.id).limit(UNITS)))
    officer = Account(
        username="minh",
        name="Minh",
        appointments=[Appointment(role="officer", unit_id=units[0], since=NOW.date())],
        password_hash=passwords.digest(PASSWORD),
        sign_in_stamp="1",
    )
    officer.created_at = NOW
    with transaction():
        db.session.add(officer)
        db.session.flush()
        connection = db.session.connection()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA cache_size = -500000")  # 500 MB, while it is filled
        drawn = min(count, DRAWN)
        connection.execute(insert(Report), list(rows(drawn, units, officer.id)))
        names = [column.name for column in Report.__table__.columns if column.name not in UNIQUE]
        for turn in range(1, count // drawn):
            connection.execute(
                text(
                    f"INSERT INTO report (id, code, submission_key, {', '.join(names)})"
                    f" SELECT id + {turn * drawn}, code || '-{turn}', submission_key || '-{turn}',"
                    f" {', '.join(names)} FROM report WHERE id <= {drawn}"
                )
            )
        connection.execute(
            text(
                "INSERT INTO cooperation (report_id, unit_id, since)"
                f" SELECT id, {units[0]} + id / 20 % {UNITS}, submitted_at FROM report WHERE id % 20 = 0"
            )
        )
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as bare:
            bare.execute(text("VACUUM ANALYZE"))
    return officer


def signed_in(app: Flask, officer: Account) -> FlaskClient:
    client = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False
    client.post("/dang-nhap", data={"username": officer.username, "password": PASSWORD})
    return client


def milliseconds(client: FlaskClient, address: str) -> float:
    begin = time.perf_counter()
    answer = client.get(address)
    taken = 1000 * (time.perf_counter() - begin)
    assert answer.status_code == 200, (address, answer.status_code)
    return taken


def marks(taken: list[float]) -> tuple[float, float]:
    """The 50th and the 95th percentile."""
    cuts = quantiles(taken, n=20)
    return cuts[9], cuts[18]


def filled(url: str, count: int, folder: Path) -> FlaskClient:
    """A signed-in officer of the application on a database of its own."""
    folder.mkdir()
    app = create_served_app(Config(INSTANCE=folder, DATABASE_URL=url, LOG_LEVEL="WARNING"))
    with app.app_context():
        begin = time.perf_counter()
        client = signed_in(app, fill(count))
        db.session.remove()
        db.engine.dispose()
        print(f"{count:,} reports filled in {time.perf_counter() - begin:.0f} s", file=sys.stderr)
    return client


def compare(engine: str, many: int) -> bool:
    """Print every page's figures beside those of the small database; is the first page's target met?

    The two take turns, so that whatever else the machine does disturbs both alike.
    """
    ratios = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = [stack.enter_context(postgres()) if engine == "PostgreSQL" else "" for _ in range(2)]
        clients = [
            filled(url, count, folder / str(count)) for url, count in zip(urls, (FEW, many), strict=True)
        ]
        for title, address in PAGES.items():
            turns = [[milliseconds(client, address) for client in clients] for _ in range(TURNS + WARM_UP)]
            few, grown = (marks(list(taken)) for taken in zip(*turns[WARM_UP:], strict=True))
            ratios[title] = [large / small for large, small in zip(grown, few, strict=True)]
            print(
                f"{engine:<10} {title:<12} p50 {grown[0]:6.1f} ms = {ratios[title][0]:4.1f} ×,"
                f" p95 {grown[1]:6.1f} ms = {ratios[title][1]:4.1f} × those of {FEW:,} reports"
            )
    return max(ratios["first page"]) <= MOST[engine]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--reports", type=int, default=MANY, help="a smaller run")
    parser.add_argument("--engine", choices=MOST, action="append", help="one engine alone")
    asked = parser.parse_args()
    engines = [engine for engine in asked.engine or MOST if engine == "SQLite" or postgres_folder()]
    met = True
    for engine in engines:
        met &= compare(engine, asked.reports)
    print("target met" if met else f"target missed: {MOST}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
