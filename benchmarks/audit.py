"""Sealing and verifying entries of the audit, on SQLite and on PostgreSQL; the number of entries may be given.

The floors, measured in the same run on the same rows: for sealing, to read and hash every row once and to INSERT as
many bare links; for verifying, to read and hash every row and every link once. Each size is a process of its own, so
that its peak of memory is its own: ten times the entries must not need more of it.
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
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import insert, text

from portal.app import create_app
from portal.config import Config
from portal.models import AuditEntry, db, rehearsal, transaction
from portal.services import audit
from portal.services.audit.noting import words_digest
from tests.servers import postgres, postgres_folder

SIZES = (5_000, 50_000)
ROWS = 1_000
MOST_TIMES = {"seal": 8.0, "verify": 8.0}
MOST_GROWTH_MB = 20.0
BEGAN = datetime(2026, 11, 2, tzinfo=UTC)
NOW = BEGAN + timedelta(days=14)
ENTRIES = "SELECT *, id AS after FROM audit_entry WHERE id > :after ORDER BY id LIMIT :rows"
LINKS = (
    "SELECT *, row_id AS after FROM audit_seal WHERE kind = 'entry' AND row_id > :after"
    " ORDER BY row_id LIMIT :rows"
)
KEEP = "INSERT INTO floor_seal VALUES (:day, :number, :kind, :row_id, :salt, :digest, :hash)"


def fill(count: int) -> None:
    """Entries of two weeks, each with an address and a reason."""
    salt, reason = "5" * 32, "Người phản ánh gọi lại hỏi kết quả"
    with transaction():
        for first in range(0, count, ROWS):
            db.session.execute(
                insert(AuditEntry),
                [
                    {
                        "at": BEGAN + timedelta(days=14) * (number / count),
                        "deed": "reveal",
                        "subject_kind": "report",
                        "subject_id": str(number % 5000),
                        "details": {"fields": ["name", "phone"]},
                        "address": "203.0.113.7",
                        "reason": reason,
                        "salt": salt,
                        "words_digest": words_digest("203.0.113.7", reason, salt),
                    }
                    for number in range(first, first + ROWS)
                ],
            )


def floor(what: str) -> float:
    """Seconds of the bare work; taken back."""
    begin = time.perf_counter()
    with rehearsal():
        db.session.execute(
            text(
                "CREATE TEMPORARY TABLE floor_seal (day DATE, number INTEGER, kind TEXT, row_id INTEGER,"
                " salt TEXT, digest TEXT, hash TEXT)"
            )
        )
        for pairs in hashed(ENTRIES):
            if what == "seal":
                db.session.execute(text(KEEP), [_link(*pair) for pair in pairs])
        for _pairs in hashed(LINKS):
            pass
    return time.perf_counter() - begin


def hashed(query: str) -> Iterator[list[tuple[Any, str]]]:
    """The rows, many at a time, each with a hash of it."""
    after = 0
    while rows := db.session.execute(text(query), {"after": after, "rows": ROWS}).all():
        after = rows[-1].after
        yield [(row, sha256(repr(row).encode()).hexdigest()) for row in rows]


def _link(row: Any, hashed: str) -> dict[str, object]:
    same = {"kind": "entry", "salt": "", "digest": hashed, "hash": hashed}
    return {"day": "2026-11-16", "number": row.id, "row_id": row.id, **same}


def seal() -> None:
    place = audit.beginning()
    while audit.seal(place, now=NOW):
        pass


def verify() -> None:
    assert list(audit.verify(now=NOW + timedelta(hours=2))) == []


def one(url: str, count: int) -> dict[str, float]:
    """Fill a database, and measure each work and its floor; `growth` is of both works together, in MB."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(INSTANCE=Path(folder), DATABASE_URL=url, LOG_LEVEL="WARNING"))
        with app.app_context():
            upgrade()
            fill(count)
            found = {}
            for what, work in (("seal", seal), ("verify", verify)):
                found[f"{what} floor"] = floor(what)
                before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                begin = time.perf_counter()
                work()
                found[what] = time.perf_counter() - begin
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                found[f"{what} growth"] = (peak - before) / 1024
            return found


def measure(url: str, count: int) -> dict[str, float]:
    command = [sys.executable, __file__, url, str(count)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(answer.splitlines()[-1])


def main(sizes: tuple[int, ...]) -> int:
    met = True
    for engine in ("SQLite", "PostgreSQL"):
        if engine == "PostgreSQL" and postgres_folder() is None:
            print("PostgreSQL is not installed: apt install postgresql")
            break
        for count in sizes:
            with ExitStack() as server:
                url = server.enter_context(postgres()) if engine == "PostgreSQL" else ""
                found = measure(url, count)
            for what, most in MOST_TIMES.items():
                times, growth = found[what] / found[f"{what} floor"], found[f"{what} growth"]
                met &= times <= most and growth <= MOST_GROWTH_MB
                print(
                    f"{engine:<10} {count:>8} {what:<6}: {count / found[what]:7.0f} a second,"
                    f" {times:4.1f} × the floor of {found[f'{what} floor']:.2f} s, memory +{growth:.0f} MB"
                )
    print("target met" if met else f"target missed: at most {MOST_TIMES} and {MOST_GROWTH_MB} MB more")
    return 0 if met else 1


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(one(sys.argv[1], int(sys.argv[2]))))
    else:
        sys.exit(main(tuple(map(int, sys.argv[1:])) or SIZES))
