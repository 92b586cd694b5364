"""The clocks of a report: what is promised, when alarms ring, extensions, and what a changed calendar moves."""

from portal.services.clocks.promises import (
    Countdown,
    Explained,
    after_change,
    answer_due,
    countdown,
    end_of_work,
    explain,
    given_to,
    later,
    paused,
    reopened,
    resolve_due_after_change,
    resumed,
    start,
    timetable,
    worked_minutes,
)

__all__ = [
    "Countdown",
    "Explained",
    "after_change",
    "answer_due",
    "countdown",
    "end_of_work",
    "explain",
    "given_to",
    "later",
    "paused",
    "reopened",
    "resolve_due_after_change",
    "resumed",
    "start",
    "timetable",
    "worked_minutes",
]
