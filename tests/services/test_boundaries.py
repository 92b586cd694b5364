"""Boundaries in the database: imported whole or not at all, in force everywhere at once, gone when removed."""

import csv
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from portal.core.errors import BadPoint, OutsideTerritory
from portal.models import Boundary, BoundarySource, Succession, Territory, db
from portal.services import places
from tests.conftest import build
from tests.polygons import middle, ring_of, save, strips

TODAY = date(2026, 11, 16)
BEFORE = date(2025, 6, 30)
DONG_HA = 16.8195, 107.1028
BESIDE = Path(__file__).parents[3] / "shared" / "data"
OPTIONS = ("--vintage", "2025-07-01", "--code-field", "ma", "--source", "Sở Thử nghiệm", "--licence", "CC0")


def wards() -> list[tuple[str, str, float]]:
    """Code, name and published km² of the 78 wards of today."""
    return [(area.code, area.name, area.area_km2 or 0) for area in places.smallest("2025-07-01")]


@pytest.fixture
def drawn(app: Flask) -> dict[str, Any]:
    return strips(wards())


def run(app: Flask, *arguments: object) -> Result:
    result = app.test_cli_runner().invoke(args=["boundaries", *map(str, arguments)])
    db.session.rollback()
    return result


def kept() -> tuple[int, int, int]:
    """Rows of boundaries, of sources, and the territory's revision."""
    rows = (
        db.session.scalars(select(func.count()).select_from(table)).one()
        for table in (Boundary, BoundarySource)
    )
    return (*rows, db.session.scalars(select(Territory.revision)).one())


def test_boundaries_are_imported_once_listed_and_removed(
    app: Flask, drawn: dict[str, Any], tmp_path: Path
) -> None:
    file, (_, _, revision) = save(drawn, tmp_path), kept()
    assert run(app, "list").output == "none: places are estimated\n"
    rehearsed = run(app, "import", file, *OPTIONS, "--dry-run")
    assert (rehearsed.exit_code, "nothing was written" in rehearsed.output) == (0, True), rehearsed.output
    assert kept() == (0, 0, revision)
    first = run(app, "import", file, *OPTIONS, "--taken-on", "2026-10-01")
    assert first.output == "ranh-gioi.geojson: 78 areas of 2025-07-01, as they should be\n"
    *rows, imported = kept()
    assert rows == [78, 1] and imported != revision
    again = run(app, "import", file, *OPTIONS, "--taken-on", "2026-10-01")
    assert again.output.endswith("unchanged\n") and kept() == (78, 1, imported)
    listed = run(app, "list").output
    assert "2025-07-01  ranh-gioi.geojson  Sở Thử nghiệm (CC0), taken on 2026-10-01" in listed
    assert "imported 2026-11-16, SHA-256 " in listed
    assert run(app, "import", file, *OPTIONS).output.count("\n") == 1, "another day is another source"
    assert run(app, "remove", "--vintage", "2025-07-01").output == "2025-07-01: removed\n"
    *rows, removed = kept()
    assert rows == [0, 0] and removed not in (revision, imported)
    gone = run(app, "remove", "--vintage", "2025-07-01")
    assert (gone.exit_code, kept()) == (1, (0, 0, removed))


def test_wrong_boundaries_leave_the_right_ones_alone(
    app: Flask, drawn: dict[str, Any], tmp_path: Path
) -> None:
    run(app, "import", save(drawn, tmp_path), *OPTIONS)
    before = kept()
    wrong = deepcopy(drawn)
    wrong["features"][1]["properties"]["ma"] = wrong["features"][0]["properties"]["ma"]
    ring = wrong["features"][2]["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    result = run(app, "import", save(wrong, tmp_path, "sai.geojson"), *OPTIONS, "--name-field", "ten")
    assert (result.exit_code, result.output.count("\n")) == (1, 3)
    lines = result.output.splitlines()
    second, third = (drawn["features"][i]["properties"] for i in (1, 2))
    assert lines[0].startswith("Error: feature 2 ") and lines[0].endswith(
        f"{second['ten']}: repeats feature 1"
    )
    assert lines[1].startswith(f"feature 3 {third['ma']} {third['ten']}: the shape is not valid")
    assert lines[2] == f"{second['ma']} {second['ten']}: no feature has this code"
    assert kept() == before and places.locate(*middle(drawn, "19333"), TODAY).how == "inside"


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("--vintage", "1999-01-01"), 1, "1999-01-01"),
        (("--code-field", "code"), 1, "no field 'code' in it (there are: ma, ten)"),
        (("--taken-on", "hôm qua"), 2, "hôm qua"),
        (("--source", " \n "), 2, "must not be empty"),
    ],
)
def test_a_wrong_argument_is_told(
    app: Flask, drawn: dict[str, Any], tmp_path: Path, arguments: tuple[str, str], status: int, sentence: str
) -> None:
    result = run(app, "import", save(drawn, tmp_path), *OPTIONS, *arguments)
    assert (result.exit_code, sentence in result.output) == (status, True), result.output
    assert run(app, "import", tmp_path / "nowhere.geojson", *OPTIONS).exit_code == 2
    assert kept()[:2] == (0, 0)


