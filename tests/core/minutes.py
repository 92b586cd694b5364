"""The oracle of the clocks: it looks at every single minute, knows no tables, and shares no code with the portal.

Office hours are written as people say them: {weekday: [(7, 30, 11, 30), …]}, Monday is 0.
"""

from datetime import date, datetime, timedelta

Spans = dict[int, list[tuple[int, int, int, int]]]
MINUTE = timedelta(minutes=1)


class Office:
    """An office that works by `spans`; on a swapped day by those of the weekday `like`."""

    def __init__(self, spans: Spans, off: set[date], swapped: set[date], like: int = 0):
        self.spans, self.off, self.swapped, self.like = spans, off, swapped, like

    def is_open(self, minute: datetime) -> bool:
        """Is the office at work in the minute that begins now?"""
        day, clock = minute.date(), (minute.hour, minute.minute)
        if day in self.swapped:
            spans = self.spans[self.like]
        elif day in self.off:
            return False
        else:
            spans = self.spans.get(day.weekday(), [])
        return any((a, b) <= clock < (c, d) for a, b, c, d in spans)

    def worked(self, start: datetime, end: datetime) -> int:
        """Minutes of work between two full minutes."""
        minute, count = start, 0
        while minute < end:
            count += self.is_open(minute)
            minute += MINUTE
        return count

    def due(self, start: datetime, allowance: int) -> datetime:
        """When so many minutes of work have passed."""
        minute = start
        while allowance:
            allowance -= self.is_open(minute)
            minute += MINUTE
        return minute
