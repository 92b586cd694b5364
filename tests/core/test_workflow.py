"""The law as a table: nothing is out of reach, nothing is a dead end, and every word of it is used."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.core import workflow
from portal.core.errors import ChannelRequired, NotAllowed, NoteRequired, ReasonRequired
from portal.core.workflow import (
    KINDS,
    LAW,
    REASONS,
    STEPS,
    Actor,
    Clock,
    Condition,
    Demand,
    Effect,
    Kind,
    Lead,
    Reason,
    Status,
    Step,
    Told,
)

NOW = datetime(2026, 11, 16, 1, tzinfo=UTC)
OFFICER = {Actor.OFFICER}
FRESH = {
    "needs_approval": False,
    "times_returned": 0,
    "at_centre": False,
    "held_minutes": 0,
    "closed_at": None,
    "answer_due_at": None,
    "times_merged": 0,
    "withdrawn": False,
    "now": NOW,
}


def test_every_status_is_reached_from_the_first_and_leads_on() -> None:
    reached = {Status.SUBMITTED}
    while more := {rule.to for (seen, _), rule in STEPS.items() if seen in reached and rule.to} - reached:
        reached |= more
    assert reached == set(Status) == set(KINDS)
    for status in Status:
        onward = {rule.to for (seen, _), rule in STEPS.items() if seen is status and rule.to}
        assert onward, status
        if status not in workflow.CLOSED:
            assert onward & set(workflow.CLOSED) or Status.IN_PROGRESS in onward, status


def test_every_line_is_written_once_and_every_word_of_the_law_is_used() -> None:
    pairs = [(step, status) for step, statuses, *_ in LAW for status in statuses]
    assert len(pairs) == len(set(pairs)) == len(STEPS)
    rules = STEPS.values()
    assert {step for _, step in STEPS} == set(Step)
    assert {actor for rule in rules for actor in rule.by} == set(Actor)
    assert {condition for rule in rules for condition in rule.by.values()} == set(Condition)
    assert {demand for rule in rules for demand in rule.demands} == set(Demand)
    assert {rule.told for rule in rules} == set(Told)
    assert {rule.effect for rule in rules} == set(Effect)
    assert {rule.lead for rule in rules} == set(Lead)
    assert {step for step, *_, demands, _, _, _ in LAW if Demand.REASON in demands} == set(REASONS)


def test_the_clocks_follow_the_kind_of_status() -> None:
    for (seen, step), rule in STEPS.items():
        before, after = KINDS[seen], KINDS[rule.to or seen]
        stands = {Effect.STOP: Kind.WAITING, Effect.END: Kind.CLOSED}
        if rule.effect is Effect.RESTORE:
            assert (before, rule.to) == (Kind.CLOSED, None), "the status of before"
            continue
        if before is not after:
            assert rule.effect not in (Effect.NONE, Effect.NEXT), (seen, step)
        if rule.effect is not Effect.NONE:
            assert after is stands.get(rule.effect, Kind.OPEN), (seen, step)
        for named in (False, True):
            assert bool(workflow.running(seen, named=named)) is (before is Kind.OPEN)


def test_the_clock_to_name_somebody_runs_where_a_unit_has_received_and_nobody_is_in_charge() -> None:
    for status in Status:
        runs = Clock.ASSIGN in workflow.running(status, named=False)
        assert runs is (status in (Status.RECEIVED, Status.IN_PROGRESS)), status
        assert Clock.ASSIGN not in workflow.running(status, named=True)


def test_nobody_learns_an_internal_word_and_every_end_is_told() -> None:
    for (seen, step), rule in STEPS.items():
        if Demand.NOTE in rule.demands:
            assert not rule.public, step
        if rule.effect is Effect.END or rule.lead in (Lead.CHOSEN, Lead.SENDER):
            assert rule.tells_reporter, (seen, step)


@pytest.mark.parametrize(
    ("changes", "status", "opened", "closed"),
    [
        ({}, Status.RECEIVED, {Step.RESOLVE, Step.FORWARD, Step.RETURN}, {Step.PROPOSE}),
        ({"needs_approval": True}, Status.RECEIVED, {Step.PROPOSE}, {Step.RESOLVE}),
        ({"held_minutes": 480}, Status.RECEIVED, {Step.RETURN}, set()),
        ({"held_minutes": 481}, Status.RECEIVED, {Step.FORWARD}, {Step.RETURN}),
        ({"times_returned": 1}, Status.RECEIVED, {Step.RETURN}, set()),
        ({"times_returned": 2}, Status.RECEIVED, {Step.RESOLVE}, {Step.RETURN, Step.FORWARD}),
        ({"at_centre": True}, Status.SUBMITTED, {Step.FORWARD}, {Step.RETURN}),
    ],
)
def test_what_an_officer_may_do_depends_on_the_ticket(
    changes: dict[str, object], status: Status, opened: set[Step], closed: set[Step]
) -> None:
    held = workflow.conditions(**{**FRESH, **changes})
    steps = set(workflow.open_steps(status, OFFICER, held))
    assert opened <= steps and not closed & steps


def test_the_reporter_reopens_for_thirty_days_and_then_the_system_closes() -> None:
    for age, resident, system in ((30, True, False), (31, False, True)):
        held = workflow.conditions(**{**FRESH, "closed_at": NOW - timedelta(days=age)})
        assert workflow.may(Status.RESOLVED, Step.REOPEN, {Actor.RESIDENT}, held) is resident
        assert workflow.may(Status.RESOLVED, Step.CLOSE, {Actor.SYSTEM}, held) is system
        assert workflow.may(Status.CLOSED, Step.REOPEN, OFFICER, held)


def test_what_a_step_lacks_is_named() -> None:
    held = workflow.conditions(**FRESH)
    for step, brought, error in (
        (Step.REPLY, {"note": "a"}, NotAllowed),
        (Step.RESOLVE, {"note": " \n"}, NoteRequired),
        (Step.REJECT, {"note": "a"}, ReasonRequired),
        (Step.REJECT, {"note": "a", "reason": Reason.WEATHER}, ReasonRequired),
        (Step.REJECT, {"reason": Reason.NOT_FOUND}, NoteRequired),
        (Step.REDIRECT, {"note": "a", "channel": "elsewhere"}, ChannelRequired),
    ):
        with pytest.raises(error):
            workflow.decide(Status.RECEIVED, step, OFFICER, held, **brought)
