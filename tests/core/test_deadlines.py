from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.deadlines import (
    ALWAYS,
    ROUND_THE_CLOCK,
    USUAL_HOURS,
    VIETNAM,
    days_alike,
    due,
    intervals,
    office_hours,
    work_calendar,
    worked,
)
from tests.core.minutes import Office

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def days(*spans):
    """'2026-02-16..20' → five days."""
    found = set()
    for span in spans:
        first, _, last = span.partition("..")
        first = date.fromisoformat(first)
        last = first.replace(day=int(last)) if last else first
        found |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return found


# Retyped by hand from the notices, so that a slip in the pack's table cannot hide in the expected values.
OFF = days(
    *("2026-01-01..02", "2026-02-16..20", "2026-04-26..27", "2026-04-30", "2026-05-01", "2026-08-31"),
    *("2026-09-01..02", "2026-11-24", "2027-01-01", "2027-02-04..10", "2027-04-16"),
)
SWAPPED = days("2026-01-10", "2026-08-22")
OFFICE = work_calendar("", frozenset(OFF), frozenset(SWAPPED))
WITH_SATURDAY = work_calendar(
    "mon-fri 07:30-11:30 13:30-17:30; sat 07:30-11:30", frozenset(OFF), frozenset(SWAPPED)
)
EVENING = work_calendar("mon 08:00-11:00 20:00-24:00; sat 08:00-11:00", frozenset(OFF), frozenset(SWAPPED))

FULL = [(7, 30, 11, 30), (13, 30, 17, 30)]
ORACLES = {
    OFFICE: Office(dict.fromkeys(range(5), FULL), OFF, SWAPPED),
    WITH_SATURDAY: Office({**dict.fromkeys(range(5), FULL), 5: [(7, 30, 11, 30)]}, OFF, SWAPPED),
    EVENING: Office({0: [(8, 0, 11, 0), (20, 0, 24, 0)], 5: [(8, 0, 11, 0)]}, OFF, SWAPPED),
    ROUND_THE_CLOCK: Office({weekday: [(0, 0, 24, 0)] for weekday in range(7)}, set(), set()),
}
CALENDARS = st.sampled_from(list(ORACLES))
MOMENTS = st.timedeltas(timedelta(), timedelta(days=800)).map(lambda gone: at("2025-12-01", "00:00") + gone)
FULL_MINUTES = MOMENTS.map(lambda moment: moment.replace(second=0, microsecond=0))
ALLOWANCES = st.timedeltas(timedelta(), timedelta(hours=20_000))


