"""The life of a report: which steps exist, who may take them, and what each demands.

`STEPS` is the whole law. Buttons, services and reminders ask it and never repeat it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.core.errors import NotAllowed, NoteRequired, ReasonRequired


class Status(StrEnum):
    SUBMITTED = "submitted"
    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"  # for the reporter's answer: the clock stands still
    RESOLVED = "resolved"
    REJECTED = "rejected"


class Step(StrEnum):
    RECEIVE = "receive"
    START = "start"
    FORWARD = "forward"
    CORRECT = "correct"
    ASK = "ask"
    REPLY = "reply"
    ANSWER = "answer"
    NOTE = "note"
    RESOLVE = "resolve"
    REJECT = "reject"
    REOPEN = "reopen"


class Actor(StrEnum):
    RESIDENT = "resident"
    OFFICER = "officer"
    SYSTEM = "system"


class Clock(StrEnum):
    """What a unit has promised: to receive a report, and to answer it."""

    RECEIVE = "receive"
    RESOLVE = "resolve"


class Reason(StrEnum):
    """Why a report is refused: the list that a rejection must choose from."""

    OUT_OF_SCOPE = "out_of_scope"
    OUTSIDE_JURISDICTION = "outside_jurisdiction"
    DUPLICATE = "duplicate"
    NOT_FOUND = "not_found"
    NOT_ENOUGH = "not_enough"
    OTHER_PROCEDURE = "other_procedure"


@dataclass(frozen=True)
class Rule:
    """What a step leads to (`None`: the status stays), who may take it, what it demands and whom it tells."""

    to: Status | None
    by: frozenset[Actor]
    needs_note: bool = False
    needs_reason: bool = False
    public: bool = True
    tells_reporter: bool = False


def _rule(
    to: Status | None,
    *by: Actor,
    note: bool = False,
    reason: bool = False,
    public: bool = True,
    tells: bool = False,
) -> Rule:
    return Rule(to, frozenset(by), note, reason, public, tells)


S, T, A = Status, Step, Actor
RESIDENT_REOPENS_WITHIN = timedelta(days=30)  # afterwards it is a new report
OPEN = frozenset({S.SUBMITTED, S.RECEIVED, S.IN_PROGRESS, S.WAITING})
CLOSED = frozenset({S.RESOLVED, S.REJECTED})
UNRECEIVED = frozenset({S.SUBMITTED})
PAUSED = frozenset({S.WAITING})  # the promise moves by the time spent here
EXTENDABLE = frozenset({S.RECEIVED, S.IN_PROGRESS})  # a later date may be asked for

STEPS: dict[tuple[Status, Step], Rule] = {
    (S.SUBMITTED, T.RECEIVE): _rule(S.RECEIVED, A.OFFICER, tells=True),
    (S.RECEIVED, T.START): _rule(S.IN_PROGRESS, A.OFFICER, tells=True),
    (S.WAITING, T.START): _rule(S.IN_PROGRESS, A.OFFICER),
    (S.WAITING, T.REPLY): _rule(S.IN_PROGRESS, A.RESIDENT, note=True),
    (S.RESOLVED, T.REOPEN): _rule(S.IN_PROGRESS, A.RESIDENT, A.OFFICER, note=True, tells=True),
    (S.REJECTED, T.REOPEN): _rule(S.IN_PROGRESS, A.OFFICER, note=True, tells=True),
    **{(s, T.NOTE): _rule(None, A.OFFICER, note=True, public=False) for s in S},
    **{
        (s, T.FORWARD): _rule(S.SUBMITTED, A.OFFICER, note=True, tells=True)
        for s in (S.SUBMITTED, S.RECEIVED, S.IN_PROGRESS)
    },
    # Stays in its status where the unit that leads stays; goes to another one like a forwarded report.
    **{(s, T.CORRECT): _rule(None, A.OFFICER) for s in OPEN},
    **{
        (s, T.REJECT): _rule(S.REJECTED, A.OFFICER, note=True, reason=True, tells=True)
        for s in (S.SUBMITTED, S.RECEIVED, S.IN_PROGRESS, S.WAITING)
    },
    **{
        (s, step): rule
        for s in (S.RECEIVED, S.IN_PROGRESS)
        for step, rule in {
            T.ASK: _rule(S.WAITING, A.OFFICER, note=True, tells=True),
            T.ANSWER: _rule(None, A.OFFICER, note=True, tells=True),
            T.RESOLVE: _rule(S.RESOLVED, A.OFFICER, note=True, tells=True),
        }.items()
    },
}


def decide(status: Status, step: Step, actor: Actor, *, note: str = "", reason: str | None = None) -> Rule:
    """Return the rule for this step.

    Raises NotAllowed where the law has no such step for this actor, NoteRequired and ReasonRequired where
    the step demands a text or a reason from the list and has none.
    """
    rule = STEPS.get((status, step))
    if rule is None or actor not in rule.by:
        raise NotAllowed(status=status, step=step)
    if rule.needs_reason and reason not in set(Reason):
        raise ReasonRequired(step=step)
    if rule.needs_note and not note.strip():
        raise NoteRequired(step=step)
    return rule


def running(status: Status) -> tuple[Clock, ...]:
    """The clocks that run in this status."""
    if status in CLOSED | PAUSED:
        return ()
    return (Clock.RECEIVE, Clock.RESOLVE) if status in UNRECEIVED else (Clock.RESOLVE,)


def open_steps(status: Status, actor: Actor) -> list[Step]:
    """The steps this actor may take now, in the order of `Step`."""
    return [step for step in Step if (rule := STEPS.get((status, step))) and actor in rule.by]


def open_steps_of_reporter(status: Status, closed_at: datetime | None, now: datetime) -> list[Step]:
    """The steps that the reporter may take now: reopening only within 30 days of the end."""
    too_late = closed_at is not None and now - closed_at > RESIDENT_REOPENS_WITHIN
    return [step for step in open_steps(status, Actor.RESIDENT) if not (step is Step.REOPEN and too_late)]
