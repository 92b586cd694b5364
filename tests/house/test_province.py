"""Another province is another folder: what the pack of Quảng Trị says stands in no code, page or script."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

from tests.packs import QUANG_TRI

ROOT = Path(__file__).parents[2]
PORTAL = ROOT / "portal"
KIND_OF_PLACE = re.compile(r"^(Tỉnh|Thành phố|Thị xã|Huyện đảo|Huyện) ")
MAY_NAME_IT = (
    PORTAL / "config.py",  # the pack that is loaded where nothing else is set
    PORTAL / "services" / "demonstration",  # which tells of that province
)


def rows(file: str) -> list[dict[str, str]]:
    with (QUANG_TRI / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def words_of_the_province() -> list[str]:
    territory = {row["key"]: row["value"] for row in rows("territory.csv")}
    areas = rows("areas.csv")
    days = {row["vintage"] for row in areas}
    return [
        territory["code"],
        territory["name"],
        territory["hotline"],
        territory["code_prefix"] + "-",
        territory["fallback_unit"],
        *(KIND_OF_PLACE.sub("", row["name"]) for row in areas if row["level"] != "commune"),
        *(day for vintage in days for day in (vintage, "/".join(reversed(vintage.split("-"))))),
        *(f"UBND_{row['code']}" for row in areas),
    ]


def sentences() -> Iterator[tuple[Path, str]]:
    """Every string of the code that is no docstring, and every template, style and script of ours."""
    for path in PORTAL.rglob("*.py"):
        if not any(path.is_relative_to(place) for place in MAY_NAME_IT):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            explained = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and id(node) not in explained:
                    yield path, str(node.value)
    ours = [*(PORTAL / "templates").rglob("*.*"), *(ROOT / "static").rglob("*.js")]
    for path in [*ours, *(ROOT / "static").rglob("*.css")]:
        yield path, path.read_text(encoding="utf-8")


def test_nothing_but_the_pack_speaks_of_its_province() -> None:
    spoken = {word: re.compile(rf"(?<!\w){re.escape(word)}") for word in words_of_the_province()}
    checked = list(sentences())
    assert len(checked) > 1000
    assert [
        (str(path), word)
        for path, text in checked
        for word, alone in spoken.items()
        if word in text and alone.search(text)
    ] == []
