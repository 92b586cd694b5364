"""The life of a report: which steps exist, who may take them, and what each demands, tells and does to the clocks.

`LAW` is the whole law, one line a step. Buttons, services, the worker and the demonstration ask it and never repeat
it; docs/workflow.md is the same table for people, and a test compares the two.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.core.errors import ChannelRequired, NotAllowed, NoteRequired, ReasonRequired


class Kind(StrEnum):
    """The three fixed types of status: a clock runs, it stands still, it has ended."""

    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


class Status(StrEnum):
    SUBMITTED = "submitted"
    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"  # for the reporter's answer
    PAUSED = "paused"  # for a cause that the unit cannot help
    AWAITING_APPROVAL = "awaiting_approval"
    RESOLVED = "resolved"  # the reporter may still say that it is not done
    CLOSED = "closed"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    REDIRECTED = "redirected"  # to the channel that the law has for it


class Step(StrEnum):
    RECEIVE = "receive"
    START = "start"
    ASK = "ask"
    REPLY = "reply"
    FALL_BACK = "fall_back"
    PAUSE = "pause"
    RESUME = "resume"
    ANSWER = "answer"
    NOTE = "note"
    ASSIGN = "assign"
    SAME_CAUSE = "same_cause"
    FORWARD = "forward"
    RETURN = "return"
    CORRECT = "correct"
    RESOLVE = "resolve"
    PROPOSE = "propose"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    CONFIRM = "confirm"
    CLOSE = "close"
    REJECT = "reject"
    DUPLICATE = "duplicate"
    SEPARATE = "separate"
    REDIRECT = "redirect"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


class Actor(StrEnum):
    """Who acts. An officer of the unit that leads is an approver of what a colleague proposed."""

    RESIDENT = "resident"
    OFFICER = "officer"
    APPROVER = "approver"
    COORDINATOR = "coordinator"  # an officer of the coordination centre, when it leads
    ADMINISTRATOR = "administrator"  # who grants a reporter's request about their data
    SYSTEM = "system"


class Condition(StrEnum):
    """What must be true of the ticket, for some actors, beside its status."""

    ALWAYS = "always"
    NO_APPROVAL = "no_approval"  # the unit lets each officer close
    APPROVAL = "approval"  # the unit wants a second person
    UNSETTLED = "unsettled"  # not yet returned so often that the coordination centre decides
    RETURNABLE = "returnable"  # unsettled, and the unit has it since a short time
    LATELY_CLOSED = "lately_closed"
    LONG_CLOSED = "long_closed"
    UNANSWERED = "unanswered"  # the time to answer the unit's question is over
    ALONE = "alone"  # no other report was merged into it, whose reporters would wait for nothing
    KEPT = "kept"  # its reporter has not taken it back


class Demand(StrEnum):
    """What an actor must bring."""

    ANSWER = "answer"  # a text that the reporter and, unless the category is private, everybody reads
    NOTE = "note"  # a text for officers
    REASON = "reason"  # from the list of the step
    UNIT = "unit"  # another one, that exists today
    CHANNEL = "channel"
    ORIGINAL = "original"  # the code of another report
    COLLEAGUE = "colleague"  # an officer of the unit
    FACTS = "facts"  # category or place, put right
    EVIDENCE = "evidence"  # photo or document, where the category wants one


class Told(StrEnum):
    """What the reporter learns."""

    MESSAGE = "message"  # reads it on the page, and gets a message
    PAGE = "page"
    NOTHING = "nothing"


class Effect(StrEnum):
    """What a step does to the clocks."""

    NONE = "none"
    START = "start"  # anew: the one to receive in a unit that gets a ticket, the one to resolve when reopened
    NEXT = "next"  # the one to receive is stopped, the one to resolve counts
    STOP = "stop"
    RESUME = "resume"
    END = "end"
    RESTORE = "restore"  # as before the step that is taken back, and the status too; the time since counts


class Clock(StrEnum):
    """What a unit owes: to receive a report, to name who is in charge of it, and to answer it."""

    RECEIVE = "receive"
    ASSIGN = "assign"  # the unit's own: the reporter learns nothing of it
    RESOLVE = "resolve"


class Lead(StrEnum):
    """Which unit leads afterwards."""

    SAME = "same"
    CHOSEN = "chosen"
    RULES = "rules"  # whom the rules name; another unit gets it as if it were forwarded
    SENDER = "sender"  # who forwarded it; the coordination centre if a rule did, or at the second return


class Reason(StrEnum):
    """Why; `REASONS` says which belong to which step."""

    OUT_OF_SCOPE = "out_of_scope"
    OUTSIDE_JURISDICTION = "outside_jurisdiction"
    NOT_FOUND = "not_found"
    NOT_ENOUGH = "not_enough"
    WEATHER = "weather"
    MATERIALS = "materials"
    FUNDING = "funding"
    OTHER_AGENCY = "other_agency"
    INSPECTION = "inspection"
    OTHER_AREA = "other_area"
    OTHER_FIELD = "other_field"
    OTHER_OWNER = "other_owner"
    OTHER_LEVEL = "other_level"
    WITHDRAWN = "withdrawn"  # of every report that its reporter took back, and of no other
    DUPLICATE = "duplicate"  # said of reports that were rejected before these two had steps of their own
    OTHER_PROCEDURE = "other_procedure"


class Channel(StrEnum):
    """Where the law sends what is no report."""

    COMPLAINT = "complaint"  # Luật Khiếu nại 2011
    DENUNCIATION = "denunciation"  # Luật Tố cáo 2018
    LAND_DISPUTE = "land_dispute"  # Luật Đất đai 2024
    PROCEDURE = "procedure"  # Nghị định 61/2018/NĐ-CP
    CRIME = "crime"  # Bộ luật Tố tụng hình sự 2015
    COURT = "court"


R = Reason
REASONS: dict[Step, tuple[Reason, ...]] = {
    Step.REJECT: (R.OUT_OF_SCOPE, R.OUTSIDE_JURISDICTION, R.NOT_FOUND, R.NOT_ENOUGH),
    Step.PAUSE: (R.WEATHER, R.MATERIALS, R.FUNDING, R.OTHER_AGENCY, R.INSPECTION),
    Step.RETURN: (R.OTHER_AREA, R.OTHER_FIELD, R.OTHER_OWNER, R.OTHER_LEVEL),
}

K, S, T, A, D = Kind, Status, Step, Actor, Demand
KINDS: dict[Status, Kind] = {
    S.SUBMITTED: K.OPEN,
    S.RECEIVED: K.OPEN,
    S.IN_PROGRESS: K.OPEN,
    S.WAITING: K.WAITING,
    S.PAUSED: K.WAITING,
    S.AWAITING_APPROVAL: K.OPEN,
    S.RESOLVED: K.CLOSED,
    S.CLOSED: K.CLOSED,
    S.REJECTED: K.CLOSED,
    S.DUPLICATE: K.CLOSED,
    S.REDIRECTED: K.CLOSED,
}


def of(*kinds: Kind) -> tuple[Status, ...]:
    """The statuses of these kinds, in the order of `Status`."""
    return tuple(status for status in Status if KINDS[status] in kinds)


RUNNING = of(K.OPEN)
STANDING = of(K.WAITING)  # the promise moves by the time spent here
CLOSED = of(K.CLOSED)
UNRECEIVED = (S.SUBMITTED,)
ASSIGNED = (S.RECEIVED, S.IN_PROGRESS)  # somebody is to be in charge
EXTENDABLE = (S.RECEIVED, S.IN_PROGRESS)  # a later date may be asked for
OPEN = of(K.OPEN, K.WAITING)  # as people say it: not closed

REOPENED_WITHIN = timedelta(days=30)  # by the reporter; then it is closed, and what comes is a new report
RETURNED_WITHIN_MINUTES = 8 * 60  # of working time since the ticket reached the unit
ANSWERED_WITHIN_MINUTES = 5 * 8 * 60  # of working time, by the reporter; then work goes on without
# Which officer is in charge: who takes one of these steps, where nobody is named. `RECEIVE` may name a colleague, or
# leave it open; `ASSIGN` names anybody of the unit; another unit begins with nobody.
TAKERS = (T.RECEIVE, T.START, T.RESUME, T.RESOLVE, T.PROPOSE)
TEMPLATED = (
    T.ANSWER,
    T.ASK,
    T.PAUSE,
    T.RESOLVE,
    T.REJECT,
    T.REDIRECT,
)  # texts to begin with are kept for these
MOST_RETURNS = 2  # then the coordination centre decides, and nobody else forwards or returns it


@dataclass(frozen=True)
class Rule:
    """A line of the law for one status. `to` is None where the status stays; `by` says who may, and when."""

    to: Status | None
    by: dict[Actor, Condition]
    demands: frozenset[Demand]
    told: Told
    effect: Effect
    lead: Lead

    @property
    def public(self) -> bool:
        """Does everybody who may read the report see that the step was taken?"""
        return self.told is not Told.NOTHING

    @property
    def tells_reporter(self) -> bool:
        return self.told is Told.MESSAGE


C, L = Condition, Lead
RESIDENT, OFFICER, APPROVER = {A.RESIDENT: C.ALWAYS}, {A.OFFICER: C.ALWAYS}, {A.APPROVER: C.ALWAYS}
FORWARDER, RETURNER = {A.OFFICER: C.UNSETTLED, A.COORDINATOR: C.ALWAYS}, {A.OFFICER: C.RETURNABLE}
PARTER = {A.OFFICER: C.LATELY_CLOSED}
CLOSER, PROPOSER = {A.OFFICER: C.NO_APPROVAL}, {A.OFFICER: C.APPROVAL}
SENDER = {A.RESIDENT: C.ALONE, A.ADMINISTRATOR: C.ALONE}
ERASER = {A.ADMINISTRATOR: C.ALONE}
REOPENER, RENEWER = {A.RESIDENT: C.LATELY_CLOSED, A.OFFICER: C.ALWAYS}, {A.OFFICER: C.KEPT}
CLOCKWORK, IMPATIENCE = {A.SYSTEM: C.LONG_CLOSED}, {A.SYSTEM: C.UNANSWERED}

NEW, TAKEN, WAITS, PAUSED = UNRECEIVED, (S.RECEIVED,), (S.WAITING,), (S.PAUSED,)
WORKED, PROPOSED, DONE = (S.RECEIVED, S.IN_PROGRESS), (S.AWAITING_APPROVAL,), (S.RESOLVED,)
MERGED = (S.DUPLICATE,)
HELD, ENDED, LEFT = (*NEW, *WORKED), (S.RESOLVED, S.CLOSED), (S.REJECTED, S.DUPLICATE, S.REDIRECTED)
EVERY, LIVE, TOLD = tuple(Status), (*HELD, *WAITS, *PAUSED), (*WORKED, *PAUSED)
TOUCHED = (*WORKED, *WAITS, *PAUSED, *PROPOSED)

NOTHING, ANSWER, NOTE = (), (D.ANSWER,), (D.NOTE,)
REASON, UNIT = (D.REASON, D.ANSWER), (D.UNIT, D.ANSWER)
RESULT = (D.ANSWER, D.EVIDENCE)
CHANNEL, ORIGINAL, FACTS = (D.CHANNEL, D.ANSWER), (D.ORIGINAL,), (D.FACTS,)
COLLEAGUE = (D.COLLEAGUE,)

MESSAGE, PAGE, HIDDEN = Told.MESSAGE, Told.PAGE, Told.NOTHING
NONE, START, NEXT, STOP, RESUME, END, RESTORE = Effect
Line = tuple[
    Step, tuple[Status, ...], Status | None, dict[Actor, Condition], tuple[Demand, ...], Told, Effect, Lead
]

# fmt: off
LAW: tuple[Line, ...] = (
    # step         from      to                   who        brings    reporter  clocks  leads afterwards
    (T.RECEIVE,   NEW,      S.RECEIVED,          OFFICER,   NOTHING,  MESSAGE,  NEXT,   L.SAME),
    (T.START,     TAKEN,    S.IN_PROGRESS,       OFFICER,   NOTHING,  MESSAGE,  NONE,   L.SAME),
    (T.ASK,       WORKED,   S.WAITING,           OFFICER,   ANSWER,   MESSAGE,  STOP,   L.SAME),
    (T.REPLY,     WAITS,    S.IN_PROGRESS,       RESIDENT,  ANSWER,   PAGE,     RESUME, L.SAME),
    (T.FALL_BACK, WAITS,    S.IN_PROGRESS,       IMPATIENCE, NOTHING, MESSAGE,  RESUME, L.SAME),
    (T.START,     WAITS,    S.IN_PROGRESS,       OFFICER,   NOTHING,  PAGE,     RESUME, L.SAME),
    (T.PAUSE,     WORKED,   S.PAUSED,            OFFICER,   REASON,   MESSAGE,  STOP,   L.SAME),
    (T.RESUME,    PAUSED,   S.IN_PROGRESS,       OFFICER,   NOTHING,  MESSAGE,  RESUME, L.SAME),
    (T.ANSWER,    TOLD,     None,                OFFICER,   ANSWER,   MESSAGE,  NONE,   L.SAME),
    (T.NOTE,      EVERY,    None,                OFFICER,   NOTE,     HIDDEN,   NONE,   L.SAME),
    (T.ASSIGN,    OPEN,     None,                OFFICER,   COLLEAGUE,HIDDEN,   NONE,   L.SAME),
    (T.SAME_CAUSE,OPEN,     None,                OFFICER,   ORIGINAL, HIDDEN,   NONE,   L.SAME),
    (T.FORWARD,   HELD,     S.SUBMITTED,         FORWARDER, UNIT,     MESSAGE,  START,  L.CHOSEN),
    (T.RETURN,    HELD,     S.SUBMITTED,         RETURNER,  REASON,   MESSAGE,  START,  L.SENDER),
    (T.CORRECT,   OPEN,     None,                OFFICER,   FACTS,    MESSAGE,  NONE,   L.RULES),
    (T.RESOLVE,   WORKED,   S.RESOLVED,          CLOSER,    RESULT,   MESSAGE,  END,    L.SAME),
    (T.PROPOSE,   WORKED,   S.AWAITING_APPROVAL, PROPOSER,  RESULT,   HIDDEN,   NONE,   L.SAME),
    (T.APPROVE,   PROPOSED, S.RESOLVED,          APPROVER,  NOTHING,  MESSAGE,  END,    L.SAME),
    (T.SEND_BACK, PROPOSED, S.IN_PROGRESS,       OFFICER,   NOTE,     HIDDEN,   NONE,   L.SAME),
    (T.CONFIRM,   DONE,     S.CLOSED,            RESIDENT,  NOTHING,  PAGE,     NONE,   L.SAME),
    (T.CLOSE,     DONE,     S.CLOSED,            CLOCKWORK, NOTHING,  PAGE,     NONE,   L.SAME),
    (T.REJECT,    LIVE,     S.REJECTED,          OFFICER,   REASON,   MESSAGE,  END,    L.SAME),
    (T.DUPLICATE, LIVE,     S.DUPLICATE,         OFFICER,   ORIGINAL, MESSAGE,  END,    L.SAME),
    (T.SEPARATE,  MERGED,   None,                PARTER,    NOTHING,  MESSAGE,  RESTORE,L.SAME),
    (T.REDIRECT,  LIVE,     S.REDIRECTED,        OFFICER,   CHANNEL,  MESSAGE,  END,    L.SAME),
    (T.WITHDRAW,  NEW,      S.REJECTED,          SENDER,    NOTHING,  MESSAGE,  END,    L.SAME),
    (T.WITHDRAW,  TOUCHED,  S.REJECTED,          ERASER,    NOTHING,  MESSAGE,  END,    L.SAME),
    (T.REOPEN,    ENDED,    S.IN_PROGRESS,       REOPENER,  ANSWER,   MESSAGE,  START,  L.SAME),
    (T.REOPEN,    LEFT,     S.IN_PROGRESS,       RENEWER,   ANSWER,   MESSAGE,  START,  L.SAME),
)
# fmt: on

STEPS: dict[tuple[Status, Step], Rule] = {
    (status, step): Rule(to, by, frozenset(demands), told, effect, lead)
    for step, statuses, to, by, demands, told, effect, lead in LAW
    for status in statuses
}


def conditions(
    *,
    needs_approval: bool,
    times_returned: int,
    at_centre: bool,
    held_minutes: int,
    closed_at: datetime | None,
    answer_due_at: datetime | None,
    times_merged: int,
    withdrawn: bool,
    now: datetime,
) -> frozenset[Condition]:
    """What is true of a ticket now. `at_centre`: the coordination centre leads it, which returns nothing.

    `held_minutes`: of working time since its unit got it; `times_merged`: how many reports were merged into it;
    `withdrawn`: its reporter took it back.
    """
    unsettled = times_returned < MOST_RETURNS
    late = closed_at is not None and now - closed_at > REOPENED_WITHIN
    holds = {
        C.ALWAYS: True,
        C.NO_APPROVAL: not needs_approval,
        C.APPROVAL: needs_approval,
        C.UNSETTLED: unsettled,
        C.RETURNABLE: unsettled and not at_centre and held_minutes <= RETURNED_WITHIN_MINUTES,
        C.LATELY_CLOSED: not late,
        C.LONG_CLOSED: late,
        C.UNANSWERED: answer_due_at is not None and now >= answer_due_at,
        C.ALONE: times_merged == 0,
        C.KEPT: not withdrawn,
    }
    return frozenset(condition for condition, true in holds.items() if true)


def may(status: Status, step: Step, actors: Collection[Actor], held: Collection[Condition]) -> bool:
    """May somebody who is all these actors take this step, of a ticket of which these conditions hold?"""
    rule = STEPS.get((status, step))
    return rule is not None and any(rule.by.get(actor) in held for actor in actors)


def open_steps(status: Status, actors: Collection[Actor], held: Collection[Condition]) -> list[Step]:
    """The steps these actors may take now, in the order of `Step`."""
    return [step for step in Step if may(status, step, actors, held)]


def decide(
    status: Status,
    step: Step,
    actors: Collection[Actor],
    held: Collection[Condition],
    *,
    note: str = "",
    reason: str | None = None,
    channel: str | None = None,
) -> Rule:
    """Return the rule for this step. A unit or an original that it demands is looked for by who keeps them.

    Raises NotAllowed where the law has no such step for these actors now; NoteRequired, ReasonRequired and
    ChannelRequired where the step demands a text, a reason or a channel from the list, and has none.
    """
    if not may(status, step, actors, held):
        raise NotAllowed(status=status, step=step)
    rule = STEPS[status, step]
    if D.REASON in rule.demands and reason not in REASONS[step]:
        raise ReasonRequired(step=step)
    if D.CHANNEL in rule.demands and channel not in set(Channel):
        raise ChannelRequired(step=step)
    if rule.demands & {D.ANSWER, D.NOTE} and not note.strip():
        raise NoteRequired(step=step)
    return rule


def running(status: Status, *, named: bool) -> tuple[Clock, ...]:
    """The clocks that run in this status, where somebody is `named` to be in charge or nobody is."""
    if status not in RUNNING:
        return ()
    if status in UNRECEIVED:
        return (Clock.RECEIVE, Clock.RESOLVE)
    return (Clock.ASSIGN, Clock.RESOLVE) if status in ASSIGNED and not named else (Clock.RESOLVE,)
