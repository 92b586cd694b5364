"""Routing rules and their test cases: what they speak of exists, and no two rules speak of the same cases."""

from collections import defaultdict
from collections.abc import Iterator

from portal.core import routing
from portal.core.contradictions import areas, periods
from portal.core.deadlines import day_of
from portal.core.packs import Pack, Problem
from portal.core.routing import PLACEHOLDERS, Rule, conditions
from portal.core.routing.conditions import FIXED, BadConditions, Conditions

Questions = dict[str | None, dict[str, set[str]]]


def check(pack: Pack) -> Iterator[Problem]:
    """What contradicts in routing.csv and cases.csv, each row by itself."""
    yield from _rules(pack)
    yield from _cases(pack)
    for line, row in pack.rows["questions.csv"].items():
        if row["code"] in FIXED:
            yield Problem("questions.csv", line, "code", f"{row['code']} is known without a question")


def _rules(pack: Pack) -> Iterator[Problem]:
    asked = _questions(pack)
    known, units = areas.by_key(pack), periods.by_code(pack, "units.csv")
    categories = {row["code"] for row in pack.table("categories.csv")}
    for line, row in pack.rows["routing.csv"].items():
        if row["category_code"] and row["category_code"] not in categories:
            yield Problem("routing.csv", line, "category_code", f"no category {row['category_code']}")
        area = known.get((row["area_vintage"], row["area_code"]))
        if (row["area_code"] or row["area_vintage"]) and area is None:
            reason = f"no area {row['area_code']} in {row['area_vintage']}"
            yield Problem("routing.csv", line, "area_code", reason)
        elif area and not periods.covers([area], row):
            yield Problem("routing.csv", line, "valid_until", f"the rule outlives {area['name']}")
        for column in ("lead", "cooperating"):
            for code in row[column].split():
                if code not in PLACEHOLDERS and not periods.covers(units[code], row):
                    yield Problem("routing.csv", line, column, f"no unit {code} on every day of the rule")
        yield from _known("routing.csv", line, "conditions", conditions.parse(row["conditions"]), asked, row)


def _cases(pack: Pack) -> Iterator[Problem]:
    known, units, asked = areas.by_key(pack), periods.by_code(pack, "units.csv"), _questions(pack)
    categories = {row["code"] for row in pack.table("categories.csv")}
    for line, row in pack.rows["cases.csv"].items():
        day, area = day_of(row["at"]), known.get((row["area_vintage"], row["area_code"]))
        if row["category_code"] not in categories:
            yield Problem("cases.csv", line, "category_code", f"no category {row['category_code']}")
        if area is None:
            reason = f"no area {row['area_code']} in {row['area_vintage']}"
            yield Problem("cases.csv", line, "area_code", reason)
        elif not periods.on([area], day):
            yield Problem("cases.csv", line, "at", f"{area['name']} is not there on {day}")
        for column in ("lead", "cooperating"):
            for code in row[column].split():
                if code not in PLACEHOLDERS and not periods.on(units[code], day):
                    yield Problem("cases.csv", line, column, f"no unit {code} on {day}")
        yield from _known("cases.csv", line, "facts", conditions.parse(row["facts"]), asked, row)


def _known(
    file: str, line: int, column: str, named: Conditions, asked: Questions, row: dict[str, str]
) -> Iterator[Problem]:
    try:
        conditions.check(named, asked[row["category_code"]])
    except BadConditions as error:
        yield Problem(file, line, column, str(error))


def _questions(pack: Pack) -> Questions:
    """The choices of each question of each category."""
    asked: Questions = defaultdict(lambda: defaultdict(set))
    for row in pack.table("choices.csv"):
        asked[row["category_code"]][row["question_code"]].add(row["code"])
    return asked


def ties(pack: Pack) -> Iterator[Problem]:
    """Rules that speak of the same cases on the same days; each rule must be sound by itself."""
    known = areas.by_key(pack)
    for earlier, later in routing.ties(
        Rule(
            id=line,
            lead=row["lead"],
            category=row["category_code"],
            area=row["area_code"],
            area_level=row["area_code"] and known[row["area_vintage"], row["area_code"]]["level"],
            valid_from=row["valid_from"],
            valid_until=row["valid_until"],
            conditions=conditions.parse(row["conditions"]),
        )
        for line, row in pack.rows["routing.csv"].items()
    ):
        reason = f"speaks of the same cases on the same days as line {earlier.id}"
        yield Problem("routing.csv", later.id, "valid_from", reason)
