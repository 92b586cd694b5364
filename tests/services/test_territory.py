"""The pack of Quảng Trị loads whole; a pack with a fault says which, where, and changes nothing."""

import csv
import shutil
import time
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.packs import FILES, PackError
from portal.models import (
    Account,
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

QUANG_TRI = Path(__file__).parents[2] / "portal" / "data" / "quang_tri"
NOW = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
TABLES = (Area, Succession, Unit, Category, RoutingRule, Holiday)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the pack that a test may spoil."""
    return Path(shutil.copytree(QUANG_TRI, tmp_path / "pack"))


def change(path: Path, line: int, column: str, value: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[line - 1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def replace(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


def add_line(path: Path, line: str) -> int:
    """Append a line; give its number."""
    content = path.read_text(encoding="utf-8") + line + "\n"
    path.write_text(content, encoding="utf-8")
    return content.count("\n")


def faults(pack: Path) -> list[str]:
    with pytest.raises(PackError) as caught:
        territory.check(pack)
    return [str(problem) for problem in caught.value.problems]


def written(pack: Path, file: str) -> int:
    """How many rows the file has."""
    with (pack / file).open(encoding="utf-8", newline="") as opened:
        return sum(1 for _ in csv.reader(opened)) - 1


def rows() -> dict[str, int]:
    return {
        table.__name__: db.session.scalars(select(func.count()).select_from(table)).one() for table in TABLES
    }


CELLS = [
    ("areas.csv", 9, "valid_from", "2025-02-30", "'2025-02-30' is no day"),
    ("areas.csv", 9, "valid_from", "01/07/2025", "is no day"),
    ("areas.csv", 9, "valid_until", "2001-01-01", "lies before valid_from"),
    ("areas.csv", 9, "parent_code", "99999", "no area 99999"),
    ("areas.csv", 9, "parent_code", "", "only a province has no parent"),
    ("areas.csv", 9, "level", "village", "'village' is not one of province, district, commune"),
    ("areas.csv", 9, "latitude", "16,8", "is no number"),
    ("areas.csv", 9, "latitude", "nan", "is no number"),
    ("areas.csv", 9, "latitude", "10.8", "outside the territory"),
    ("areas.csv", 9, "longitude", "", "a point needs both coordinates"),
    ("areas.csv", 9, "name", "", "is empty"),
    ("areas.csv", 9, "name", unicodedata.normalize("NFD", "Huyện Đakrông"), "not in the composed form"),
    ("areas.csv", 9, "name", "Huyện\u200b Đakrông", "control characters"),
    ("areas.csv", 9, "name", "Huyện\nĐakrông", "line breaks"),
    ("areas.csv", 9, "name", '=HYPERLINK("x")', "take for a formula"),
    ("areas.csv", 9, "population", "-5", "take for a formula"),
    ("areas.csv", 9, "valid_until", "2024-11-30", "differs from line 2 of the same vintage"),
    ("areas.csv", 9, "valid_from", "2023-11-11", "differs from line 2 of the same vintage"),
    ("successions.csv", 30, "to_vintage", "2023-11-10", "after the vintage 2023-11-10 comes 2025-06-30"),
    ("successions.csv", 30, "to_code", "1", "no area 1 in 2025-06-30"),
    ("units.csv", 3, "kind", "ministry", "is not one of"),
    ("units.csv", 3, "area_code", "1", "no area 1 on 2025-07-01"),
    ("units.csv", 3, "parent_code", "NOBODY", "no unit NOBODY on 2025-07-01"),
    ("units.csv", 2, "successor_code", "NOBODY", "no unit NOBODY on the day after"),
    ("units.csv", 2, "valid_until", "2025-12-31", "UBND_TINH begins again"),
    ("units.csv", 3, "email", "ubnd quangtri.gov.vn", "is no e-mail address"),
    ("units.csv", 3, "office_hours", "7h30", "is neither a day (mon) nor a range of days"),
    ("units.csv", 3, "office_hours", "sat 11:30-07:30", "closes before it opens"),
    ("units.csv", 3, "verified", "maybe", "neither yes nor no"),
    ("categories.csv", 2, "resolve_minutes", "10", "must be at least receive_minutes"),
    ("categories.csv", 2, "receive_minutes", "1.5", "is no whole number"),
    ("routing.csv", 3, "category_code", "tau_vu_tru", "no category tau_vu_tru"),
    ("routing.csv", 20, "valid_until", "", "the rule outlives Huyện đảo Cồn Cỏ"),
    ("routing.csv", 3, "lead", "SGTVT", "no unit SGTVT on every day of the rule"),
    ("routing.csv", 2, "valid_until", "2025-07-31", "the same cases on the same days as line 2"),
    ("holidays.csv", 2, "effect", "party", "is not one of off, work"),
    ("territory.csv", 9, "value", "16.2", "north: must lie beyond south, up to 90"),
    ("territory.csv", 6, "value", "NOBODY", "no unit NOBODY without an end"),
    ("territory.csv", 5, "value", "quang_tri", "code_prefix: 'quang_tri' is no prefix"),
    ("territory.csv", 5, "key", "prefix", "the key prefix is unknown"),
]


@pytest.mark.parametrize(("file", "line", "column", "value", "reason"), CELLS)
def test_a_bad_cell_is_named_by_file_line_column_and_reason(
    pack: Path, file: str, line: int, column: str, value: str, reason: str
) -> None:
    change(pack / file, line, column, value)
    said = faults(pack)
    assert any(fault.startswith(f"{file}:") and reason in fault for fault in said), said
    where = [fault.partition(" ")[0] for fault in said]
    assert f"{file}:{line}" in where or "the same cases" in reason, said
    assert any(f" {column}: " in fault for fault in said) or "the same cases" in reason, said


ROWS = [  # rows added to one of the small files, what is said of the last of them
    ("questions.csv", ["den_duong,mau,Màu gì?,What colour?,1"], " code: needs 2 choices in choices.csv"),
    ("questions.csv", ["tau,mau,Màu gì?,What colour?,1"], " category_code: no category tau"),
    (
        "choices.csv",
        ["den_duong,mau,do,Đỏ,Red,1"],
        " question_code: no question mau of the category den_duong",
    ),
    ("clocks.csv", ["tau,,,480,960,no,Đề xuất"], " category_code: no category tau"),
    ("clocks.csv", ["den_duong,,NOBODY,480,960,no,Đề xuất"], " unit_code: no unit NOBODY"),
    ("clocks.csv", ["den_duong,soon,,480,960,no,Đề xuất"], " priority: 'soon' is not one of normal, urgent"),
    (
        "clocks.csv",
        ["den_duong,,IOC,480,240,no,Đề xuất"],
        " resolve_minutes: must be at least receive_minutes",
    ),
    ("clocks.csv", [",,,480,960,no,Đề xuất"], ": names neither category nor priority nor unit"),
    ("clocks.csv", [",,SXD,480,960,no,Đề xuất"] * 2, " category_code, priority, unit_code: repeats line"),
    ("neighbours.csv", ["SWAPPED,Huế,Huế,107.5,16.4"], " latitude: too far from the territory"),
    (
        "units.csv",
        ["SAO,Đơn vị sao,Star,division,,SAO,2025-07-01,,,,,,,Luật,no,"],
        " parent_code: leads round to SAO again",
    ),
    (
        "units.csv",
        ["UBND_SAO,Đơn vị sao,Star,commune,19333,,2025-07-01,,,,,,,Luật,no,"],
        " area_code: 19333 has the unit of line",
    ),
    (
        "areas.csv",
        ["2025-06-30,1,Xã Sao,commune,45,16.7,107.1,,,2025-01-01,2025-06-30,Luật,ở đây"],
        " code: successions.csv does not say what became of it",
    ),
    (
        "areas.csv",
        ["2026-01-01,1,Xã Sao,commune,45,16.7,107.1,,,2026-01-01,,Luật,ở đây"],
        " valid_from: must be the day after the vintage 2025-07-01 ends (None)",
    ),
    (
        "areas.csv",
        ["2026-01-01,1,Xã Sao,commune,45,16.7,107.1,,,2026-02-01,,Luật,ở đây"],
        " vintage: lies outside valid_from–valid_until",
    ),
]


@pytest.mark.parametrize(("file", "added", "reason"), ROWS, ids=[f"{file} {why}" for file, _, why in ROWS])
def test_a_row_that_contradicts_others_is_named(pack: Path, file: str, added: list[str], reason: str) -> None:
    for row in added:
        line = add_line(pack / file, row)
    said = faults(pack)
    assert any(fault.startswith(f"{file}:{line}{reason}") for fault in said), said


def test_every_fault_is_listed_at_once(pack: Path) -> None:
    change(pack / "areas.csv", 4, "valid_from", "soon")
    change(pack / "areas.csv", 7, "level", "village")
    change(pack / "holidays.csv", 3, "day", "Tết")
    assert [fault.partition(" ")[0] for fault in faults(pack)] == [
        "areas.csv:4",
        "areas.csv:7",
        "holidays.csv:3",
    ]


def test_a_repeated_key_names_both_lines(pack: Path) -> None:
    again = (pack / "categories.csv").read_text(encoding="utf-8").splitlines()[1]
    line = add_line(pack / "categories.csv", again)
    assert faults(pack) == [f"categories.csv:{line} code: repeats line 2"]


def test_a_cell_in_an_old_code_page_is_found(pack: Path) -> None:
    path = pack / "holidays.csv"
    in_windows_1258 = b"T\xea\xect D\xfd\xf5ng l\xf2ch"
    path.write_bytes(path.read_bytes().replace("Tết Dương lịch".encode(), in_windows_1258, 1))
    assert faults(pack) == ["holidays.csv:2 name: not UTF-8 (perhaps saved as Windows-1258 or TCVN3)"]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(pack: Path) -> None:
    for path in pack.glob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(territory.check(pack).rows["areas.csv"]) == 499


def test_a_missing_file_and_a_missing_or_unknown_column_are_named(pack: Path) -> None:
    replace(pack / "holidays.csv", "day,name,effect", "day,nane,effect")
    assert faults(pack) == [
        "holidays.csv:1 name: the column is missing",
        "holidays.csv:1 nane: the column is unknown",
    ]
    (pack / "units.csv").unlink()
    assert faults(pack) == ["units.csv: the file is missing"]


def test_a_column_that_stands_twice_is_refused(pack: Path) -> None:
    replace(
        pack / "holidays.csv", "day,name,effect,status,legal_basis", "day,name,effect,status,legal_basis,day"
    )
    assert "holidays.csv:1 day: the column stands twice" in faults(pack)


BYTES = [
    ("UTF-16 with a mark", lambda raw: raw.decode().encode("utf-16"), ": is UTF-16"),
    ("UTF-16 without one", lambda raw: raw.decode().encode("utf-16-le"), ":1: a NUL byte: no text"),
    ("a NUL in line 2", lambda raw: raw.replace(b"off", b"o\0f", 1), ":2: a NUL byte"),
    ("nothing", lambda raw: b"", ": the file is empty"),
    ("only a mark", lambda raw: b"\xef\xbb\xbf\r\n", ": the file is empty"),
    ("semicolons", lambda raw: raw.replace(b",", b";"), ":1: the cells are separated by ';', not by commas"),
    ("tabs", lambda raw: raw.replace(b",", b"\t"), ":1: the cells are separated by '\\t', not by commas"),
    ("a cell without end", lambda raw: raw + b"x" * 10**6, ":93: a cell longer than 131072 characters"),
    ("a long cell", lambda raw: raw.replace(b"29 T", b"T" * 9_000, 1), ":3 name: has 9002 characters, more"),
    (
        "a quote in line 2",
        lambda raw: raw.replace(b"T\xe1", b'"T\xe1', 1),
        ":2: the quotes of this row do not",
    ),
    ("odd quotes", lambda raw: raw.replace(b"off", b'"o"f"', 1), ":2: the quotes of this row do not pair up"),
    ("another year", lambda raw: raw.replace(b"2025-01-01", b"2025-W01-1"), ":2 day: '2025-W01-1' is no day"),
    ("a bell", lambda raw: raw.replace(b"status", b"status\x07"), ":1 'status\\x07': the column is unknown"),
]


@pytest.mark.parametrize(("what", "spoil", "reason"), BYTES, ids=[what for what, *_ in BYTES])
def test_a_file_that_is_no_table_is_told_in_a_sentence(
    pack: Path, what: str, spoil: Callable[[bytes], bytes], reason: str
) -> None:
    path = pack / "holidays.csv"
    path.write_bytes(spoil(path.read_bytes()))
    said = faults(pack)
    assert len(said) <= 2 and all(len(fault) < 300 for fault in said), said
    assert any(fault.startswith("holidays.csv" + reason) for fault in said), said


def test_old_macintosh_line_ends_and_blank_lines_do_no_harm(pack: Path) -> None:
    for path in pack.glob("*.csv"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r") + b"\r\r")
    assert len(territory.check(pack).rows["areas.csv"]) == 499


def test_a_folder_or_a_loop_in_place_of_a_file_is_told(pack: Path) -> None:
    for name in ("units.csv", "texts.csv", "words.csv"):
        (pack / name).unlink()
    (pack / "units.csv").mkdir()
    (pack / "words.csv").symlink_to("words.csv")
    assert faults(pack) == [
        "units.csv: the file cannot be read: Is a directory",
        "words.csv: the file cannot be read: Too many levels of symbolic links",
        "texts.csv: the file is missing",
    ]


def test_a_table_that_cannot_be_empty_needs_rows(pack: Path) -> None:
    header = (pack / "categories.csv").read_text(encoding="utf-8").partition("\n")[0]
    (pack / "categories.csv").write_text(header, encoding="utf-8")
    assert faults(pack) == ["categories.csv: has no rows"]


def test_a_row_of_the_wrong_length_and_an_open_quote_are_named(pack: Path) -> None:
    line = add_line(pack / "holidays.csv", "2031-01-01,Tết")
    add_line(pack / "successions.csv", '2023-11-10,"461')
    said = faults(pack)
    assert f"holidays.csv:{line}: 2 cells where the header has 5" in said
    assert any(fault.startswith("successions.csv:405: a quote that opens here is never") for fault in said)


def test_an_empty_folder_is_no_pack(tmp_path: Path) -> None:
    assert len(faults(tmp_path)) == len(FILES)


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
        select(RoutingRule).filter_by(category_code="den_duong", valid_until=None)
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
        for table in (Account, Succession, RoutingRule, Unit, Holiday, Category, Territory):
            db.session.query(table).delete()
        for level in ("commune", "district", "province"):
            db.session.query(Area).filter_by(level=level).delete()
    began = time.process_time()
    changes = territory.load(pack, now=NOW)
    assert sum(table.added for table in changes.tables.values()) == sum(written(pack, f) for f in FILES)
    assert time.process_time() - began < 2