def at(day, clock):
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        pytest.param("2026-11-16 08:00", 4, "2026-11-16 14:00", id="over lunch"),
        pytest.param("2026-11-16 07:30", 4, "2026-11-16 11:30", id="until lunch, not after it"),
        pytest.param("2026-11-16 12:15", 1, "2026-11-16 14:30", id="sent at lunch"),
        pytest.param("2026-11-16 03:00", 1, "2026-11-16 08:30", id="sent at night"),
        pytest.param("2026-11-16 17:30", 1, "2026-11-17 08:30", id="sent at closing time"),
        pytest.param("2026-11-16 23:59", 8, "2026-11-17 17:30", id="a minute before midnight"),
        pytest.param("2026-11-17 00:00", 8, "2026-11-17 17:30", id="at midnight"),
        pytest.param("2026-11-20 18:00", 1, "2026-11-23 08:30", id="over the week-end"),
        pytest.param("2026-11-23 17:00", 1, "2026-11-25 08:00", id="over 24 November"),
        pytest.param("2026-08-28 16:30", 2, "2026-09-03 08:30", id="over National Day, 31 August swapped"),
        pytest.param("2026-08-21 17:00", 8, "2026-08-22 17:00", id="the Saturday worked for 31 August"),
        pytest.param("2026-08-22 17:00", 1, "2026-08-24 08:00", id="from the Saturday worked to Monday"),
        pytest.param("2025-12-31 17:00", 1, "2026-01-05 08:00", id="2 January 2026 is off"),
        pytest.param("2026-01-09 17:00", 1, "2026-01-10 08:00", id="10 January 2026 is worked"),
        pytest.param("2026-01-10 16:30", 2, "2026-01-12 08:30", id="and the Sunday after it is not"),
        pytest.param("2026-02-13 15:30", 8, "2026-02-23 15:30", id="a day over Tết 2026"),
        pytest.param("2026-02-15 09:00", 40, "2026-02-27 17:30", id="a week after Tết 2026"),
        pytest.param("2026-02-18 20:00", 4, "2026-02-23 11:30", id="sent in Tết 2026"),
        pytest.param("2027-02-03 13:30", 8, "2027-02-11 11:30", id="a day over Tết 2027"),
        pytest.param("2027-02-03 14:00", 80, "2027-02-24 14:00", id="ten days over Tết 2027"),
        pytest.param("2027-02-06 06:00", 16, "2027-02-12 17:30", id="sent in Tết 2027"),
        pytest.param("2026-11-16 08:00", 40, "2026-11-23 08:00", id="a week of work"),
        pytest.param("2026-11-21 10:00", 0, "2026-11-21 10:00", id="no time at all"),
    ],
)
def test_when_an_answer_is_due(start, hours, expected):
    assert due(at(*start.split()), hours * HOUR, OFFICE) == at(*expected.split())


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        pytest.param("2026-02-13 15:30", "2026-02-23 15:30", 8, id="Tết 2026"),
        pytest.param("2027-02-03 13:30", "2027-02-11 11:30", 8, id="Tết 2027"),
        pytest.param("2025-12-31 11:30", "2026-01-12 07:30", 52, id="New Year 2026: six and a half days"),
        pytest.param("2026-02-16 00:00", "2026-02-21 00:00", 0, id="five days of Tết"),
        pytest.param("2026-01-01 00:00", "2027-01-01 00:00", 249 * 8, id="the whole of 2026"),
    ],
)
def test_how_long_it_took(start, end, hours):
    assert worked(at(*start.split()), at(*end.split()), OFFICE) == hours * HOUR


def test_a_pause_across_a_holiday_costs_only_the_hours_that_were_worked():
    """Asked on Thursday 29 April 2026 at 16:30, answered on Monday 4 May at 8:30: 30/4 and 1/5 are off."""
    promised = due(at("2026-04-28", "08:00"), 24 * HOUR, OFFICE)
    assert promised == at("2026-05-05", "08:00")
    paused = worked(at("2026-04-29", "16:30"), at("2026-05-04", "08:30"), OFFICE)
    assert paused == 2 * HOUR
    assert due(promised, paused, OFFICE) == at("2026-05-05", "10:00")


def test_emergencies_run_through_night_and_holiday():
    assert due(at("2026-09-01", "23:00"), 4 * HOUR, ROUND_THE_CLOCK) == at("2026-09-02", "03:00")
    assert work_calendar(ALWAYS, frozenset(OFF), frozenset()) is ROUND_THE_CLOCK


def test_a_day_may_be_worked_until_midnight():
    assert due(at("2026-11-16", "23:00"), 2 * HOUR, EVENING) == at("2026-11-21", "09:00")
    assert due(at("2026-11-16", "23:00"), HOUR, EVENING) == at("2026-11-17", "00:00")


def test_a_swapped_saturday_is_worked_like_a_full_day():
    assert due(at("2026-01-10", "07:30"), 8 * HOUR, WITH_SATURDAY) == at("2026-01-10", "17:30")
    assert due(at("2026-01-17", "07:30"), 8 * HOUR, WITH_SATURDAY) == at("2026-01-19", "11:30")


def test_a_swapped_working_day_wins_over_a_holiday():
    day = frozenset({date(2026, 9, 1)})
    assert (
        worked(at("2026-09-01", "00:00"), at("2026-09-02", "00:00"), work_calendar("", day, day)) == 8 * HOUR
    )


def test_results_are_in_vietnam_time_whatever_came_in():
    moment = due(datetime(2026, 11, 16, 1, 0, tzinfo=UTC), 4 * HOUR, OFFICE)
    assert moment.isoformat() == "2026-11-16T14:00:00+07:00"


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


