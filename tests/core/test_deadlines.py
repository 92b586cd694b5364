from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.deadlines import (
    LONGEST_BREAK_DAYS,
    ROUND_THE_CLOCK,
    VIETNAM,
    NoWorkingTime,
    WorkCalendar,
    due,
    intervals,
    worked,
)

OFFICE = WorkCalendar(
    days_off=frozenset({date(2026, 1, 1), date(2026, 1, 2), date(2026, 9, 1), date(2026, 9, 2)}),
    days_worked=frozenset({date(2026, 1, 10)}),
)
EVENING = WorkCalendar(hours=((time(8), time(11)), (time(20), time(0))), weekdays=frozenset({0, 5}))
HOUR = timedelta(hours=1)

CALENDARS = st.sampled_from([OFFICE, EVENING, ROUND_THE_CLOCK])
MOMENTS = st.timedeltas(timedelta(), timedelta(days=365)).map(lambda gone: at("2025-12-01", "00:00") + gone)
ALLOWANCES = st.timedeltas(timedelta(), timedelta(hours=200))


def at(day, clock):
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        pytest.param(("2026-11-16", "08:00"), 4, ("2026-11-16", "14:00"), id="over lunch"),
        pytest.param(("2026-11-16", "07:30"), 4, ("2026-11-16", "11:30"), id="until lunch, not after it"),
        pytest.param(("2026-11-16", "12:15"), 1, ("2026-11-16", "14:30"), id="sent at lunch"),
        pytest.param(("2026-11-16", "03:00"), 1, ("2026-11-16", "08:30"), id="sent at night"),
        pytest.param(("2026-11-20", "18:00"), 1, ("2026-11-23", "08:30"), id="over the week-end"),
        pytest.param(("2026-08-31", "16:30"), 2, ("2026-09-03", "08:30"), id="over National Day"),
        pytest.param(("2025-12-31", "17:00"), 1, ("2026-01-05", "08:00"), id="over New Year"),
        pytest.param(("2026-01-09", "17:00"), 1, ("2026-01-10", "08:00"), id="a Saturday worked"),
        pytest.param(("2026-11-16", "08:00"), 40, ("2026-11-23", "08:00"), id="a week of work"),
        pytest.param(("2026-11-21", "10:00"), 0, ("2026-11-21", "10:00"), id="no time at all"),
    ],
)
def test_when_an_answer_is_due(start, hours, expected):
    assert due(at(*start), hours * HOUR, OFFICE) == at(*expected)


def test_emergencies_run_through_night_and_holiday():
    assert due(at("2026-09-01", "23:00"), 4 * HOUR, ROUND_THE_CLOCK) == at("2026-09-02", "03:00")


def test_a_day_may_be_worked_until_midnight():
    assert due(at("2026-11-21", "23:00"), 2 * HOUR, EVENING) == at("2026-11-23", "09:00")


def test_results_are_in_vietnam_time_whatever_came_in():
    moment = due(datetime(2026, 11, 16, 1, 0, tzinfo=UTC), 4 * HOUR, OFFICE)
    assert moment.isoformat() == "2026-11-16T14:00:00+07:00"


def test_a_swapped_working_day_wins_over_a_holiday():
    day = date(2026, 9, 1)
    swapped = WorkCalendar(days_off=frozenset({day}), days_worked=frozenset({day}))
    assert worked(at("2026-09-01", "00:00"), at("2026-09-02", "00:00"), swapped) == 8 * HOUR


def test_the_counted_intervals_explain_the_deadline():
    assert intervals(at("2026-11-20", "16:00"), 6 * HOUR, OFFICE) == [
        (at("2026-11-20", "16:00"), at("2026-11-20", "17:30")),
        (at("2026-11-23", "07:30"), at("2026-11-23", "11:30")),
        (at("2026-11-23", "13:30"), at("2026-11-23", "14:00")),
    ]


def test_intervals_that_touch_at_midnight_are_one():
    start = at("2026-11-20", "16:00")
    assert intervals(start, 72 * HOUR, ROUND_THE_CLOCK) == [(start, start + 72 * HOUR)]


def test_time_that_runs_backwards_is_no_work():
    assert worked(at("2026-11-17", "10:00"), at("2026-11-16", "10:00"), OFFICE) == timedelta()


