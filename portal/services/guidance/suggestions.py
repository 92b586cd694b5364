"""What is a text about, and which door does it belong to? By the cues of the pack and what corrections taught."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import delete, select, text, update

from portal.core.guidance import suggestion, triage
from portal.core.guidance.suggestion import LEARNED_FROM, NOTHING, Cue, Evidence, Learned, Lexicon
from portal.core.guidance.triage import Triage
from portal.models import Category, LearnedWord, Lesson, Report, db
from portal.models import Cue as CueRow
from portal.services.territory import Version, version

CHANGES = ""  # the phrase under which it is counted how often a category's lessons have changed
COUNT_ONE_MORE = text(
    "INSERT INTO learned_word (category_code, phrase, times) VALUES (:category, :phrase, 1)"
    " ON CONFLICT (category_code, phrase) DO UPDATE SET times = learned_word.times + 1"
)


def suggest(description: str) -> list[Evidence]:
    """Up to three categories (`subject` is the code) with the writer's words that speak for them, or none.

    Also such as residents cannot choose, but staff can.
    """
    return suggestion.suggest(description, _lexicons(version()).categories, _learned())


def examine(description: str) -> Triage:
    """Does another door decide this by law, and is somebody in danger?"""
    return triage.triage(description, _lexicons(version()).triage)


def learn(report: Report, category_code: str) -> None:
    """An officer put the report into this category: its words count for that one, and for no earlier one any more.

    Joins the correction's transaction.
    """
    earlier = db.session.get(Lesson, report.id)
    _count_change({category_code} | ({earlier.category_code} if earlier else set()))
    if earlier:
        _take_back(earlier)
    phrases = suggestion.phrases_to_learn(report.description)
    db.session.add(Lesson(report_id=report.id, category_code=category_code, phrases=phrases))
    if phrases:
        counted = [{"category": category_code, "phrase": phrase} for phrase in phrases]
        db.session.execute(COUNT_ONE_MORE, counted)


def forget(report_id: int) -> None:
    """Take back what a report taught, so that no word stays that it alone has said; inside somebody's transaction."""
    lesson = db.session.get(Lesson, report_id)
    if lesson:
        _count_change({lesson.category_code})
        _take_back(lesson)


def _count_change(categories: set[str]) -> None:
    """Who counts first is alone with the words of these categories until the transaction ends."""
    counted = [{"category": category, "phrase": CHANGES} for category in sorted(categories)]
    db.session.execute(COUNT_ONE_MORE, counted)


def _take_back(lesson: Lesson) -> None:
    taught = LearnedWord.category_code == lesson.category_code, LearnedWord.phrase.in_(lesson.phrases)
    db.session.execute(delete(LearnedWord).where(*taught, LearnedWord.times == 1))
    db.session.execute(update(LearnedWord).where(*taught).values(times=LearnedWord.times - 1))
    db.session.delete(lesson)
    db.session.flush()


@dataclass(frozen=True)
class _Lexicons:
    """The pack's cues apart: those for categories in use, and those for triage."""

    categories: Lexicon
    triage: Lexicon
    codes: tuple[str, ...]


@lru_cache(maxsize=4)
def _lexicons(_version: Version | None) -> _Lexicons:
    rows = db.session.execute(select(CueRow.subject, CueRow.phrase, CueRow.weight))
    return _put_together(tuple(rows), frozenset(_heirs().items()))


@lru_cache(maxsize=4)
def _put_together(
    rows: tuple[tuple[str, str, int], ...], successions: frozenset[tuple[str, str]]
) -> _Lexicons:
    """Takes a fifth of a second for five thousand cues, which few changes of the directory touch."""
    cues = [Cue(*row) for row in rows]
    heirs = {NOTHING: NOTHING} | dict(successions)
    return _Lexicons(
        Lexicon(Cue(heirs[cue.subject], cue.phrase, cue.weight) for cue in cues if cue.subject in heirs),
        Lexicon(cue for cue in cues if cue.subject in triage.SUBJECTS or cue.subject == NOTHING),
        tuple(sorted(set(heirs.values()) - {NOTHING})),
    )


def _heirs() -> dict[str, str]:
    """Code of each category → its own, or that of the one that took its place."""
    successors = {category.code: category.successor_code for category in db.session.scalars(select(Category))}
    heirs = {}
    for code in successors:
        heir, passed = code, {code}
        while (successor := successors[heir]) in successors.keys() - passed:
            heir = str(successor)
            passed.add(heir)
        heirs[code] = heir
    return heirs


def _learned() -> Learned:
    """What corrections taught, read again as soon as a lesson was added or taken back."""
    loaded = version()
    changes = select(LearnedWord.category_code, LearnedWord.times).where(
        LearnedWord.category_code.in_(_lexicons(loaded).codes), LearnedWord.phrase == CHANGES
    )
    return _learned_so_far(loaded, frozenset((code, times) for code, times in db.session.execute(changes)))


@lru_cache(maxsize=1)  # words that were taken back are not remembered
def _learned_so_far(_version: Version | None, _changes: frozenset[tuple[str, int]]) -> Learned:
    words = select(LearnedWord.category_code, LearnedWord.phrase, LearnedWord.times).where(
        LearnedWord.category_code.in_(_lexicons(_version).codes),
        LearnedWord.phrase != CHANGES,
        LearnedWord.times >= LEARNED_FROM,
    )
    return Learned((code, phrase, times) for code, phrase, times in db.session.execute(words))