@settings(max_examples=60, deadline=None)
@given(FULL_MINUTES, st.integers(0, 60 * 60), CALENDARS)
def test_the_deadline_is_that_of_the_minute_by_minute_oracle(start, minutes, calendar):
    assert due(start, minutes * MINUTE, calendar) == ORACLES[calendar].due(start, minutes)


@settings(max_examples=60, deadline=None)
@given(FULL_MINUTES, st.integers(0, 20 * 24 * 60), CALENDARS)
def test_the_time_worked_is_that_of_the_minute_by_minute_oracle(start, minutes, calendar):
    end = start + minutes * MINUTE
    assert worked(start, end, calendar) == ORACLES[calendar].worked(start, end) * MINUTE


@settings(max_examples=30, deadline=None)
@given(FULL_MINUTES, st.integers(1, 40 * 60), st.lists(st.integers(1, 3 * 24 * 60), min_size=4), CALENDARS)
def test_a_clock_with_pauses_ends_when_the_oracles_stopwatch_does(start, minutes, turns, calendar):
    """Runs and pauses take turns; whoever moves the promise by each pause ends at the same minute."""
    office, promised = ORACLES[calendar], due(start, minutes * MINUTE, calendar)
    moment, left, running = start, minutes, True
    for length in turns:
        end = moment + length * MINUTE
        used = office.worked(moment, end)
        if running and used >= left:
            break
        if running:
            left -= used
        else:
            promised = due(promised, worked(moment, end, calendar), calendar)
        moment, running = end, not running
    if not running:  # the pause goes on until now, and has not moved the promise yet
        return
    assert promised == office.due(moment, left)


@given(MOMENTS, ALLOWANCES, CALENDARS)
def test_the_deadline_is_the_earliest_moment_that_leaves_the_allowance(start, allowance, calendar):
    end = due(start, allowance, calendar)
    assert worked(start, end, calendar) == allowance
    assert not allowance or worked(start, end - timedelta(microseconds=1), calendar) < allowance


@settings(deadline=None)
@given(MOMENTS, st.timedeltas(timedelta(), 400 * HOUR), CALENDARS)
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


def test_what_office_hours_mean():
    assert office_hours("") == office_hours(USUAL_HOURS) == office_hours(f"  {USUAL_HOURS} ")
    assert days_alike(office_hours("mon-fri 07:30-11:30; sat 08:00-09:00")) == [
        (0, 4, ((450, 690),)),
        (5, 5, ((480, 540),)),
    ]
    assert days_alike(office_hours("24/7")) == [(0, 6, ((0, 1440),))]
    assert days_alike(office_hours("sun 20:00-24:00; mon 20:00-24:00")) == [
        (0, 0, ((1200, 1440),)),
        (6, 6, ((1200, 1440),)),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mon-fri", "no hours"),
        (";", "neither a day"),
        ("mon-fri 08:00-12:00;", "neither a day"),
        ("mo-fr 08:00-12:00", "neither a day"),
        ("fri-mon 08:00-12:00", "before it begins"),
        ("mon-fri 8:00-12:00", "no time of work"),
        ("mon-fri 08:00-24:30", "no time of work"),
        ("mon-fri 08:00-08:00", "closes before"),
        ("mon-fri 17:00-08:00", "closes before"),
        ("mon-fri 08:00-12:00 11:00-17:00", "overlap"),
        ("mon-fri 13:00-17:00 08:00-12:00", "out of order"),
        ("mon-fri 08:00-12:00; wed 13:00-17:00", "wed is named twice"),
        ("24/7; sat 08:00-12:00", "neither a day"),
        ("giờ hành chính", "neither a day"),
    ],
)
def test_office_hours_that_make_no_sense_are_refused_with_a_reason(text, said):
    with pytest.raises(ValueError, match=said):
        office_hours(text)


def test_moments_without_a_zone_and_negative_allowances_are_refused():
    naive = at("2026-11-16", "10:00").replace(tzinfo=None)
    with pytest.raises(ValueError, match="zone"):
        due(naive, HOUR, OFFICE)
    with pytest.raises(ValueError, match="zone"):
        worked(at("2026-11-16", "10:00"), naive, OFFICE)
    with pytest.raises(ValueError, match="negative"):
        due(at("2026-11-16", "10:00"), -HOUR, OFFICE)
