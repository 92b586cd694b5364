"""How the reports of a period went: which count, what is on time, and how long it took."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal.core.deadlines import VIETNAM
from portal.core.workflow import Reason, Step
from portal.models import Report
from portal.services import insights
from portal.services.insights import Row
from tests.factories import account, send_report, step

Clock = time_machine.Traveller
WEEK = date(2026, 11, 16), date(2026, 11, 22)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


def sent(now: Clock, moment: datetime, **changes: Any) -> Report:
    now.move_to(moment, tick=False)
    return send_report(**changes)


def resolved(now: Clock, report: Report, moment: datetime) -> Report:
    now.move_to(moment, tick=False)
    step(report, Step.RECEIVE)
    return step(report, Step.RESOLVE, "Đã sửa xong")


def rows(since: date, until: date, by: insights.Grouping = "unit") -> dict[str, Row]:
    told = insights.response_times(since, until, by, now=datetime.now(UTC))
    return {row.thing.code: row for row in told.rows if row.thing}


def test_a_unit_has_its_counts_its_share_and_the_median_of_working_time(app: Flask, now: Clock) -> None:
    for hours in (1, 2, 4):
        resolved(now, sent(now, at(16, 7, 30)), at(16, 7 + hours, 30))
    sent(now, at(17, 8))
    sent(now, at(17, 8), area="19351")
    now.move_to(at(17, 9), tick=False)
    found = rows(*WEEK)
    mine = found["UBND_19333"]
    assert (mine.received, mine.closed, mine.on_time, mine.open, mine.overdue) == (4, 3, 3, 1, 0)
    assert mine.on_time_percent == 100
    assert mine.median_minutes == 120 and not mine.round_the_clock
    assert found["UBND_19351"].received == 1
    assert len(found) == 2, "only units that have a report"


def test_without_an_answer_there_is_no_share_and_no_median(app: Flask, now: Clock) -> None:
    sent(now, at(17, 8))
    row = rows(*WEEK)["UBND_19333"]
    assert row.on_time_percent is None and row.median_minutes is None


def test_the_period_is_whole_days_of_vietnam(app: Flask, now: Clock) -> None:
    sent(now, at(15, 23, 59))
    first, last = sent(now, at(16, 0)), sent(now, at(18, 23, 59))
    sent(now, at(19, 0))
    assert first.submitted_at.astimezone(UTC).day == 15, "still the day before in Greenwich"
    assert last.submitted_at.astimezone(UTC).day == 18
    assert rows(date(2026, 11, 16), date(2026, 11, 18))["UBND_19333"].received == 2


def test_closed_late_is_closed_but_not_on_time_and_a_refusal_closes_too(app: Flask, now: Clock) -> None:
    resolved(now, sent(now, at(2, 8)), at(16, 10))
    prompt = sent(now, at(2, 8))
    step(prompt, Step.REJECT, "Không thấy", reason=Reason.NOT_FOUND)
    row = rows(date(2026, 11, 1), date(2026, 11, 30))["UBND_19333"]
    assert (row.received, row.closed, row.on_time, row.on_time_percent) == (2, 2, 1, 50)


def test_overdue_is_an_open_report_whose_running_clock_has_passed(app: Flask, now: Clock) -> None:
    late, asked = sent(now, at(2, 8)), sent(now, at(2, 8))
    step(asked, Step.RECEIVE)
    step(asked, Step.ASK, "Cột đèn số mấy?")
    now.move_to(at(16, 8), tick=False)
    row = rows(date(2026, 11, 1), date(2026, 11, 30))["UBND_19333"]
    assert late.next_due_at and late.next_due_at < at(16, 8)
    assert (row.open, row.overdue) == (2, 1), "no clock runs while the reporter is asked"


def test_who_names_nobody_in_time_is_counted_apart_from_broken_promises(app: Flask, now: Clock) -> None:
    left, named = sent(now, at(16, 8)), sent(now, at(16, 8))
    for report in (left, named):
        step(report, Step.RECEIVE, nobody=True)
    step(named, Step.ASSIGN, to_account=account("minh").id)
    now.move_to(at(16, 11), tick=False)
    assert rows(*WEEK)["UBND_19333"].unassigned == 0, "four hours of work are not over"
    now.move_to(at(16, 15), tick=False)
    row = rows(*WEEK)["UBND_19333"]
    assert (row.unassigned, row.overdue, row.open) == (1, 0, 2)


def test_a_reopened_report_is_open_again(app: Flask, now: Clock) -> None:
    report = resolved(now, sent(now, at(16, 8)), at(16, 9))
    now.move_to(at(16, 10), tick=False)
    step(report, Step.REOPEN, "Vẫn còn tối", by=None)
    row = rows(*WEEK)["UBND_19333"]
    assert (row.closed, row.open, row.median_minutes) == (0, 1, None)


def test_time_round_the_clock_does_not_mix_with_working_time(app: Flask, now: Clock) -> None:
    resolved(now, sent(now, at(16, 7, 30)), at(16, 8, 30))
    resolved(now, sent(now, at(16, 7, 30), category="thien_tai"), at(17, 7, 30))
    by_unit, by_category = rows(*WEEK)["UBND_19333"], rows(*WEEK, by="category")
    assert by_unit.closed == 2 and by_unit.median_minutes == 60
    assert by_category["thien_tai"].median_minutes == 24 * 60 and by_category["thien_tai"].round_the_clock
    assert by_category["den_duong"].median_minutes == 60 and not by_category["den_duong"].round_the_clock


def test_the_total_is_of_all_rows_and_tells_what_lies_open_from_before(app: Flask, now: Clock) -> None:
    sent(now, at(2, 8))
    now.move_to(at(13, 16), tick=False)
    sent(now, at(13, 16))
    resolved(now, sent(now, at(16, 8), area="19333"), at(16, 9))
    sent(now, at(16, 8), area="19351")
    told = insights.response_times(*WEEK, "unit", now=at(16, 9))
    assert (told.total.received, told.total.closed, told.total.open) == (2, 1, 1)
    assert (told.open_before, told.overdue_before) == (2, 1)


@pytest.mark.parametrize("by", ["unit", "category"])
def test_a_period_without_reports_has_no_rows(app: Flask, by: insights.Grouping) -> None:
    told = insights.response_times(*WEEK, by, now=at(16, 9))
    assert told.rows == [] and told.total.received == 0 and told.total.on_time_percent is None
