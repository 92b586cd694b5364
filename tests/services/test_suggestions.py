"""Suggestions from the pack's cues, and what officers' corrections add to them."""

from flask import Flask

from portal.models import transaction
from portal.services.guidance import suggestions


def codes(text: str) -> list[str]:
    return [one.subject for one in suggestions.suggest(text)]


def learn(text: str, category: str) -> None:
    with transaction():
        suggestions.learn(text, category)


def test_corrections_teach_and_no_single_one_decides(app: Flask) -> None:
    unheard = "Zabada quế lâm hồng mộc trổ tía"
    assert codes(unheard) == []
    learn(unheard, "khac")
    assert codes(unheard) == [], "one correction proves nothing"
    for _ in range(4):
        learn(unheard, "khac")
    assert codes(unheard) == ["khac"]
