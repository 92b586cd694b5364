"""What is a text about? Cues found in it speak for subjects, and say so in the writer's own words.

A cue is a phrase with a weight, written as it is spelled: 'đèn đường'. A text without marks meets it without marks;
in a text with marks 'báo' is not 'bão'. Hỏi and ngã count as one tone, as they sound in Quảng Trị. 'đèn & tắt' asks
for both within a dozen words. Where cues overlap, the longer one is meant: 'đèn giao thông' leaves nothing for
'cột đèn'. A cue of the subject NOTHING speaks for nobody and only keeps shorter ones from its words.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, pairwise, product
from math import log

NOTHING = "nothing"
ENOUGH = 3.0  # the least weight that is worth a suggestion
LEAST = 0.5  # beside a likelier one
MOST_SUGGESTIONS = 3
MOST_WORDS_SHOWN = 4
WINDOW = 12
AROUND = 4  # words on either side that show whether somebody writes with marks
BARE_SHARE = 0.2
ALONE_WITHOUT_MARKS = 0.75  # 'bao' may be bão, báo or bao
TOGETHER = 1.7  # two doubtful words near each other are less doubtful
COMMON_WITHOUT_MARKS = 0.2  # and 'nam' is mostly năm
SHORT_FORMS = {
    "dg": "đường",
    "đg": "đường",
    "nc": "nước",
    "nác": "nước",
    "nac": "nước",
    "ko": "không",
    "k": "không",
    "kh": "không",
    "kg": "không",
    "hok": "không",
    "hông": "không",
    "khong": "không",
    "nỏ": "không",
    "ng": "người",
    "ngta": "người ta",
    "đc": "được",
    "dc": "được",
    "vs": "với",
    "vsinh": "vệ sinh",
    "cx": "cũng",
    "trc": "trước",
    "bvệ": "bảo vệ",
    "đt": "điện thoại",
    "hsinh": "học sinh",
    "gt": "giao thông",
    "xd": "xây dựng",
    "đhiệu": "đèn tín hiệu",
    "cs": "chiếu sáng",
}
OPENING, OPENING_WORDS = 1.5, 6  # the matter comes first
BACKGROUND = 0.6  # of a cue behind a word of WHERE
_WHERE = "tren truoc gan canh sat sau o tai ben duoi ngoai quanh giua trong"
WHERE = frozenset(_WHERE.split())

LEARNED_FROM = 2  # corrections before a word counts
LEARNED_SMOOTHING = 2.0
LEARNED_MOST = 4.0
LEARNED_PER_TIME = 0.8
MOST_LEARNED_PHRASES = 80

_COMMON = """
    a ai anh ba bac ban bao bat bay ben bi bo bon buoi ca cac cach can cao cap chi cho chua chung chut co con cu
    cua cung da dan day de di do doan doi dong du duoc duong em gan gi gia gio giup giua hai ho hom huyen khi
    khoang khong khu kiet la lai lam lau len lien luc ma may mo moi mong mot nam nao nay ngay nghi ngo ngoai nguoi
    nha nhan nhieu nhin nho nhu nhung ni no nua o ong phai phia phuong qua quan quanh ra rang rat roi rua sang sao
    sau so ta tai tao thang thanh thay the thi thoi thon thoi tinh to toi tren troi trong truoc tu tuan tuc tui va
    van vao ve vi viec voi vua xa xin xom xuong"""
COMMON = frozenset(_COMMON.split())
_WORD = re.compile(r"[^\W_]+")
_WORD_OR_STOP = re.compile(r"[^\W_]+|[.,;:!?…()\n]")  # no cue reaches over a stop
_DRAWN_OUT = re.compile(r"(.)\1{2,}$")
_MARKS = re.compile("[\u0300-\u036f]")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_HOOK, _TILDE = "\u0309", "\u0303"


@dataclass(frozen=True)
class Cue:
    """A phrase that speaks for a subject by so much."""

    subject: str
    phrase: str
    weight: int


@dataclass(frozen=True)
class Evidence:
    """How much speaks for a subject, and which words of the text do."""

    subject: str
    weight: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Word:
    """A word by its bare letters, its letters (ă, đ, ơ …) and its tone."""

    bare: str
    letters: str
    tone: str

    @property
    def has_marks(self) -> bool:
        return bool(self.tone) or self.letters != self.bare

    def means(self, other: "Word", *, loosely: bool) -> bool:
        """Is this typed word, of the same bare letters, that spelled one? Loosely: marks may be missing."""
        if self.tone != other.tone and not (loosely and not self.tone):
            return False
        if self.letters == other.letters:
            return True
        if not (loosely or self.tone) or len(self.letters) != len(other.letters):
            return False
        pairs = zip(self.letters, other.letters, other.bare, strict=True)
        return all(mine in (theirs, bare) for mine, theirs, bare in pairs)


@dataclass(eq=False)
class Phrase:
    """Words in a row, and what they speak for."""

    words: tuple[Word, ...]
    weights: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """What the words from `start` to before `end` may mean: several phrases where marks are missing, each less sure."""

    phrases: tuple[Phrase, ...]
    start: int
    end: int
    surety: float

    @property
    def weights(self) -> Counter[str]:
        return sum((Counter(phrase.weights) for phrase in self.phrases), Counter())

    @property
    def heaviest(self) -> float:
        return self.surety * max(self.weights.values(), default=0)


@dataclass(frozen=True)
class Reading:
    """A text cut into words: as typed, and as compared; `bare`: is it written without marks there?"""

    typed: tuple[str, ...]
    words: tuple[Word, ...]
    bare: tuple[bool, ...]

    def said(self, found: Found) -> str:
        return " ".join(filter(None, self.typed[found.start : found.end]))


def read(text: str) -> Reading:
    """Cut a text into words; what people shorten ('ko', 'dg') is read as the whole word."""
    typed: list[str] = []
    words: list[Word] = []
    for match in _WORD_OR_STOP.finditer(unicodedata.normalize("NFC", text)):
        lowered = _DRAWN_OUT.sub(r"\1", match[0].lower())
        parts = SHORT_FORMS.get(lowered, lowered).split() or [""]  # the end of a line stops too
        typed += [match[0], *("" for _ in parts[1:])]
        words += map(_word, parts)
    marked = list(accumulate((word.has_marks for word in words), initial=0))
    around = [(max(0, place - AROUND), min(len(words), place + AROUND + 1)) for place in range(len(words))]
    bare = tuple(marked[end] - marked[start] < BARE_SHARE * (end - start) for start, end in around)
    return Reading(tuple(typed), tuple(words), bare)


class Lexicon:
    """Cues, ready to be looked for in texts."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        self._phrases: dict[str, list[Phrase]] = defaultdict(list)
        self._lengths: dict[str, set[int]] = defaultdict(set)
        self._together: dict[tuple[Phrase, ...], dict[str, int]] = defaultdict(dict)
        self._groups: dict[Phrase, set[tuple[Phrase, ...]]] = defaultdict(set)
        for cue in cues:
            parts = tuple(self._phrase(part) for part in cue.phrase.split(" & "))
            weights = self._together[parts] if len(parts) > 1 else parts[0].weights
            self._groups[parts[0]].add(parts) if len(parts) > 1 else None
            weights[cue.subject] = max(cue.weight, weights.get(cue.subject, 0))

    def weigh(self, reading: Reading) -> list[Evidence]:
        """What speaks for each subject, the strongest first, and at equal strength the one named first.

        Words that speak for a subject twice, alone and together with others, count the second time for nothing.
        """
        weights: dict[str, float] = defaultdict(float)
        places: dict[str, set[Found]] = defaultdict(set)
        for weight, subject, where in sorted(self._speaking(self._found(reading)), key=lambda one: -one[0]):
            fresh = [place for place in where if place not in places[subject]]
            weights[subject] += weight * len(fresh) / len(where)
            places[subject].update(fresh)
        weights.pop(NOTHING, None)
        evidence = [Evidence(one, weight, _said(reading, places[one])) for one, weight in weights.items()]
        return sorted(
            evidence, key=lambda one: (-one.weight, min(place.start for place in places[one.subject]))
        )

    def _phrase(self, spelled: str) -> Phrase:
        words = tuple(_word(part) for part in _WORD.findall(unicodedata.normalize("NFC", spelled.lower())))
        alike = self._phrases[" ".join(word.bare for word in words)]
        for phrase in alike:
            if phrase.words == words:
                return phrase
        alike.append(Phrase(words))
        self._lengths[words[0].bare].add(len(words))
        return alike[-1]

    def _found(self, reading: Reading) -> list[Found]:
        """The phrases that stand in the text, of overlapping ones the longest, in the order of the text."""
        everywhere = sorted(
            self._everywhere(reading),
            key=lambda found: (found.start - found.end, -found.heaviest),
        )
        taken: set[int] = set()
        kept = []
        for found in everywhere:
            span = range(found.start, found.end)
            if taken.isdisjoint(span):
                taken.update(span)
                kept.append(found)
        return sorted(kept, key=lambda found: found.start)

    def _everywhere(self, reading: Reading) -> Iterator[Found]:
        words = [word.bare for word in reading.words]
        for start, first in enumerate(words):
            for end in (start + length for length in self._lengths.get(first, ())):
                if end > len(words):
                    continue
                alike = self._phrases.get(" ".join(words[start:end]), ())
                typed, bare = reading.words[start:end], reading.bare[start]
                meant = tuple(phrase for phrase in alike if _stands(phrase.words, typed, bare))
                if meant:
                    emphasis = _emphasis(start, words[start - 1] if start else "")
                    yield Found(meant, start, end, emphasis * _surety(meant[0], typed) / len(meant))

    def _speaking(self, found: Sequence[Found]) -> Iterator[tuple[float, str, tuple[Found, ...]]]:
        """Each phrase once, and each group of phrases that stand near each other: weight, subject, places."""
        places: dict[Phrase, list[Found]] = defaultdict(list)
        for one in found:
            for phrase in one.phrases:
                places[phrase].append(one)
        for one in {one.phrases: one for one in reversed(found)}.values():
            for subject, weight in one.weights.items():
                yield one.surety * weight, subject, (one,)
        for group in {group for phrase in places for group in self._groups.get(phrase, ())}:
            near = self._near(group, places)
            if near:
                surety = min(1.0, TOGETHER * min(one.surety for one in near))
                for subject, weight in self._together[group].items():
                    yield surety * weight, subject, near

    def _near(
        self, group: tuple[Phrase, ...], places: Mapping[Phrase, list[Found]]
    ) -> tuple[Found, ...] | None:
        candidates = product(*(places.get(phrase, ()) for phrase in group))
        return next(filter(_are_near, candidates), None)


