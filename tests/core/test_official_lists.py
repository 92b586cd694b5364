"""The pack of Quảng Trị against an independent list: the data of PyPI vietnamadminunits 1.0.4.

Only its data files are read: importing it would bring pandas and a geocoder, for nothing.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest

from portal.core import packs
from portal.core.packs import Pack, Values
from tests.packs import QUANG_TRI

FORMER_PROVINCES = ("44", "45")  # Quảng Bình and Quảng Trị, until 30 June 2025

# What the package has and the law has not.
CON_CO_HAS_NO_COMMUNE = ("", "471")  # the package lists the island district as a ward without name and code
SPELLED_OTHERWISE = {
    "19624": "Thị Trấn Ái Tử",  # 'thị trấn' with a capital T
    "450": "Thành Phố Đồng Hới",  # 'thành phố' with a capital P
    "467": "Huyện Đa Krông",  # QĐ 124/2004/QĐ-TTg writes Đakrông
    "471": "Huyện Cồn Cỏ",  # by law an island district: Huyện đảo Cồn Cỏ
}
MIDDLE_OF_THE_DISTRICT = {"18919", "19063", "19123"}  # the point given for the commune lies 8 to 16 km away

# NQ 1281/NQ-UBTVQH15: what the list of 30 June 2025 cannot know of 2023.
MERGED_IN_2025 = {
    "19525": "19495",  # Gio Châu into Thị trấn Gio Linh
    "19531": "19496",  # Gio Việt into Thị trấn Cửa Việt
    "19549": "19537",  # Linh Hải into Gio Sơn
    "19630": "19627",  # Triệu Vân and Triệu An are Triệu Tân
    "19651": "19654",  # Triệu Lăng and Triệu Sơn are Triệu Cơ
    "19696": "19687",  # Hải Quế and Hải Ba are Hải Bình
}
RENAMED_IN_2025 = {"19627": "Xã Triệu An", "19654": "Xã Triệu Sơn", "19687": "Xã Hải Ba"}


@dataclass(frozen=True)
class Official:
    """The package's lists: names and points by code, the former district of each commune, and the mapping."""

    former: dict[str, str]
    district_of: dict[str, str]
    districts: dict[str, str]
    points: dict[str, tuple[float, float]]
    today: dict[str, str]
    became: set[tuple[str, str]]


@pytest.fixture(scope="module")
def official() -> Iterator[Official]:
    found = find_spec("vietnamadminunits")
    assert found and found.origin and version("vietnamadminunits") == "1.0.4"
    data = Path(found.origin).parent / "data"
    database = sqlite3.connect(f"file:{data / 'dataset.db'}?mode=ro", uri=True)
    former = database.execute(
        "SELECT wardCode, ward, districtCode, district, wardLat, wardLon, provinceKey, districtKey, wardKey"
        " FROM admin_units_legacy WHERE provinceCode IN (?, ?)",
        FORMER_PROVINCES,
    ).fetchall()
    today = database.execute(
        "SELECT wardCode, ward, wardKey FROM admin_units WHERE province = 'Tỉnh Quảng Trị'"
    ).fetchall()
    database.close()
    mapping = json.loads((data / "converter_2025.json").read_text(encoding="utf-8"))
    assert "tinhquangtri" not in mapping["DICT_PROVINCE_WARD_DIVIDED"]  # no commune was split
    former_code = {"_".join(keys[-3:]).replace("None", ""): code for code, *keys in map(_as_text, former)}
    code_today = {key: code for code, _, key in today}
    yield Official(
        former={row[0]: row[1] for row in former if row[0]},
        district_of={row[0] or "": row[2] for row in former},
        districts={row[2]: row[3] for row in former},
        points={row[0]: (row[4], row[5]) for row in former if row[0]},
        today={code: name for code, name, _ in today},
        became={
            (former_code[key], code_today[new])
            for new, keys in mapping["DICT_PROVINCE_WARD_NO_DIVIDED"]["tinhquangtri"].items()
            for key in keys
        },
    )


