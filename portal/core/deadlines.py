"""Working-time arithmetic: when is an answer due, and how long did it really take?

Moments are timezone-aware; results are in Vietnam's time, which has known no summer time since
1975, so that a working hour always lasts an hour. Office hours and days off come in as data.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MIDNIGHT = time(0)
OFFICE_HOURS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 30)))
LONGEST_BREAK_DAYS = 60  # Tết takes nine days; two months without work are a mistake in the calendar

_DAY = timedelta(days=1)


class NoWorkingTime(ValueError):
    """The calendar has no working time, or none for LONGEST_BREAK_DAYS in a row."""


@dataclass(frozen=True)
class WorkCalendar:
    """When an office works.

    `hours`: (opens, closes) in order, a closing time of 00:00 is the end of the day; `weekdays`:
    Monday is 0; `days_off`: holidays; `days_worked`: working days swapped for a day off, which win
    over both. Raises NoWorkingTime without hours, ValueError for hours out of order.
    """

    hours: tuple[tuple[time, time], ...] = OFFICE_HOURS
    weekdays: frozenset[int] = frozenset(range(5))
    days_off: frozenset[date] = frozenset()
    days_worked: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.hours:
            raise NoWorkingTime("a working calendar without hours")
        hours = [(_since_midnight(opens), _closing(closes)) for opens, closes in self.hours]
        if any(closes <= opens for opens, closes in hours):
            raise ValueError("office hours that close before they open")
        if any(opens < closed for (_, closed), (opens, _) in pairwise(hours)):
            raise ValueError("office hours that overlap or are out of order")

    def works_on(self, day: date) -> bool:
        """Is `day` a working day?"""
        return day in self.days_worked or (day.weekday() in self.weekdays and day not in self.days_off)

    def working_days(self, first: date, end: date) -> int:
        """How many working days are there from `first` until the day before `end`?"""
        weeks, rest = divmod((end - first).days, 7)
        regular = weeks * len(self.weekdays)
        regular += sum((first.weekday() + extra) % 7 in self.weekdays for extra in range(rest))
        exceptions = self.days_off | self.days_worked
        return regular + sum(
            self.works_on(day) - (day.weekday() in self.weekdays) for day in exceptions if first <= day < end
        )

    def spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The (begin, end) of work on `day`; nothing on a day off."""
        if self.works_on(day):
            midnight = datetime.combine(day, MIDNIGHT, VIETNAM)
            for opens, closes in self.hours:
                yield midnight + _since_midnight(opens), midnight + _closing(closes)

    def day_length(self) -> timedelta:
        """Working time of one working day."""
        return sum((_closing(closes) - _since_midnight(opens) for opens, closes in self.hours), timedelta())


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)


def _closing(moment: time) -> timedelta:
    return _DAY if moment == MIDNIGHT else _since_midnight(moment)


ROUND_THE_CLOCK = WorkCalendar(hours=((MIDNIGHT, MIDNIGHT),), weekdays=frozenset(range(7)))


def due(start: datetime, allowance: timedelta, calendar: WorkCalendar) -> datetime:
    """The moment at which `allowance` of working time has passed since `start`.

    Raises NoWorkingTime, and ValueError for a negative allowance or a start without a time zone.
    """
    counted = intervals(start, allowance, calendar)
    return counted[-1][1] if counted else start.astimezone(VIETNAM)


def intervals(
    start: datetime, allowance: timedelta, calendar: WorkCalendar
) -> list[tuple[datetime, datetime]]:
    """The working intervals (begin, end) from `start` that make up `allowance`, in order.

    Their lengths sum up to `allowance`; intervals that touch are one. Raises what `due` raises.
    """
    _demand_zone(start)
    if allowance < timedelta():
        raise ValueError("a negative allowance")
    counted: list[tuple[datetime, datetime]] = []
    left = allowance
    spans = _spans_from(start.astimezone(VIETNAM), calendar)
    while left:
        begin, end = next(spans)
        end = min(end, begin + left)
        left -= end - begin
        if counted and counted[-1][1] == begin:
            begin = counted.pop()[0]
        counted.append((begin, end))
    return counted


def worked(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """Working time between two moments; none when `end` is not after `start`.

    Whole days are counted, not walked through. Raises ValueError for a moment without a time zone.
    """
    _demand_zone(start, end)
    start, end = start.astimezone(VIETNAM), end.astimezone(VIETNAM)
    if end <= start:
        return timedelta()
    first, last = start.date(), end.date()
    if first == last:
        return _worked_on(first, start, end, calendar)
    whole_days = calendar.working_days(first + _DAY, last) * calendar.day_length()
    return _worked_on(first, start, end, calendar) + whole_days + _worked_on(last, start, end, calendar)


def _worked_on(day: date, start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    clipped = ((max(start, begin), min(end, close)) for begin, close in calendar.spans(day))
    return sum((close - begin for begin, close in clipped if begin < close), timedelta())


def _spans_from(start: datetime, calendar: WorkCalendar) -> Iterator[tuple[datetime, datetime]]:
    """Working spans from `start` onwards, the first one clipped to it, for ever."""
    day, idle_days = start.date(), 0
    while idle_days <= LONGEST_BREAK_DAYS:
        idle_days += 1
        for begin, end in calendar.spans(day):
            if end > start:
                idle_days = 0
                yield max(start, begin), end
        day += _DAY
    raise NoWorkingTime(f"no working time in the {LONGEST_BREAK_DAYS} days before {day}")


def _demand_zone(*moments: datetime) -> None:
    if any(moment.tzinfo is None for moment in moments):
        raise ValueError("a moment needs a time zone")