class Learned:
    """What corrections taught: how often each folded phrase stood in reports that were put into a category."""

    def __init__(self, times: Iterable[tuple[str, str, int]] = ()) -> None:
        self._times: dict[str, dict[str, int]] = defaultdict(dict)
        for category, phrase, count in times:
            if count >= LEARNED_FROM:
                self._times[phrase][category] = count

    def weigh(self, reading: Reading) -> Iterator[Evidence]:
        """A bounded word in the matter for each category: smoothed log-odds against all the others.

        However many words agree, each correction adds at most LEARNED_PER_TIME, all together LEARNED_MOST.
        """
        odds: dict[str, float] = defaultdict(float)
        seen: dict[str, int] = defaultdict(int)
        words: dict[str, list[str]] = defaultdict(list)
        for phrase, said in _phrases_of(reading).items():
            counts = self._times.get(phrase, {})
            for category, count in counts.items():
                others = sum(counts.values()) - count
                odds[category] += log((count + LEARNED_SMOOTHING) / (others + LEARNED_SMOOTHING))
                seen[category] = max(seen[category], count)
                words[category].append(said)
        for category, summed in odds.items():
            bound = min(LEARNED_MOST, LEARNED_PER_TIME * seen[category])
            if summed > 0:
                yield Evidence(category, min(summed, bound), tuple(words[category][-1:]))


