"""Working-time arithmetic: when is an answer due, and how long did it really take?

Moments are timezone-aware; results are in Vietnam's time, which has known no summer time since
1975, so that a working hour always lasts an hour. Office hours and days off come in as data.

Nothing is walked through: a calendar knows how much work lies before any day, from whole weeks and the
few days that differ from them, so that a day costs as much as ten years.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate, groupby, pairwise
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
USUAL_HOURS = "mon-fri 07:30-11:30 13:30-17:30"
ALWAYS = "24/7"

Hours = tuple[tuple[int, int], ...]  # (opens, closes) of one day in minutes since midnight, in order
Week = tuple[Hours, ...]  # seven days, Monday first

_DAYS = re.compile(rf"({'|'.join(WEEKDAYS)})(?:-({'|'.join(WEEKDAYS)}))?")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")
_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)
_TICKS_A_MINUTE = 60_000_000


def day_of(moment: datetime) -> date:
    """The day in Vietnam at this moment."""
    return moment.astimezone(VIETNAM).date()


@lru_cache(maxsize=512)
def office_hours(text: str) -> Week:
    """The week that a text means: 'mon-fri 07:30-11:30 13:30-17:30; sat 07:30-11:30', '24/7', '' for the usual one.

    Parts are separated by ';', each names a day or a range of days and then its hours in order; '24:00' ends a day.
    Raises ValueError with a sentence about what cannot be understood.
    """
    if text.strip() == ALWAYS:
        return (((0, 24 * 60),),) * 7
    week: list[Hours] = [()] * 7
    for part in (text.strip() or USUAL_HOURS).split(";"):
        days, *spans = part.split() or [""]
        weekdays, hours = _weekdays(days), tuple(_span(span) for span in spans)
        if not hours:
            raise ValueError(f"{part.strip()!r} names no hours")
        if any(opens < closed for (_, closed), (opens, _) in pairwise(hours)):
            raise ValueError(f"{part.strip()!r} has hours that overlap or are out of order")
        for weekday in weekdays:
            if week[weekday]:
                raise ValueError(f"{WEEKDAYS[weekday]} is named twice")
            week[weekday] = hours
    return tuple(week)


def _weekdays(text: str) -> range:
    found = _DAYS.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is neither a day (mon) nor a range of days (mon-fri)")
    first, last = WEEKDAYS.index(found[1]), WEEKDAYS.index(found[2] or found[1])
    if last < first:
        raise ValueError(f"{text!r} ends before it begins")
    return range(first, last + 1)


def _span(text: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no time of work (07:30-11:30)")
    opens = int(found[1]) * 60 + int(found[2])
    closes = int(found[3]) * 60 + int(found[4]) if found[3] else 24 * 60
    if closes <= opens:
        raise ValueError(f"{text!r} closes before it opens")
    return opens, closes


def days_alike(week: Week) -> list[tuple[int, int, Hours]]:
    """The week for people: (first day, last day, hours) of neighbouring days that are alike; free days left out."""
    groups = [list(days) for _, days in groupby(range(7), key=lambda weekday: week[weekday])]
    return [(days[0], days[-1], week[days[0]]) for days in groups if week[days[0]]]


@dataclass(frozen=True)
class WorkCalendar:
    """When an office works: its `week`, its `days_off` (holidays), and its `days_worked`, swapped for a day off.

    A swapped day wins over both and is worked like the longest day of the week.
    """

    week: Week
    days_off: frozenset[date] = frozenset()
    days_worked: frozenset[date] = frozenset()

    def hours(self, day: date) -> Hours:
        """The hours of work on `day`; none on a day off."""
        if day in self.days_worked:
            return max(self.week, key=_minutes)
        return () if day in self.days_off else self.week[day.weekday()]

    def works_on(self, day: date) -> bool:
        return bool(self.hours(day))

    def spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The (begin, end) of work on `day`; nothing on a day off."""
        midnight = _midnight(day)
        for opens, closes in self.hours(day):
            yield midnight + timedelta(minutes=opens), midnight + timedelta(minutes=closes)

    @cached_property
    def _table(self) -> "_Table":
        return _Table(self)


