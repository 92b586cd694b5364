"""The checklist of security: each requirement in its order, a verdict at each, no test cited that does not exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").partition("## OWASP ASVS 5.0, level 2")[2]
LINE = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (.+?) \| (.+) \|$", re.MULTILINE)
CITED = re.compile(r"`((?:\w+/)?test_\w+\.py)(?:::(test_\w+))?`")
REQUIREMENTS = {  # chapter: how many of levels 1 and 2 the standard has in each of its sections
    1: [2, 9, 11, 3, 2],
    2: [3, 3, 4, 1],
    3: [0, 2, 4, 6, 5, 0, 2],
    4: [3, 1, 2, 4],
    5: [1, 3, 2, 3],
    6: [3, 12, 4, 4, 5, 3, 0, 4],
    7: [3, 4, 2, 5, 2, 2],
    8: [2, 3, 1, 1],
    9: [3, 4],
    10: [2, 2, 4, 11, 5, 2, 3],
    11: [2, 3, 3, 4, 1, 1],
    12: [3, 2, 4],
    13: [1, 5, 2, 5],
    14: [2, 4, 3],
    15: [3, 3, 7],
    16: [1, 5, 4, 3, 3],
    17: [1, 4, 2],
}


def test_every_requirement_has_a_line_in_its_order() -> None:
    numbers = [tuple(map(int, line[0].split("."))) for line in LINE.findall(PAGE)]
    assert numbers == sorted(set(numbers))
    for chapter, sections in REQUIREMENTS.items():
        for section, wanted in enumerate(sections, start=1):
            found = [number for number in numbers if number[:2] == (chapter, section)]
            assert len(found) == wanted, f"{chapter}.{section}"
    assert len(numbers) == sum(map(sum, REQUIREMENTS.values())) == 253


def test_every_line_has_a_verdict_and_says_why() -> None:
    for number, topic, verdict, why in LINE.findall(PAGE):
        assert topic and verdict in {"met", "not applicable", "not met"}, number
        assert CITED.search(why) or len(why) > 10, number


def test_every_cited_test_exists() -> None:
    cited = CITED.findall(PAGE)
    assert len(cited) > 100
    for file, name in set(cited):
        path = ROOT / "tests" / file
        assert path.is_file(), file
        assert not name or re.search(rf"^def {name}\b", path.read_text(encoding="utf-8"), re.MULTILINE), name
