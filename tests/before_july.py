"""The territory as it stood in June 2025: the units of July are prepared, those of the districts have no end yet."""

import csv
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import delete

from portal.core.deadlines import VIETNAM
from portal.models import Account, Appointment, RoutingRule, Unit, db, transaction
from portal.services import routing, territory

QUANG_TRI = Path(__file__).parents[1] / "portal" / "data" / "quang_tri"
REFORM_FILE = QUANG_TRI / "reforms" / "2025-07-01.csv"
JULY_FIRST = date(2025, 7, 1)
LAST_DAY = "2025-06-30"
LASTING = {"bien_bao", "vien_thong"}
Row = dict[str, str]


def load(folder: Path, now: datetime) -> None:
    """Load a copy of the real pack without what only the reform will bring about."""
    pack = Path(shutil.copytree(QUANG_TRI, folder / "june"))
    _rewrite(pack / "units.csv", _without_end)
    _rewrite(pack / "routing.csv", _without_july)
    territory.load(pack, now=now)
    with transaction():  # rules that a pack no longer has stay until somebody ends them
        gone = RoutingRule.category_code.in_(LASTING), RoutingRule.valid_from == JULY_FIRST
        db.session.execute(delete(RoutingRule).where(*gone))


def officer(username: str, code: str) -> Account:
    """An officer of that unit, as it is in June 2025."""
    unit = routing.unit_on(code, date(2025, 6, 20))
    assert unit
    with transaction():
        person = Account(
            username=username,
            name=username.title(),
            appointments=[Appointment(role="officer", unit=unit, since=date(2025, 6, 1))],
            password_hash="",
            sign_in_stamp=username,
            created_at=datetime(2025, 6, 1, tzinfo=VIETNAM),
        )
        db.session.add(person)
    return person


def unit(code: str) -> Unit:
    """The unit of that code on the day of the reform."""
    found = routing.unit_on(code, JULY_FIRST)
    assert found
    return found


def _without_end(rows: list[Row]) -> list[Row]:
    again = {row["code"] for row in rows if row["valid_from"] == "2025-07-01"}
    for row in rows:
        if row["valid_until"] == LAST_DAY and row["code"] not in again:
            row |= {"valid_until": "", "successor_code": ""}
    return rows


def _without_july(rows: list[Row]) -> list[Row]:
    """Rules of signs and of telecommunication go on without end; the others were prepared."""
    kept = [row for row in rows if row["category_code"] not in LASTING or row["valid_from"] < "2025-07-01"]
    for row in kept:
        if row["category_code"] in LASTING:
            row["valid_until"] = ""
    return kept


def _rewrite(path: Path, change: Callable[[list[Row]], list[Row]]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))
