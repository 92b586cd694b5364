"""Suggestions from the pack's cues, and what officers' corrections add to them."""

import pytest
from flask import Flask

from portal.models import Category, Cue, LearnedWord, db, transaction
from portal.services import territory
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


def test_a_word_that_all_corrections_share_decides_nothing(app: Flask) -> None:
    for category, word in (("khac", "zabada vơn lặc"), ("ho_ga", "quelam nhơn diếp")):
        for _ in range(4):
            learn(f"Hồng mộc {word}", category)
    assert codes("Hồng mộc") == []
    assert codes("Hồng mộc zabada vơn lặc")[:1] == ["khac"]


def test_the_cues_of_a_closed_category_speak_for_its_successor(app: Flask) -> None:
    assert codes("Hố ga mất nắp giữa kiệt")[0] == "ho_ga"
    with transaction():
        closed = db.session.get_one(Category, "ho_ga")
        closed.active, closed.successor_code = False, "thoat_nuoc"
        territory.revise()
    assert codes("Hố ga mất nắp giữa kiệt")[0] == "thoat_nuoc"


def test_a_changed_cue_counts_at_once(app: Flask) -> None:
    assert codes("Zabada quế lâm") == []
    with transaction():
        db.session.add(Cue(subject="khac", phrase="zabada quế lâm", weight=6))
        territory.revise()
    assert codes("Zabada quế lâm") == ["khac"]


def test_learning_is_undone_with_its_correction(app: Flask) -> None:
    class Interrupted(Exception):
        pass

    for _ in range(3):
        with pytest.raises(Interrupted), transaction():
            suggestions.learn("Zabada quế lâm hồng mộc", "khac")
            raise Interrupted
    assert db.session.query(LearnedWord).count() == 0
