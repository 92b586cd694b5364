"""A pack with a fault says which and where, in one go."""

import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from portal.core import contradictions, packs
from portal.core.packs import FILES, PackError
from portal.services import territory
from tests.packs import QUANG_TRI, SONG_AO, add_line, change, replace


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the pack that a test may spoil."""
    return Path(shutil.copytree(QUANG_TRI, tmp_path / "pack"))


def faults(pack: Path) -> list[str]:
    with pytest.raises(PackError) as caught:
        territory.check(pack)
    return [str(problem) for problem in caught.value.problems]


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
    ("categories.csv", 2, "assign_minutes", "0", "must be at least 1"),
    ("categories.csv", 2, "receive_minutes", "1.5", "is no whole number"),
    ("routing.csv", 3, "category_code", "tau_vu_tru", "no category tau_vu_tru"),
    ("routing.csv", 33, "valid_until", "", "the rule outlives Huyện đảo Cồn Cỏ"),
    ("routing.csv", 3, "lead", "SGTVT", "no unit SGTVT on every day of the rule"),
    ("routing.csv", 20, "valid_until", "2025-07-31", "the same cases on the same days as line 20"),
    ("routing.csv", 21, "cooperating", "KHONG_CO SXD", "no unit KHONG_CO on every day of the rule"),
    ("routing.csv", 21, "cooperating", "SXD SXD", "not in order, write SXD"),
    ("routing.csv", 21, "conditions", "road_class=national", "the category has no question road_class"),
    ("routing.csv", 21, "conditions", "hours=night", "hours has no choice night"),
    ("routing.csv", 21, "conditions", "hours", "is no condition"),
    ("questions.csv", 2, "code", "hours", "hours is known without a question"),
    ("cases.csv", 2, "category_code", "tau_vu_tru", "no category tau_vu_tru"),
    ("cases.csv", 2, "area_code", "00000", "no area 00000 in 2023-11-10"),
    ("cases.csv", 2, "at", "2025-11-17T09:00", "is not there on 2025-11-17"),
    ("cases.csv", 2, "lead", "KHONG_CO", "no unit KHONG_CO on 2024-05-15"),
    ("cases.csv", 2, "facts", "road_class=national,urban", "road_class has 2 values"),
    ("cases.csv", 2, "facts", "road_class=lunar", "road_class has no choice lunar"),
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
    ("clocks.csv", ["tau,,,480,240,960,no,Đề xuất"], " category_code: no category tau"),
    ("clocks.csv", ["den_duong,,NOBODY,480,240,960,no,Đề xuất"], " unit_code: no unit NOBODY"),
    (
        "clocks.csv",
        ["den_duong,soon,,480,240,960,no,Đề xuất"],
        " priority: 'soon' is not one of normal, urgent",
    ),
    (
        "clocks.csv",
        ["den_duong,,IOC,480,240,240,no,Đề xuất"],
        " resolve_minutes: must be at least receive_minutes",
    ),
    ("clocks.csv", [",,,480,240,960,no,Đề xuất"], ": names neither category nor priority nor unit"),
    ("clocks.csv", [",,SXD,480,240,960,no,Đề xuất"] * 2, " category_code, priority, unit_code: repeats line"),
    ("words.csv", ["tau,tàu hỏa,3"], " subject: tau is neither a category nor one of complaint"),
    ("words.csv", ["den_duong,đèn &  tắt,3"], " phrase: control characters, line breaks or stray spaces"),
    ("words.csv", ["den_duong,đèn & ,3"], " phrase: control characters"),
    ("words.csv", ["den_duong,đèn && tắt,3"], " phrase: not words with single spaces"),
    ("words.csv", ["den_duong,đèn,0"], " weight: not from 1 to 20"),
    (
        "texts.csv",
        ["door_complain,Khiếu nại,Complaint"],
        " key: no page shows door_complain; those shown are",
    ),
    ("neighbours.csv", ["SWAPPED,Huế,Huế,107.5,16.4"], " latitude: too far from the territory"),
    (
        "units.csv",
        ["SAO,Đơn vị sao,Star,division,,SAO,2025-07-01,,,,,,,Luật,no,"],
        " parent_code: leads round to SAO again",
    ),
    (
        "units.csv",
        [
            "VONG_A,Vòng A,Ring A,division,,,2025-07-01,2025-12-31,VONG_B,,,,,Luật,no,",
            "VONG_B,Vòng B,Ring B,division,,,2025-07-01,2025-12-31,VONG_A,,,,,Luật,no,",
        ],
        " successor_code: no unit VONG_A on the day after valid_until",
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
    ("a cell without end", lambda raw: raw + b"x" * 10**6, ":108: a cell longer than 131072 characters"),
    ("a long cell", lambda raw: raw.replace(b"29 T", b"T" * 9_000, 1), ":3 name: has 9002 characters, more"),
    (
        "a quote in line 2",
        lambda raw: raw.replace(b"T\xe1", b'"T\xe1', 1),
        ":2: the quotes of this row do not",
    ),
    ("odd quotes", lambda raw: raw.replace(b"off", b'"o"f"', 1), ":2: the quotes of this row do not pair up"),
    ("another year", lambda raw: raw.replace(b"2024-01-01", b"2024-W01-1"), ":2 day: '2024-W01-1' is no day"),
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


def test_whatever_is_broken_in_a_pack_is_told_as_a_fault() -> None:
    """Five hundred small accidents, always the same: each leaves a sound pack or faults, never another error."""
    chance = Random(2672)
    pieces = (
        b'"',
        b",",
        b"\n",
        b"\r",
        b"\0",
        b"\xff",
        b"\xcc\x81",
        b"=",
        b";",
        b"9",
        b" ",
        b"\x0c",
        b"\xe2\x80\xa8",
    )
    sound = {file: (SONG_AO / file).read_bytes() for file in FILES}
    broken = 0
    for _ in range(500):
        file = chance.choice(FILES)
        at, lost = chance.randrange(len(sound[file]) + 1), chance.choice((0, 1, 12))
        raw = sound[file][:at] + chance.choice(pieces) + sound[file][at + lost :]
        try:
            contradictions.check(packs.read(sound | {file: raw}))
        except PackError as error:
            broken += 1
            assert all(problem.file in FILES and len(str(problem)) < 300 for problem in error.problems)
    assert broken > 250
