"""The pack of Quảng Trị loads whole; a pack with a fault changes nothing."""

import shutil
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from portal.core.packs import FILES, PackError
from portal.models import (
    Area,
    Category,
    Holiday,
    RoutingRule,
    Succession,
    Territory,
    Unit,
    db,
    transaction,
)
from portal.services import places, territory
from tests.factories import send_report
from tests.packs import QUANG_TRI, add_line, change, replace, written

NOW = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
TABLES = (Area, Succession, Unit, Category, RoutingRule, Holiday)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the pack that a test may spoil."""
    return Path(shutil.copytree(QUANG_TRI, tmp_path / "pack"))


def rows() -> dict[str, int]:
    return {
        table.__name__: db.session.scalars(select(func.count()).select_from(table)).one() for table in TABLES
    }


def test_the_real_pack_is_loaded_as_it_is_written(app: Flask) -> None:
    loaded_from = (
        "areas.csv",
        "successions.csv",
        "units.csv",
        "categories.csv",
        "routing.csv",
        "holidays.csv",
    )
    assert list(rows().values()) == [written(QUANG_TRI, file) for file in loaded_from]
    loaded = territory.current()
    assert loaded is not None
    assert (loaded.name, loaded.code_prefix, loaded.fallback_unit) == ("Quảng Trị", "QT", "IOC")
    dong_ha = db.session.get_one(Area, ("2025-07-01", "19333"))
    assert (dong_ha.name, dong_ha.name_folded) == ("Phường Đông Hà", "phuong dong ha")
    assert db.session.get_one(Area, ("2023-11-10", "19333")).name == "Phường 1"


def test_the_same_pack_again_is_left_alone_at_once(app: Flask) -> None:
    began = time.perf_counter()
    assert territory.load(QUANG_TRI, now=NOW).unchanged
    assert time.perf_counter() - began < 0.5  # about 2 ms on an idle machine


@pytest.mark.parametrize(
    ("file", "line", "column", "value"),
    [
        ("holidays.csv", 92, "day", "2030-02-30"),
        ("routing.csv", 53, "lead", "NOBODY"),
        ("areas.csv", 500, "parent_code", "99999"),
    ],
)
def test_a_pack_with_one_fault_changes_nothing(
    app: Flask, pack: Path, file: str, line: int, column: str, value: str
) -> None:
    before, known = rows(), territory.current()
    assert known is not None
    digest = known.digest
    change(pack / "territory.csv", 3, "value", "Tỉnh khác")
    change(pack / "areas.csv", 3, "name", "Đổi tên")
    change(pack / file, line, column, value)
    with pytest.raises(PackError):
        territory.load(pack, now=NOW)
    assert rows() == before
    assert db.session.scalars(select(Territory.digest)).one() == digest
    assert db.session.get_one(Area, ("2023-11-10", "461")).name == "Thành phố Đông Hà"


def test_a_changed_pack_updates_what_differs_and_nothing_else(app: Flask, pack: Path) -> None:
    change(pack / "categories.csv", 3, "name", "Đèn chiếu sáng")
    change(pack / "areas.csv", 3, "name", "Thành phố Đông Hà mới")
    add_line(pack / "holidays.csv", "2031-01-01,Tết Dương lịch,off,projected,Bộ luật Lao động 2019 Điều 112")
    changes = territory.load(pack, now=NOW)
    told = {file: (table.added, table.updated, table.removed) for file, table in changes.tables.items()}
    expected = dict.fromkeys(told, (0, 0, 0))
    assert told == expected | {"areas.csv": (0, 1, 0), "categories.csv": (0, 1, 0), "holidays.csv": (1, 0, 0)}
    assert db.session.get_one(Category, "den_duong").name == "Đèn chiếu sáng"
    assert db.session.get_one(Area, ("2023-11-10", "461")).name_folded == "thanh pho dong ha moi"


def test_rows_that_an_administrator_changed_stay_as_they_are(app: Flask, pack: Path) -> None:
    unit = db.session.scalars(select(Unit).filter_by(code="UBND_19333", valid_until=None)).one()
    rule = db.session.scalars(
        select(RoutingRule).filter_by(category_code="den_duong", conditions="", valid_until=None)
    ).one()
    edits: list[tuple[Any, str, str]] = [
        (unit, "phone", "0233 3852 222"),
        (rule, "lead", "SXD"),
        (db.session.get_one(Category, "den_duong"), "name", "Đèn của chúng ta"),
    ]
    with transaction():
        for row, column, value in edits:
            setattr(row, column, value)
            row.edited_at = NOW
    for file in ("units.csv", "routing.csv", "categories.csv"):
        replace(pack / file, "Quyết định 2672" if file == "units.csv" else "79/2009", "số mới")
    changes = territory.load(pack, now=NOW)
    assert [changes.tables[f].edited_here for f in ("units.csv", "routing.csv", "categories.csv")] == [
        ["UBND_19333 2025-07-01"],
        ["den_duong 2025-07-01"],
        ["den_duong"],
    ]
    db.session.expire_all()
    assert [getattr(row, column) for row, column, _ in edits] == [value for _, _, value in edits]


def without(path: Path, fits: Callable[[str], bool]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not fits(line)), encoding="utf-8")


def test_what_the_pack_no_longer_has_goes_where_nothing_needs_it_and_is_named_else(
    app: Flask, pack: Path
) -> None:
    """Two communes of 2023 leave the pack with their successions; a report of 2024 still lies in one of them."""
    report = send_report()
    with transaction():
        report.area_vintage, report.area_code = "2023-11-10", "19354"
    gone = ("2023-11-10,19354,", "2023-11-10,19348,")
    without(pack / "areas.csv", lambda line: line.startswith(gone))
    without(pack / "successions.csv", lambda line: line.startswith(gone))
    without(pack / "units.csv", lambda line: line.startswith(("UBND_19354,", "UBND_19348,")))
    without(pack / "holidays.csv", lambda line: line.startswith("2030-"))
    without(pack / "routing.csv", lambda line: line.startswith("khac,,,,UBND_XA,,2025"))
    tables = territory.load(pack, now=NOW).tables
    assert tables["areas.csv"].no_longer_in_pack == ["2023-11-10 19354"]
    assert tables["areas.csv"].removed == 1
    assert tables["successions.csv"].removed == 2
    assert tables["holidays.csv"].removed > 5
    assert tables["routing.csv"].no_longer_in_pack == ["khac 2025-07-01"]
    assert {key.split()[0] for key in tables["units.csv"].no_longer_in_pack} == {"UBND_19354", "UBND_19348"}
    assert db.session.get(Area, ("2023-11-10", "19348")) is None
    assert db.session.get(Area, ("2023-11-10", "19354")) is not None


def test_a_category_that_was_closed_here_stays_closed(app: Flask, pack: Path) -> None:
    with transaction():
        via_he = db.session.get_one(Category, "via_he")
        via_he.active, via_he.edited_at = False, NOW
    change(pack / "categories.csv", 10, "hint", "Bày bán trên vỉa hè")
    territory.load(pack, now=NOW)
    assert not db.session.get_one(Category, "via_he").active


def test_places_answer_from_the_newly_loaded_pack(app: Flask, pack: Path) -> None:
    day = date(2026, 11, 16)
    assert "Phường Đông Hà" in {choice.name for choice in places.choices(day)}
    replace(pack / "areas.csv", "2025-07-01,19333,Phường Đông Hà", "2025-07-01,19333,Phường Cầu Mới")
    territory.load(pack, now=NOW)
    assert "Phường Cầu Mới" in {choice.name for choice in places.choices(day)}


def test_a_cold_load_takes_little_time(app: Flask, pack: Path) -> None:
    with transaction():
        for table in reversed(db.metadata.sorted_tables):
            db.session.execute(delete(table))
    began = time.process_time()
    changes = territory.load(pack, now=NOW)
    assert sum(table.added for table in changes.tables.values()) == sum(written(pack, f) for f in FILES)
    assert time.process_time() - began < 2
