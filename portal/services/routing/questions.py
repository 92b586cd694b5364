"""What the form asks about a category, with the answers that may be given."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from portal.models import Choice, Question, db


@dataclass(frozen=True)
class Asked:
    """A question in both languages; `choices`: code → (Vietnamese, English), in the order of the form."""

    code: str
    label: str
    label_en: str
    choices: Mapping[str, tuple[str, str]]


Questions = Mapping[str, Mapping[str, Asked]]


def read() -> Questions:
    """Every question by category and code, in the order of the form."""
    choices: dict[tuple[str, str], dict[str, tuple[str, str]]] = defaultdict(dict)
    for choice in db.session.scalars(select(Choice).order_by(Choice.position, Choice.code)):
        choices[choice.category_code, choice.question_code][choice.code] = choice.label, choice.label_en
    asked: dict[str, dict[str, Asked]] = defaultdict(dict)
    for row in db.session.scalars(select(Question).order_by(Question.position, Question.code)):
        answers = choices[row.category_code, row.code]
        asked[row.category_code][row.code] = Asked(row.code, row.label, row.label_en, answers)
    return dict(asked)
