"""Categories from words: on sentences as people write them, with and without marks, and on each rule by itself."""

import csv
import time
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest

from portal.core.guidance.suggestion import NOTHING, Cue, Learned, Lexicon, phrases_to_learn, read, suggest
from portal.core.text import fold

ROOT = Path(__file__).parents[2]
PACK = ROOT / "portal" / "data" / "quang_tri"
SENTENCES = Path(__file__).with_name("sentences.csv")
SAMPLE = ROOT.parent / "shared" / "data" / "sample_reports.csv"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    categories = {row["code"] for row in rows(PACK / "categories.csv")} | {NOTHING}
    cues = [Cue(row["subject"], row["phrase"], int(row["weight"])) for row in rows(PACK / "words.csv")]
    return Lexicon(cue for cue in cues if cue.subject in categories)


def few(*cues: tuple[str, str, int]) -> Lexicon:
    return Lexicon(Cue(*cue) for cue in cues)


def first(text: str, lexicon: Lexicon) -> str | None:
    found = suggest(text, lexicon, Learned())
    return found[0].subject if found else None


def shares(texts: Iterable[tuple[str, str]], lexicon: Lexicon) -> tuple[int, int, int]:
    """How many texts there are, how many got their category first, how many among the three."""
    ranked = [
        (category, [one.subject for one in suggest(text, lexicon, Learned())]) for category, text in texts
    ]
    return (
        len(ranked),
        sum(found[:1] == [category] for category, found in ranked),
        sum(category in found for category, found in ranked),
    )


def test_how_people_write(lexicon: Lexicon) -> None:
    texts = [(row["category"], row["text"]) for row in rows(SENTENCES)]
    assert {category for category, _ in texts} == {row["code"] for row in rows(PACK / "categories.csv")}
    total, top, among = shares(texts, lexicon)
    assert total >= 370 and top >= 0.96 * total and among >= 0.98 * total


def test_the_same_without_any_marks(lexicon: Lexicon) -> None:
    total, top, among = shares(((row["category"], fold(row["text"])) for row in rows(SENTENCES)), lexicon)
    assert top >= 0.88 * total and among >= 0.94 * total


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample reports lie outside the project")
def test_the_sample_reports(lexicon: Lexicon) -> None:
    total, top, among = shares(((row["category"], row["text"]) for row in rows(SAMPLE)), lexicon)
    assert (total, among) == (40, 40) and top >= 36


def test_a_suggestion_shows_the_writers_own_words(lexicon: Lexicon) -> None:
    (suggested, *_) = suggest("ĐÈN ĐƯỜNG kiệt 3 tắt rồiii, tối thui", lexicon, Learned())
    assert suggested.subject == "den_duong"
    assert suggested.words == ("ĐÈN ĐƯỜNG", "tắt", "tối thui")


def test_weak_evidence_suggests_nothing(lexicon: Lexicon) -> None:
    for text in (
        "",
        "   ",
        "xin chào",
        "Nhờ phường xem giúp việc này với",
        "😭🌊",
        "a" * 2000,
        "\u0000\u200b",
    ):
        assert suggest(text, lexicon, Learned()) == [], text


def test_marks_tell_words_apart() -> None:
    lexicon = few(("storm", "bão", 4), ("flood", "lũ", 4), ("pothole", "ổ gà", 4), ("signal", "đèn đỏ", 4))
    for typed in ("bão lớn quá", "lũ đang lên", "đường nhiều ổ gà", "cái đèn đỏ bị hư"):
        assert first(typed, lexicon), typed
        assert typed.startswith("bão") or first(fold(typed), lexicon), "bao is mostly another word"
        assert first(unicodedata.normalize("NFD", typed), lexicon), "composed or not"
    for typed in ("đọc báo thấy hay", "cái lu đựng nước bị bể", "ô ga của xe bị vỡ", "đến đó thấy lạ"):
        assert first(typed, lexicon) is None, typed


def test_hoi_and_nga_sound_alike_and_slips_are_forgiven() -> None:
    lexicon = few(("road", "đường hỏng", 4), ("tree", "cây gãy", 4))
    for typed in (
        "đường hõng nặng",
        "đừơng hỏng rồi",
        "cái cây gảy ngang",
        "đuờng hỏng quá",
        "den do, duong hong",
    ):
        assert first(typed, lexicon), typed


def test_the_longer_cue_is_meant_and_no_cue_reaches_over_a_stop() -> None:
    lexicon = few(("lamp", "cột đèn", 5), ("signal", "đèn giao thông", 4), ("water", "hết nước", 5))
    assert first("cột đèn giao thông hỏng", lexicon) == "signal"
    assert first("cột đèn hỏng", lexicon) == "lamp"
    assert first("vỡ hết, nước đen chảy ra", lexicon) is None
    shielded = few(("fire", "cháy", 4), (NOTHING, "cháy bóng", 1))
    assert first("đèn cháy bóng", shielded) is None


def test_words_together_within_a_dozen() -> None:
    lexicon = few(("lamp", "đèn & tắt", 4))
    assert first("đèn ở kiệt nhà tôi bữa ni tắt mô rồi", lexicon) == "lamp"
    assert first("tắt rồi cái đèn", lexicon) == "lamp"
    assert first(f"đèn {'rất ' * 20} tắt", lexicon) is None


def test_corrections_shift_but_do_not_overturn() -> None:
    lexicon = few(("lamp", "đèn đường", 6), ("road", "đường hỏng", 4))
    text = "Bảng led quảng cáo nhấp nháy"
    taught = [("sign", phrase, 5) for phrase in phrases_to_learn(text)]
    assert first(text, lexicon) is None
    assert [one.subject for one in suggest(text, lexicon, Learned(taught))] == ["sign"]
    once = Learned(("sign", phrase, 1) for phrase in phrases_to_learn(text))
    assert suggest(text, lexicon, once) == []
    against = Learned(("sign", phrase, 50) for phrase in phrases_to_learn("đèn đường cháy hỏng quảng cáo"))
    assert suggest("đèn đường hỏng", lexicon, against)[0].subject == "lamp", (
        "the cue is heavier than any habit"
    )


def test_common_words_and_numbers_are_not_learned() -> None:
    assert phrases_to_learn("Ở đây có nhiều người đi qua, lúc 7h ngày 12") == []
    assert "quang cao" in phrases_to_learn("Bảng quảng cáo")


def test_one_text_takes_a_millisecond_at_most(lexicon: Lexicon) -> None:
    texts = [row["text"] for row in rows(SENTENCES)]
    best = min(_seconds(texts, lexicon) for _ in range(3))
    assert best / len(texts) < 0.001


def _seconds(texts: list[str], lexicon: Lexicon) -> float:
    before = time.process_time()
    for text in texts:
        suggest(text, lexicon, Learned())
    return time.process_time() - before


def test_a_reading_keeps_what_was_typed() -> None:
    reading = read("Ko có nc, dg lầy")
    assert [word.bare for word in reading.words if word.bare != ","] == [
        "khong",
        "co",
        "nuoc",
        "duong",
        "lay",
    ]
    assert "nc" in reading.typed


def test_signs_that_no_language_has_break_nothing(lexicon: Lexicon) -> None:
    piled = "".join(f"{char}\u0334\u0353\u0321" for char in "den duong tat roi")
    for typed in (piled, "ĐÈ\u0334N đường", "đ\u0323ường \u0302\u0301 hỏng", "한국어 テスト ﬃ", "ĐÈN" * 600):
        assert isinstance(suggest(typed, lexicon, Learned()), list), typed
