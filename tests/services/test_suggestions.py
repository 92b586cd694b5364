"""Suggestions from the pack's cues, and what officers' corrections add to them."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from portal.core.workflow import Step
from portal.models import Category, Cue, LearnedWord, Lesson, Report, db, transaction
from portal.services import territory
from portal.services.guidance import suggestions
from portal.services.privacy import erasure
from tests.factories import send_report, step


def codes(text: str) -> list[str]:
    return [one.subject for one in suggestions.suggest(text)]


def learned(category: str, phrase: str) -> int:
    kept = db.session.get(LearnedWord, (category, phrase))
    return kept.times if kept else 0


def closed(report: Report) -> Report:
    step(report, Step.RECEIVE)
    return step(report, Step.RESOLVE, "Đã xem tại chỗ")


def learn(text: str, category: str) -> Report:
    """A report that says this is put into that category."""
    report = send_report(description=text)
    with transaction():
        suggestions.learn(report, category)
    return report


def test_corrections_teach_and_no_single_one_decides(app: Flask) -> None:
    unheard = "Zabada quế lâm hồng mộc trổ tía"
    assert codes(unheard) == []
    learn(unheard, "khac")
    assert codes(unheard) == [], "one correction proves nothing"
    taught = [learn(unheard, "khac") for _ in range(4)]
    assert codes(unheard) == ["khac"]
    with transaction():
        suggestions.learn(taught[0], "ho_ga")
        suggestions.learn(taught[0], "ho_ga")
    assert learned("ho_ga", "zabada") == 1, "each report counts once, where it was put last"
    for report in taught[:3]:
        with transaction():
            suggestions.forget(report.id)
            suggestions.forget(report.id)
    assert (learned("khac", "zabada"), learned("ho_ga", "zabada")) == (2, 0)
    erasure.erase(closed(taught[3]), because="request", now=datetime.now(UTC))
    assert codes(unheard) == [] and learned("khac", "zabada") == 1


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

    report = send_report(description="Zabada quế lâm hồng mộc")
    for _ in range(3):
        with pytest.raises(Interrupted), transaction():
            suggestions.learn(report, "khac")
            raise Interrupted
    assert db.session.query(LearnedWord).count() == db.session.query(Lesson).count() == 0
