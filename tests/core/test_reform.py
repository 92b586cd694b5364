"""What a reform file may say, what it may not, and what it makes of one report."""

from datetime import date
from itertools import product

import pytest

from portal.core import reform
from portal.core.packs import PackError
from portal.core.reform import Change, Fate, Known, Period, Undecided

HEADER = "change,unit,successor,area_code,category_code,name,name_en,legal_basis,note\n"
DAY, EVE = date(2027, 1, 1), date(2026, 12, 31)
FROM = date(2025, 7, 1)


def period(name: str, begins: date = FROM, ends: date | None = None, successor: str | None = None) -> Period:
    return Period(name, begins, ends, successor)


KNOWN = Known(
    units={
        **{code: [period(code)] for code in ("A", "B", "C", "D", "IOC")},
        "E": [period("Sở E", FROM, EVE, "E"), period("Sở E mới", DAY)],
        "OVER": [period("OVER", FROM, date(2026, 3, 31))],
        "GIVEN": [period("GIVEN", FROM, EVE, "A")],
        "LATER": [period("LATER", date(2027, 2, 1))],
    },
    areas={"101", "102"},
    has_districts=False,
    categories={"rac_thai"},
    fallback="IOC",
)


def row(text: str) -> str:
    """'merge A B' → a row; a word with '=' names its column."""
    change, unit, *rest = text.split()
    cells = {"change": change, "unit": unit, "legal_basis": "NQ 1"}
    for word in rest:
        column, _, value = word.rpartition("=")
        cells[column or "successor"] = value
    return ",".join(cells.get(column, "") for column in HEADER.strip().split(","))


def read(*rows: str) -> list[Change]:
    return reform.read("f.csv", (HEADER + "".join(f"{row(each)}\n" for each in rows)).encode())


def faults(*rows: str) -> list[str]:
    with pytest.raises(PackError) as caught:
        reform.check("f.csv", read(*rows), KNOWN, DAY)
    return [str(problem).removeprefix("f.csv:") for problem in caught.value.problems]


def test_a_sound_reform_is_taken() -> None:
    ending = ["merge A B", "split C B area_code=101", "split C UBND_XA", "abolish D", "merge E E"]
    reform.check("f.csv", read(*ending), KNOWN, DAY)
    going_on = ["merge GIVEN A", "rename A name=Mới", "move A B category_code=rac_thai"]
    reform.check("f.csv", read(*going_on), KNOWN, DAY)


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        (["merge X A"], ["2 unit: no unit X"]),
        (["merge A X"], ["2 successor: no unit X"]),
        (["merge OVER A"], ["2 unit: OVER ended on 2026-03-31 already"]),
        (["merge A OVER"], ["2 successor: OVER ended on 2026-03-31 already"]),
        (["merge A LATER"], ["2 successor: LATER begins only on 2027-02-01"]),
        (["merge GIVEN B"], ["2 successor: ended with the successor A in the directory"]),
        (["merge A A"], ["2 successor: A does not begin anew on 2027-01-01, so it cannot follow itself"]),
        (
            ["merge A B", "merge B A"],
            ["2 successor: goes round in a loop: A → B → A", "3 successor: goes round in a loop: B → A → B"],
        ),
        (
            ["merge A B", "merge B C"],
            ["2 successor: B ends itself by line 3; name the unit that is there on 2027-01-01"],
        ),
        (["merge A B", "merge A C"], ["3 unit: contradicts line 2"]),
        (["merge A B", "merge A B"], ["3 unit: repeats line 2"]),
        (["merge A B", "rename A name=Mới"], ["3 unit: contradicts line 2"]),
        (
            ["abolish A", "split A B", "split A C area_code=101"],
            ["3 unit: contradicts line 2", "4 change: contradicts line 2"],
        ),
        (["split A B area_code=101"], ["2 change: one part is no split but a merge"]),
        (
            ["split A B area_code=101", "split A C area_code=999"],
            ["3 area_code: no area 999 on 2027-01-01"],
        ),
        (["move A B category_code=mua"], ["2 category_code: no category mua"]),
        (["abolish A UBND_HUYEN"], ["2 successor: there are no districts on 2027-01-01"]),
        (["rename E name=Khác"], ["2 name: is called Sở E mới in the directory from that day on"]),
        (
            ["merge IOC A"],
            ["2 unit: IOC takes what no rule gives to anybody and must be there on 2027-01-01"],
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else value,
)
def test_what_contradicts_is_named_with_its_line_and_column(rows: list[str], wrong: list[str]) -> None:
    assert faults(*rows) == wrong