def _as_text(row: tuple[object, ...]) -> list[str]:
    return [str(cell) if cell is not None else "" for cell in row]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return packs.read({file: (QUANG_TRI / file).read_bytes() for file in packs.FILES})


def areas(pack: Pack, vintage: str, level: str) -> dict[str, Values]:
    return {
        row["code"]: row
        for row in pack.table("areas.csv")
        if (row["vintage"], row["level"]) == (vintage, level)
    }


def names(rows: dict[str, Values]) -> dict[str, str]:
    return {code: row["name"] for code, row in rows.items()}


def edges(pack: Pack, vintage: str) -> set[tuple[str, str]]:
    return {
        (row["from_code"], row["to_code"])
        for row in pack.table("successions.csv")
        if row["from_vintage"] == vintage
    }


def test_each_structure_has_as_many_areas_as_the_law_says(pack: Pack) -> None:
    counted = Counter((row["vintage"], row["level"]) for row in pack.table("areas.csv"))
    assert counted == {
        ("2023-11-10", "province"): 1,
        ("2023-11-10", "district"): 10,
        ("2023-11-10", "commune"): 125,
        ("2025-06-30", "province"): 2,
        ("2025-06-30", "district"): 18,
        ("2025-06-30", "commune"): 264,
        ("2025-07-01", "province"): 1,
        ("2025-07-01", "commune"): 78,
    }
    served = {row["area_code"] for row in pack.table("units.csv") if row["valid_until"] is None}
    assert areas(pack, "2025-07-01", "commune").keys() <= served


def test_today_has_the_same_codes_and_names(pack: Pack, official: Official) -> None:
    assert names(areas(pack, "2025-07-01", "commune")) == official.today


def test_june_2025_has_the_same_codes_names_and_districts(pack: Pack, official: Official) -> None:
    communes, districts = areas(pack, "2025-06-30", "commune"), areas(pack, "2025-06-30", "district")
    ours = names(communes)
    assert {code: SPELLED_OTHERWISE.get(code, name) for code, name in ours.items()} == official.former
    assert {
        code: SPELLED_OTHERWISE.get(code, name) for code, name in names(districts).items()
    } == official.districts
    parents = {code: row["parent_code"] for code, row in communes.items()}
    assert parents | dict([CON_CO_HAS_NO_COMMUNE]) == official.district_of


def test_every_commune_of_june_2025_became_the_same_one(pack: Pack, official: Official) -> None:
    theirs = {(former or CON_CO_HAS_NO_COMMUNE[1], today) for former, today in official.became}
    provinces = {(code, "44") for code in FORMER_PROVINCES}
    assert edges(pack, "2025-06-30") == theirs | provinces


def test_2023_differs_from_june_2025_as_the_resolution_says(pack: Pack, official: Official) -> None:
    communes, districts = areas(pack, "2023-11-10", "commune"), areas(pack, "2023-11-10", "district")
    later = {code: name for code, name in official.former.items() if official.district_of[code] in districts}
    assert communes.keys() - later.keys() == MERGED_IN_2025.keys()
    assert later.keys() <= communes.keys()
    differing = {
        code: communes[code]["name"] for code, name in later.items() if communes[code]["name"] != name
    }
    assert differing == RENAMED_IN_2025 | {"19624": "Thị trấn Ái Tử"}
    unchanged = {(code, code) for code in ("45", *districts, *later)}
    assert edges(pack, "2023-11-10") == unchanged | set(MERGED_IN_2025.items())


def test_points_are_the_same_but_for_the_three_that_are_known_to_be_wrong(
    pack: Pack, official: Official
) -> None:
    ours = {
        code: (row["latitude"], row["longitude"])
        for code, row in areas(pack, "2025-06-30", "commune").items()
    }
    assert {code for code, point in official.points.items() if ours[code] != point} == MIDDLE_OF_THE_DISTRICT