def phrases_to_learn(text: str) -> list[str]:
    """The folded words and pairs of words of a corrected report, at most MOST_LEARNED_PHRASES."""
    return sorted(list(_phrases_of(read(text)))[:MOST_LEARNED_PHRASES])


def suggest(text: str, lexicon: Lexicon, learned: Learned) -> list[Evidence]:
    """Up to three subjects that the text may be about, the likeliest first; none where too little speaks for any."""
    reading = read(text)
    together = {one.subject: one for one in lexicon.weigh(reading)}
    for more in learned.weigh(reading):
        known = together.get(more.subject, Evidence(more.subject, 0.0, ()))
        words = tuple(dict.fromkeys((*known.words, *more.words)))
        together[more.subject] = Evidence(more.subject, known.weight + more.weight, words)
    ranked = sorted(together.values(), key=lambda one: -one.weight)
    if not ranked or ranked[0].weight < ENOUGH:
        return []
    return [
        Evidence(one.subject, one.weight, one.words[:MOST_WORDS_SHOWN])
        for one in ranked[:MOST_SUGGESTIONS]
        if one.weight >= LEAST
    ]


@lru_cache(maxsize=20_000)
def _word(lowered: str) -> Word:
    spread = unicodedata.normalize("NFD", lowered)
    tone = "".join(_TONES.findall(spread)).replace(_TILDE, _HOOK)
    letters = unicodedata.normalize("NFC", _TONES.sub("", spread))
    return Word(_MARKS.sub("", spread).replace("đ", "d"), letters, tone)