def test_every_kind_wants_its_own_columns() -> None:
    with pytest.raises(PackError) as caught:
        read("merge A", "rename A B", "move A B", "abolish A category_code=rac_thai", "merge A B name=X")
    assert [str(problem).removeprefix("f.csv:") for problem in caught.value.problems] == [
        "2 successor: is empty, which a merge must not be",
        "3 name: is empty, which a rename must not be",
        "3 successor: a rename has none",
        "4 category_code: is empty, which a move must not be",
        "5 category_code: a abolish has none",
        "6 name: a merge has none",
    ]


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        ((HEADER + "merge,A,B,,,,,Nghị quyết,\n").encode("utf-16"), "f.csv: is UTF-16"),
        ((HEADER + "merge,A,B,,,,,Nghị quyết,\n").encode("cp1258", "replace"), None),
        ((HEADER + "merge,A,B,,,,,Ða\xcc,\n").encode("cp1252"), "f.csv:2 legal_basis: not UTF-8"),
        ((HEADER + "merge,A,B,,,,,Nghi\u0323 quyê\u0301t,\n").encode(), "not in the composed form"),
        ((HEADER + "merge,A,B,,,,,=1+1,\n").encode(), "f.csv:2 legal_basis: begins with '='"),
        ((HEADER + "melt,A,B,,,,,NQ 1,\n").encode(), "f.csv:2 change: 'melt' is not one of merge, split"),
        ((b"change,unit\nmerge,A\n"), "f.csv:1 successor: the column is missing"),
        (HEADER.encode(), "f.csv: there is no row"),
        (b"", "f.csv: the file is empty"),
    ],
    ids=["utf-16", "windows-1258", "latin", "nfd", "formula", "kind", "columns", "rows", "empty"],
)
def test_a_file_that_cannot_be_read_says_where_and_why(raw: bytes, wrong: str | None) -> None:
    if wrong is None:
        assert [change.unit for change in reform.read("f.csv", raw.replace(b"?", b""))] == ["A"]
        return
    with pytest.raises(PackError, match=r"(?s)" + wrong.replace("(", r"\(").replace("+", r"\+")):
        reform.read("f.csv", raw)


def test_a_byte_order_mark_and_line_ends_of_windows_do_no_harm() -> None:
    raw = "\ufeff" + (HEADER + "merge,A,B,,,,,Nghị quyết,\n").replace("\n", "\r\n")
    assert reform.read("f.csv", raw.encode())[0].legal_basis == "Nghị quyết"


PLACE = {"commune": "101", "district": "1", "province": "44"}
SERVING = {"101": "UBND_101"}


def fate(
    rows: list[str], category: str = "rac_thai", areas: dict[str, str] | None = None
) -> tuple[object, ...]:
    found = reform.fate(read(*rows), category, PLACE if areas is None else areas, SERVING)
    return found.unit, found.undecided


def test_the_fate_of_a_report() -> None:
    assert reform.fate([], "rac_thai", PLACE, SERVING) == Fate()
    assert fate(["merge A B"]) == ("B", None)
    assert fate(["rename A name=Mới"]) == ("A", None)
    assert fate(["abolish A UBND_XA"]) == ("UBND_101", None)
    assert fate(["abolish A"]) == (None, Undecided.NO_SUCCESSOR)
    assert fate(["abolish A UBND_XA"], areas={}) == (None, Undecided.PLACE_UNKNOWN)
    assert fate(["abolish A UBND_XA"], areas={"commune": "102"}) == (None, Undecided.NO_UNIT_THERE)
    parts = ["split A B area_code=101", "split A C area_code=1"]
    assert fate(parts) == ("B", None), "the smaller part wins"
    assert fate(parts, areas=PLACE | {"commune": "102"}) == ("C", None)
    assert fate(parts, areas={"commune": "7", "district": "7"}) == (None, Undecided.NO_PART)
    assert fate([*parts, "split A D"], areas={"commune": "7"}) == ("D", None)
    moved = ["merge A B", "move A C category_code=rac_thai"]
    assert fate(moved) == ("C", None) and fate(moved, "den_duong") == ("B", None)
    assert fate(moved[1:], "den_duong") == (None, None), "the unit goes on with everything else"


def test_every_report_has_a_unit_or_a_reason() -> None:
    """Whatever the file and the place: the report goes on, goes to one unit, or says why not."""
    kinds = ["merge A B", "abolish A", "abolish A UBND_XA", "split A C area_code=101", "split A D"]
    places = [{}, PLACE, {"commune": "102"}]
    for rows, areas in product([kinds[:1], kinds[1:2], kinds[2:3], kinds[3:]], places):
        unit, undecided = fate(rows, areas=areas)
        assert (unit is None) != (undecided is None)
