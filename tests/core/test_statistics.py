from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from portal.core.statistics import ALL, Case, figures, there_and_back, total


def answered(group, minutes, on_time):
    return Case(group, minutes, on_time, open=False, overdue=False)


def waiting(group, overdue=False):
    return Case(group, None, None, open=True, overdue=overdue)


GROUPS = st.sampled_from(["UBND_19333", "SXD", ("SXD", "den_duong")])
CASES = st.lists(
    st.builds(answered, GROUPS, st.integers(0, 10_000), st.booleans())
    | st.builds(waiting, GROUPS, st.booleans())
)


def test_a_unit_is_measured_by_its_own_cases():
    cases = [
        answered("SXD", 30, True),
        answered("UBND_19333", 5000, False),
        answered("SXD", 90, True),
        answered("SXD", 600, False),
        answered("SXD", 60, True),
        waiting("SXD"),
        waiting("SXD", overdue=True),
    ]
    works, _ward = figures(cases)
    assert (works.key, works.received, works.answered, works.open, works.overdue) == ("SXD", 6, 4, 2, 1)
    assert (works.median_minutes, works.on_time, works.on_time_percent) == (75.0, 3, 75.0)


def test_one_very_slow_case_does_not_move_the_median():
    [figure] = figures([answered("SXD", minutes, True) for minutes in (10, 20, 1_000_000)])
    assert figure.median_minutes == 20


def test_where_nothing_was_answered_there_is_no_figure_to_show():
    [figure] = figures([waiting("SXD"), waiting("SXD", overdue=True)])
    assert (figure.answered, figure.median_minutes, figure.on_time_percent) == (0, None, None)


def test_an_answer_within_the_minute_is_a_figure_too():
    [figure] = figures([answered("SXD", 0, False)])
    assert (figure.answered, figure.median_minutes, figure.on_time_percent) == (1, 0.0, 0.0)


def test_no_cases_no_groups_and_an_empty_total():
    assert figures([]) == []
    nothing = total([])
    assert (nothing.key, nothing.received, nothing.median_minutes, nothing.on_time_percent) == (
        ALL,
        0,
        None,
        None,
    )


def test_groups_may_be_pairs_and_keep_the_order_of_their_first_case():
    cases = [waiting(("b", "x")), waiting(("a", "x")), waiting(("b", "x"))]
    assert [figure.key for figure in figures(cases)] == [("b", "x"), ("a", "x")]


@given(CASES)
def test_the_groups_add_up_to_the_total(cases):
    parts, whole = figures(iter(cases)), total(iter(cases))
    for count in ("received", "answered", "on_time", "open", "overdue"):
        assert sum(getattr(part, count) for part in parts) == getattr(whole, count)
    assert whole.received == len(cases) == whole.answered + whole.open


@given(CASES)
def test_the_total_median_is_that_of_the_cases_not_of_the_groups(cases):
    minutes = [case.minutes for case in cases if case.minutes is not None]
    assert total(cases).median_minutes == (median(minutes) if minutes else None)


def test_pairs_between_which_things_go_there_and_back_are_counted_once_a_path() -> None:
    paths = [[1, 2, 1, 2, 1], [2, 1, 2], [1, 2, 3], [3, 4, 3, 5], []]
    assert there_and_back(paths) == [((1, 2), 2), ((3, 4), 1)]