def _stands(spelled: Sequence[Word], typed: Sequence[Word], bare: bool) -> bool:
    """Does what was typed mean the cue? Among marked words one without marks needs a neighbour that is sure."""
    if bare:
        return all(mine.means(theirs, loosely=True) for mine, theirs in zip(typed, spelled, strict=True))
    sure = doubtful = False
    for mine, theirs in zip(typed, spelled, strict=True):
        if mine.means(theirs, loosely=False):
            sure |= theirs.has_marks
        elif mine.has_marks:
            return False
        else:
            doubtful = True
    return sure or not doubtful


def _surety(meant: Phrase, typed: Sequence[Word]) -> float:
    """How sure it is that this phrase is meant: a single word whose marks are missing may be another one."""
    if len(typed) > 1 or typed[0].has_marks or not meant.words[0].has_marks:
        return 1.0
    return COMMON_WITHOUT_MARKS if typed[0].bare in COMMON else ALONE_WITHOUT_MARKS


def _emphasis(start: int, before: str) -> float:
    """The matter comes first; what stands behind 'trước' or 'gần' only says where it is."""
    return (OPENING if start < OPENING_WORDS else 1.0) * (BACKGROUND if before in WHERE else 1.0)


def _are_near(places: tuple[Found, ...]) -> bool:
    starts = [place.start for place in places]
    return max(starts) - min(starts) <= WINDOW


def _said(reading: Reading, places: set[Found]) -> tuple[str, ...]:
    """The words as the writer typed them, in the order of the text, each once."""
    ordered = sorted(places, key=lambda place: place.start)
    return tuple({said.lower(): said for said in map(reading.said, ordered)}.values())


def _phrases_of(reading: Reading) -> dict[str, str]:
    """Folded words and pairs of words of a text that are not common to all reports, with how they were typed."""
    words = [(word.bare, said) for word, said in zip(reading.words, reading.typed, strict=True)]
    singles = {bare: said for bare, said in words if bare not in COMMON and bare.isalpha()}
    pairs = {
        f"{one} {other}": f"{said} {said_next}"
        for (one, said), (other, said_next) in pairwise(words)
        if (one in singles or other in singles) and one.isalpha() and other.isalpha()
    }
    return pairs | singles