@given(MOMENTS, ALLOWANCES, CALENDARS)
def test_what_was_worked_until_the_deadline_is_the_allowance(start, allowance, calendar):
    assert worked(start, due(start, allowance, calendar), calendar) == allowance


@given(MOMENTS, ALLOWANCES, CALENDARS)
def test_the_deadline_is_the_earliest_such_moment(start, allowance, calendar):
    end = due(start, allowance, calendar)
    just_before = end - timedelta(microseconds=1)
    assert allowance == timedelta() or worked(start, just_before, calendar) < allowance


@given(MOMENTS, ALLOWANCES, CALENDARS)
def test_intervals_are_in_order_apart_and_sum_up_to_the_allowance(start, allowance, calendar):
    counted = intervals(start, allowance, calendar)
    edges = [start, *(edge for interval in counted for edge in interval)]
    assert edges == sorted(edges)
    assert len(set(edges[1:])) == 2 * len(counted)
    assert sum((end - begin for begin, end in counted), timedelta()) == allowance


@given(MOMENTS, MOMENTS, ALLOWANCES, ALLOWANCES, CALENDARS)
def test_later_or_longer_is_never_due_earlier(one, other, short, long, calendar):
    (one, other), (short, long) = sorted([one, other]), sorted([short, long])
    assert due(one, short, calendar) <= due(other, short, calendar)
    assert due(one, short, calendar) <= due(one, long, calendar)


@given(st.lists(MOMENTS, min_size=3, max_size=3), CALENDARS)
def test_time_worked_adds_up(moments, calendar):
    first, middle, last = sorted(moments)
    whole = worked(first, last, calendar)
    assert worked(first, middle, calendar) + worked(middle, last, calendar) == whole


@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=30)), CALENDARS)
def test_counting_whole_days_equals_walking_through_them(start, length, calendar):
    end = start + length
    day, walked = start.date(), timedelta()
    while day <= end.date():
        for begin, close in calendar.spans(day):
            walked += max(timedelta(), min(end, close) - max(start, begin))
        day += timedelta(days=1)
    assert worked(start, end, calendar) == walked


def test_eighteen_months_are_counted_in_less_than_a_millisecond():
    begun = perf_counter()
    for _ in range(100):
        worked(at("2025-05-22", "09:00"), at("2026-11-22", "09:00"), OFFICE)
    assert (perf_counter() - begun) / 100 < 0.001


@pytest.mark.parametrize("days_off", [frozenset(), frozenset({date(2026, 11, 16)})])
def test_a_calendar_without_working_days_is_named_not_walked_for_ever(days_off):
    idle = WorkCalendar(weekdays=frozenset(), days_off=days_off)
    with pytest.raises(NoWorkingTime, match=str(LONGEST_BREAK_DAYS)):
        due(at("2026-11-16", "10:00"), HOUR, idle)
    assert worked(at("2026-11-16", "10:00"), at("2027-11-16", "10:00"), idle) == timedelta()


def test_a_break_of_two_months_is_a_mistake_in_the_calendar():
    start = at("2026-11-15", "10:00")
    closed = frozenset(start.date() + timedelta(days=n) for n in range(LONGEST_BREAK_DAYS + 7))
    with pytest.raises(NoWorkingTime):
        due(start, HOUR, WorkCalendar(days_off=closed))


@pytest.mark.parametrize(
    "hours",
    [
        (),
        ((time(8), time(8)),),
        ((time(17), time(8)),),
        ((time(8), time(12)), (time(11), time(17))),
        ((time(13), time(17)), (time(8), time(12))),
        ((time(8), time(0)), (time(9), time(10))),
    ],
)
def test_office_hours_that_make_no_sense_are_refused(hours):
    with pytest.raises(ValueError, match="hours"):
        WorkCalendar(hours=hours)


def test_moments_without_a_zone_and_negative_allowances_are_refused():
    naive = at("2026-11-16", "10:00").replace(tzinfo=None)
    with pytest.raises(ValueError, match="zone"):
        due(naive, HOUR, OFFICE)
    with pytest.raises(ValueError, match="zone"):
        worked(at("2026-11-16", "10:00"), naive, OFFICE)
    with pytest.raises(ValueError, match="negative"):
        due(at("2026-11-16", "10:00"), -HOUR, OFFICE)