class _Table:
    """How much work lies before a moment, in microseconds since Monday, 1 January of the year 1; and the reverse.

    `before` is the work of a week before each of its days, and its whole; `days` are the days that differ from the
    week, `mended` what those before each of them add or take away, `reached` all work until its end.
    """

    def __init__(self, calendar: WorkCalendar):
        self.calendar = calendar
        lengths = [_minutes(hours) * _TICKS_A_MINUTE for hours in calendar.week]
        self.before = list(accumulate(lengths, initial=0))
        self.week = self.before[-1]
        exceptions = sorted(calendar.days_off | calendar.days_worked)
        self.days = [day.toordinal() for day in exceptions]
        differences = (
            _minutes(calendar.hours(day)) * _TICKS_A_MINUTE - lengths[day.weekday()] for day in exceptions
        )
        self.mended = list(accumulate(differences, initial=0))
        self.reached = [self.before_day(day + 1) for day in self.days]

    def before_day(self, day: int) -> int:
        weeks, weekday = divmod(day - 1, 7)
        return weeks * self.week + self.before[weekday] + self.mended[bisect_left(self.days, day)]

    def before_moment(self, moment: datetime) -> int:
        """`moment` in Vietnam's time."""
        today = ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000 + moment.microsecond
        work = self.before_day(moment.toordinal())
        for opens, closes in self.calendar.hours(moment.date()):
            work += max(0, min(today, closes * _TICKS_A_MINUTE) - opens * _TICKS_A_MINUTE)
        return work

    def moment(self, work: int) -> datetime:
        """The earliest moment before which so much work lies."""
        day = self._day(work)
        left = work - self.before_day(day)
        for opens, closes in self.calendar.hours(date.fromordinal(day)):
            length = (closes - opens) * _TICKS_A_MINUTE
            if left <= length:
                return _midnight(date.fromordinal(day)) + (opens * _TICKS_A_MINUTE + left) * _TICK
            left -= length
        raise AssertionError("a day has less work than it was counted for")

    def _day(self, work: int) -> int:
        """The day on which it is reached: by whole weeks after the exceptions that are past, or one of them."""
        past = bisect_left(self.reached, work)
        weeks, rest = divmod(work - self.mended[past] - 1, self.week)
        day = weeks * 7 + bisect_right(self.before, rest)
        return min(day, *self.days[past : past + 1]) if past < len(self.days) else day


ROUND_THE_CLOCK = WorkCalendar(office_hours(ALWAYS))


@lru_cache(maxsize=512)
def work_calendar(hours: str, days_off: frozenset[date], days_worked: frozenset[date]) -> WorkCalendar:
    """The calendar of an office with these hours; one that never closes knows no holidays. Raises ValueError."""
    week = office_hours(hours)
    return ROUND_THE_CLOCK if week == ROUND_THE_CLOCK.week else WorkCalendar(week, days_off, days_worked)


def due(start: datetime, allowance: timedelta, calendar: WorkCalendar) -> datetime:
    """The earliest moment at which `allowance` of working time has passed since `start`.

    Raises ValueError for a negative allowance or a start without a time zone.
    """
    _demand_zone(start)
    if allowance < timedelta():
        raise ValueError("a negative allowance")
    start = start.astimezone(VIETNAM)
    if not allowance:
        return start
    table = calendar._table
    return table.moment(table.before_moment(start) + allowance // _TICK)


def worked(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """Working time between two moments; none when `end` is not after `start`.

    Raises ValueError for a moment without a time zone.
    """
    _demand_zone(start, end)
    if end <= start:
        return timedelta()
    table = calendar._table
    before = table.before_moment(start.astimezone(VIETNAM))
    return (table.before_moment(end.astimezone(VIETNAM)) - before) * _TICK


def intervals(
    start: datetime, allowance: timedelta, calendar: WorkCalendar
) -> list[tuple[datetime, datetime]]:
    """The working intervals (begin, end) from `start` that make up `allowance`, in order: why an answer is due then.

    Their lengths sum up to `allowance`; intervals that touch are one. Raises what `due` raises.
    """
    end = due(start, allowance, calendar)
    start = start.astimezone(VIETNAM)
    counted: list[tuple[datetime, datetime]] = []
    for number in range((end.date() - start.date()).days + 1):
        for opens, closes in calendar.spans(start.date() + number * _DAY):
            begin, stop = max(start, opens), min(end, closes)
            if counted and counted[-1][1] == begin:
                begin = counted.pop()[0]
            if begin < stop:
                counted.append((begin, stop))
    return counted


def _minutes(hours: Hours) -> int:
    return sum(closes - opens for opens, closes in hours)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)


def _demand_zone(*moments: datetime) -> None:
    if any(moment.tzinfo is None for moment in moments):
        raise ValueError("a moment needs a time zone")