def test_a_place_is_inside_near_or_outside(app: Flask, drawn: dict[str, Any], tmp_path: Path) -> None:
    run(app, "import", save(drawn, tmp_path), *OPTIONS)
    for code in ("19333", "19742"):
        located = places.locate(*middle(drawn, code), TODAY)
        assert (located.how, located.area.code, located.near[0].metres) == ("inside", code, 0)
    latitude, _longitude = middle(drawn, "18859")
    west = ring_of(drawn, "18859")[0][0]
    beside = places.locate(latitude, west - 0.002, TODAY)
    assert (beside.how, beside.area.code) == ("near", "18859")
    assert beside.near[0].metres == pytest.approx(213, abs=3)
    with pytest.raises(OutsideTerritory):
        places.locate(latitude, west - 0.01, TODAY)
    for bad, reason in (((float("nan"), 107), "number"), ((107.1, 16.8), "swapped"), ((200, 300), "globe")):
        with pytest.raises(BadPoint) as error:
            places.locate(*bad, TODAY)
        assert error.value.details["reason"] == reason


def test_a_place_outside_is_told_by_its_neighbour(app: Flask) -> None:
    for latitude, longitude, name in (
        (16.4637, 107.5909, "Phường Hương An, thành phố Huế"),
        (18.24, 106.0, "Xã Cẩm Xuyên, tỉnh Hà Tĩnh"),
        (21.03, 105.85, None),
        (16.9, 108.2, None),
    ):
        with pytest.raises(OutsideTerritory) as error:
            places.locate(latitude, longitude, TODAY)
        neighbour = error.value.details["neighbour"]
        assert (neighbour and neighbour.name) == name


def test_an_import_is_in_force_in_every_running_process(
    app: Flask, drawn: dict[str, Any], tmp_path: Path, database_url: str
) -> None:
    """Two instances on one database: what the first imports, changes or removes, the second follows at once."""
    other = build(database_url, tmp_path)

    def seen_by_the_other() -> tuple[str, str]:
        with other.app_context():
            located = places.locate(*DONG_HA, TODAY)
            return located.how, located.area.code

    assert seen_by_the_other() == ("estimate", "19333")
    seen = []
    for order in (1, -1):
        run(app, "import", save(strips(wards()[::order]), tmp_path), *OPTIONS)
        seen.append(seen_by_the_other())
    assert {how for how, _code in seen} == {"inside"} and len({code for _how, code in seen}) == 2
    run(app, "remove", "--vintage", "2025-07-01")
    assert seen_by_the_other() == ("estimate", "19333")
    with other.app_context():
        db.engine.dispose()


def test_an_older_day_is_estimated_among_what_became_the_certain_ward(
    app: Flask, drawn: dict[str, Any], tmp_path: Path
) -> None:
    """The strip at Đông Hà is another ward's, so the difference shows."""
    run(app, "import", save(drawn, tmp_path), *OPTIONS)
    certain = places.locate(*DONG_HA, TODAY).area
    assert certain.code != "19333"
    located = places.locate(*DONG_HA, BEFORE)
    became = select(Succession.from_code).filter_by(to_vintage=certain.vintage, to_code=certain.code)
    assert located.how == "estimate"
    assert {near.area.code for near in located.near} <= set(db.session.scalars(became))
    assert {near.area.vintage for near in located.near} == {"2025-06-30"}


@pytest.mark.skipif(not BESIDE.exists(), reason="the boundaries do not lie beside the project")
def test_every_sample_report_is_located_in_its_ward(app: Flask) -> None:
    file = BESIDE / "boundaries" / "quangtri_2025_wards_simplified.geojson"
    options = (
        "--vintage",
        "2025-07-01",
        "--code-field",
        "code",
        "--source",
        "nghiệm thu",
        "--licence",
        "MIT",
    )
    assert run(app, "import", file, *options).exit_code == 0
    with (BESIDE / "sample_reports.csv").open(encoding="utf-8", newline="") as rows:
        samples = list(csv.DictReader(rows))
    assert len(samples) == 40
    for sample in samples:
        point = float(sample["lat"]), float(sample["lon"])
        today, before = places.locate(*point, TODAY), places.locate(*point, BEFORE)
        assert (today.how, today.area.code) == ("inside", sample["new_ward_code"]), sample["id"]
        assert (before.how, before.area.code) == ("estimate", sample["old_ward_code"]), sample["id"]
