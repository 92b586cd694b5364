"""What happened to each report of the demonstration: texts from tables, moments and turns by chance."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from portal.core import text
from portal.core.deadlines import VIETNAM, day_of
from portal.core.workflow import Actor, Channel, Reason, Step

TABLES = Path(__file__).parents[2] / "data" / "demonstration"
REFORM = datetime(2025, 7, 1, tzinfo=VIETNAM)
LAST_SENT_BEFORE = datetime(2025, 6, 17, tzinfo=VIETNAM)  # so that the old districts close all that is theirs
DAYS = 548
DENSE_DAYS = 60
FIRST_DAYS = 30
JUST_SENT = 3
ONE_DAY = 24 * 60
SETTINGS = {  # of a text: the places it can be written at
    "any": {"town", "rural", "coast", "hills"},
    "town": {"town"},
    "rural": {"rural", "coast", "hills"},
    "coast": {"coast"},
    "hills": {"hills"},
}
FORWARDED = {  # how often a unit sends a report on, where to, and what it writes
    "duong_hong": (0.4, "SXD", "Đoạn này thuộc tuyến đường tỉnh do Sở Xây dựng quản lý, kính chuyển xử lý."),
    "o_nhiem": (
        0.4,
        "SNNMT",
        "Cơ sở có giấy phép môi trường cấp tỉnh, kính chuyển kiểm tra theo thẩm quyền.",
    ),
    "vien_thong": (0.4, "VNPT", "Tuyến cáp có thẻ của VNPT, đề nghị đơn vị xử lý."),
    "khac": (0.9, "IOC", "Chưa rõ đơn vị quản lý, đề nghị trung tâm điều phối giúp."),
}
RETURNED = {  # what a unit writes when it gives such a report back
    "SXD": "Đối chiếu hồ sơ, đoạn này là đường nội thị do phường quản lý, kính trả lại để xử lý.",
    "VNPT": "Thẻ cáp đã cũ, tuyến này do đơn vị khác khai thác; kính trả lại để xác minh.",
}
CLOSED_AFTER = 30 * ONE_DAY + 60
STILL_PAUSED = timedelta(days=35)


@dataclass(frozen=True)
class Text:
    """What a resident writes and shows, and how it ends: `picture` names a scene, or ''.

    `refusal` is '', a reason for rejecting, a channel, or 'duplicate'.
    """

    category: str
    setting: str
    picture: str
    refusal: str
    description: str
    answer: str
    question: str
    reply: str


@dataclass(frozen=True)
class Work:
    """How the officers of a category write. `pause` is the reason of a delay that stops the clock, or ''."""

    category: str
    start: str
    note: str
    delay: str
    pause: str
    complaint: str
    again: str


@dataclass(frozen=True)
class Place:
    """A place people name; WGS84 degrees."""

    place: str
    setting: str
    latitude: float
    longitude: float
    weight: int


@dataclass(frozen=True)
class Act:
    """One step, `minutes` of working time (of any time for the resident) after the one before."""

    minutes: float
    step: Step
    note: str = ""
    actor: Actor = Actor.OFFICER
    reason: Reason | None = None
    channel: Channel | None = None
    to_unit: str | None = None


@dataclass(frozen=True)
class Clocks:
    """The promises of the report's category, in minutes."""

    receive: int
    resolve: int


class Tables:
    """The tables of the demonstration, read once."""

    def __init__(self) -> None:
        self.texts = [Text(**row) for row in _rows("reports.csv")]
        self.work = {row["category"]: Work(**row) for row in _rows("work.csv")}
        self.places = [
            Place(
                row["place"],
                row["setting"],
                float(row["latitude"]),
                float(row["longitude"]),
                int(row["weight"]),
            )
            for row in _rows("places.csv")
        ]
        self.people = [row["name"] for row in _rows("people.csv")]


