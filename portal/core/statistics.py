"""Figures for people who decide: medians and shares, each with the number of cases it rests on.

Where there is no case there is no figure: None, never a flattering zero or a hundred percent.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

Key = str | tuple[str, ...]
ALL: Key = ""


@dataclass(frozen=True)
class Case:
    """One report in a group (its unit, its category, or both).

    `minutes`: working minutes until it was answered, None while it was not; `on_time`: whether that
    was in the time first promised, None while unanswered; `extended`: it was in time only because the
    time was extended; `open`: nothing final was said yet; `overdue`: open, and its
    deadline has passed. `merged`: the answer is that of another report, which is counted there; `recurred`: the same
    came back after it was said to be done; `unassigned`: received, and nobody was named in time to be in charge.
    """

    group: Key
    minutes: int | None
    on_time: bool | None
    open: bool
    overdue: bool
    extended: bool = False
    merged: bool = False
    recurred: bool = False
    unassigned: bool = False


@dataclass(frozen=True)
class Figure:
    """The cases of one group. `median_minutes` and `on_time_percent` speak of the answered ones only."""

    key: Key
    received: int
    answered: int
    on_time: int
    median_minutes: float | None
    open: int
    overdue: int
    extended: int = 0
    merged: int = 0
    recurred: int = 0
    unassigned: int = 0

    @property
    def on_time_percent(self) -> float | None:
        """0…100, not rounded; None without an answered case."""
        return 100 * self.on_time / self.answered if self.answered else None


def figures(cases: Iterable[Case]) -> list[Figure]:
    """One figure per group, in the order in which the groups first appear; reads `cases` once."""
    groups: dict[Key, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.group, []).append(case)
    return [_figure(key, members) for key, members in groups.items()]


def total(cases: Iterable[Case]) -> Figure:
    """All cases as one figure, under the key ALL; there is one also without cases."""
    return _figure(ALL, list(cases))


def there_and_back(paths: Iterable[Sequence[int]]) -> list[tuple[tuple[int, int], int]]:
    """Pairs of stations between which a path leads in both directions, and how many such paths; most first."""
    counted: Counter[tuple[int, int]] = Counter()
    for path in paths:
        ways = set(pairwise(path))
        counted.update({(min(way), max(way)) for way in ways if way[::-1] in ways})
    return counted.most_common()


def _figure(key: Key, cases: list[Case]) -> Figure:
    minutes = [case.minutes for case in cases if case.minutes is not None]
    return Figure(
        key=key,
        received=len(cases),
        answered=len(minutes),
        on_time=sum(case.on_time is True for case in cases if case.minutes is not None),
        median_minutes=float(median(minutes)) if minutes else None,
        open=sum(case.open for case in cases),
        overdue=sum(case.overdue for case in cases),
        extended=sum(case.extended for case in cases),
        merged=sum(case.merged for case in cases),
        recurred=sum(case.recurred for case in cases),
        unassigned=sum(case.unassigned for case in cases),
    )
