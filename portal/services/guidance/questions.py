"""What the form asks about a category, because the unit in charge may depend on the answer."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from portal.models import Choice, Question, db
from portal.services.territory import Version, version


@dataclass(frozen=True)
class Answer:
    """One possible answer: its code and its words in both languages."""

    code: str
    label: str
    label_en: str


@dataclass(frozen=True)
class Asked:
    """One question with its possible answers; to know none of them is always possible."""

    code: str
    label: str
    label_en: str
    answers: tuple[Answer, ...]


def of_categories() -> Mapping[str, tuple[Asked, ...]]:
    """The questions of each category that has some, by its code."""
    return _of_categories(version())


@lru_cache(maxsize=4)
def _of_categories(_version: Version | None) -> dict[str, tuple[Asked, ...]]:
    answers: dict[tuple[str, str], list[Answer]] = defaultdict(list)
    for choice in db.session.scalars(select(Choice).order_by(Choice.position, Choice.code)):
        key = (choice.category_code, choice.question_code)
        answers[key].append(Answer(choice.code, choice.label, choice.label_en))
    asked: dict[str, list[Asked]] = defaultdict(list)
    for row in db.session.scalars(select(Question).order_by(Question.position, Question.code)):
        possible = tuple(answers[row.category_code, row.code])
        asked[row.category_code].append(Asked(row.code, row.label, row.label_en, possible))
    return {category: tuple(questions) for category, questions in asked.items()}