def _rows(file: str) -> Iterator[dict[str, str]]:
    with (TABLES / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def moments(count: int, now: datetime, chance: Random) -> list[datetime]:
    """When the reports were sent: over eighteen months, most of them in the last two, a few just now; in order."""
    sent = [now - timedelta(minutes=chance.randint(8, 170)) for _ in range(min(JUST_SENT, count))]
    while len(sent) < count:
        which = chance.random()
        if which < 0.45:
            age = DENSE_DAYS * chance.random() ** 1.6
        elif which < 0.92:
            age = chance.uniform(DENSE_DAYS, DAYS)
        else:
            age = chance.uniform(DAYS - FIRST_DAYS, DAYS)
        moment = _at_a_human_hour(now - timedelta(days=age), chance)
        if LAST_SENT_BEFORE <= moment < REFORM:
            moment += REFORM - LAST_SENT_BEFORE
        sent.append(moment if moment < now else moment - timedelta(days=1))
    return sorted(sent)


def _at_a_human_hour(moment: datetime, chance: Random) -> datetime:
    minute = int(chance.choice((chance.gauss(8.5, 1.3), chance.gauss(14, 2.5), chance.gauss(19.5, 1.2))) * 60)
    minute = min(max(minute, 5 * 60), 23 * 60 + 20)
    day = day_of(moment)
    return datetime.combine(day, time(minute // 60, minute % 60, chance.randrange(60)), VIETNAM)


def deck(texts: list[Text], count: int, chance: Random) -> list[Text]:
    """`count` texts; all are used before one returns."""
    cards: list[Text] = []
    while len(cards) < count:
        cards += chance.sample(texts, len(texts))
    return cards[:count]


def place_for(told: Text, places: list[Place], chance: Random) -> Place:
    """A place of the right kind, moved by up to about 200 metres."""
    fitting = [place for place in places if place.setting in SETTINGS[told.setting]]
    place = chance.choices(fitting, [place.weight for place in fitting])[0]
    return replace(
        place,
        latitude=round(place.latitude + chance.uniform(-0.0018, 0.0018), 6),
        longitude=round(place.longitude + chance.uniform(-0.0018, 0.0018), 6),
    )


def description(told: Text, place: Place) -> str:
    """The resident's words with the place in them, without marks where the resident writes without."""
    near = "gần " + place.place.split(",")[0]
    return told.description.format(near=text.fold(near) if told.description.isascii() else near)


def contact(people: list[str], chance: Random) -> dict[str, Any]:
    """Name, number and consent of about half of the residents; numbers that nobody has."""
    if chance.random() > 0.52:
        return {}
    name = chance.choice(people)
    mail = text.fold(name).replace(" ", ".") + "@example.com" if chance.random() < 0.12 else ""
    return {
        "name": name if chance.random() < 0.8 else "",
        "phone": f"0900 000 {chance.randrange(1000):03}",
        "email": mail,
        "consent": True,
    }


def acts(told: Text, work: Work, clocks: Clocks, sent: datetime, age: timedelta, chance: Random) -> list[Act]:
    """Everything that will happen to a report, also what lies in the future."""
    of_old = sent < REFORM
    late = not of_old and chance.random() < 0.12
    receive = clocks.receive * (chance.uniform(1.1, 2.2) if late else chance.uniform(0.04, 0.8))
    steps = [] if of_old else _forwarded(told, chance)
    steps.append(Act(receive, Step.RECEIVE))
    steps += (
        _refused(told, chance)
        if told.refusal
        else _handled(told, work, clocks.resolve, receive, of_old, chance)
    )
    if timedelta(hours=20) < age < timedelta(days=35) and chance.random() < 0.3:
        return steps[: chance.randint(0, 2)]  # left lying
    paused = next((number for number, act in enumerate(steps) if act.step is Step.PAUSE), None)
    if paused is not None and age < STILL_PAUSED:
        return steps[: paused + 1]
    if not told.refusal:
        steps += _afterwards(work, clocks.resolve, of_old, chance)
    return steps


def _afterwards(work: Work, promised: float, of_old: bool, chance: Random) -> list[Act]:
    """What the resident says to the result; where they say nothing, it is closed after a while."""
    said = chance.random()
    if not of_old and said < 0.1:
        return [
            Act(chance.uniform(1, 5) * ONE_DAY, Step.REOPEN, work.complaint, Actor.RESIDENT),
            Act(promised * chance.uniform(0.2, 1.1), Step.RESOLVE, work.again),
        ]
    if said < 0.35:
        return [Act(chance.uniform(0.2, 4) * ONE_DAY, Step.CONFIRM, actor=Actor.RESIDENT)]
    return [Act(CLOSED_AFTER, Step.CLOSE, actor=Actor.SYSTEM)]


def _forwarded(told: Text, chance: Random) -> list[Act]:
    often, unit, note = FORWARDED.get(told.category, (0.0, "", ""))
    if told.refusal or chance.random() >= often:
        return []
    steps = [Act(chance.uniform(20, 200), Step.FORWARD, note, to_unit=unit)]
    if unit in RETURNED and chance.random() < 0.6:
        steps.append(Act(chance.uniform(30, 240), Step.RETURN, RETURNED[unit], reason=Reason.OTHER_OWNER))
    return steps


def _refused(told: Text, chance: Random) -> list[Act]:
    steps = [Act(chance.uniform(40, 300), Step.ASK, told.question)] if told.question else []
    wait = chance.uniform(900, 1400) if told.question else chance.uniform(30, 420)
    if told.refusal in set(Channel):
        return [*steps, Act(wait, Step.REDIRECT, told.answer, channel=Channel(told.refusal))]
    if told.refusal == Step.DUPLICATE:
        return [*steps, Act(wait, Step.DUPLICATE)]
    return [*steps, Act(wait, Step.REJECT, told.answer, reason=Reason(told.refusal))]


def _handled(
    told: Text, work: Work, promised: float, spent: float, of_old: bool, chance: Random
) -> list[Act]:
    """From the receipt, after `spent` minutes, to the result: mostly within the `promised` minutes."""
    steps = [Act(chance.uniform(10, 60), Step.NOTE, work.note)] if chance.random() < 0.35 else []
    if told.question and chance.random() < 0.7:
        steps.append(Act(chance.uniform(15, 90), Step.ASK, told.question))
        if of_old or chance.random() < 0.6:
            steps.append(Act(chance.uniform(200, 4 * ONE_DAY), Step.REPLY, told.reply, Actor.RESIDENT))
        else:
            steps.append(Act(chance.uniform(1800, 2800), Step.START))
    else:
        steps.append(Act(chance.uniform(15, 120), Step.START, work.start if chance.random() < 0.6 else ""))
    share = chance.uniform(0.3, 0.92) if of_old or chance.random() < 0.84 else chance.uniform(1.1, 1.8)
    left = max(
        30.0, promised * share - spent - sum(step.minutes for step in steps if step.step is not Step.REPLY)
    )
    if share > 0.6 and chance.random() < 0.5:
        left /= 2
        if work.pause and chance.random() < 0.6:
            steps.append(Act(left, Step.PAUSE, work.delay, reason=Reason(work.pause)))
            steps.append(Act(chance.uniform(600, 6000), Step.RESUME))
        else:
            steps.append(Act(left, Step.ANSWER, work.delay))
    return [*steps, Act(left, Step.RESOLVE, told.answer)]
