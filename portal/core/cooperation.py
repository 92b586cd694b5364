"""The small law of tasks: what the unit that leads asks of one that helps, and a superior unit of the one that leads.

`LAW` is the whole of it. Tasks are internal: whatever the other unit says, the reporter hears from the lead alone.
"""

from enum import StrEnum
from typing import NamedTuple

from portal.core.errors import NotAllowed, NoteRequired


class Kind(StrEnum):
    """How a unit came to stand beside the one that leads."""

    RULE = "rule"  # the routing rules name it
    ASKED = "asked"  # the lead asked it
    SUPERIOR = "superior"  # a clock was broken: it reads, notes and demands


class State(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """The names of the events too."""

    ASK = "ask_task"
    ACCEPT = "accept_task"
    DECLINE = "decline_task"
    FINISH = "finish_task"
    WITHDRAW = "withdraw_task"


class Role(StrEnum):
    ASKER = "asker"
    DOER = "doer"


class Rule(NamedTuple):
    """A line of the law: from which states who leads a task where, and whether words are demanded."""

    before: tuple[State, ...]
    to: State
    by: Role
    needs_words: bool


OPEN = (State.ASKED, State.ACCEPTED)
ENDED = (State.DECLINED, State.DONE, State.WITHDRAWN)

# fmt: off
LAW: dict[Step, Rule] = {
    #                    from                to               who         words
    Step.ASK:      Rule((),                State.ASKED,     Role.ASKER, True),
    Step.ACCEPT:   Rule((State.ASKED,),    State.ACCEPTED,  Role.DOER,  False),
    Step.FINISH:   Rule(OPEN,              State.DONE,      Role.DOER,  True),
    Step.DECLINE:  Rule(OPEN,              State.DECLINED,  Role.DOER,  True),
    Step.WITHDRAW: Rule(OPEN,              State.WITHDRAWN, Role.ASKER, False),
}
# fmt: on


def open_steps(state: State, role: Role | None) -> list[Step]:
    """What somebody of this role may do with a task now."""
    return [step for step, rule in LAW.items() if state in rule.before and rule.by is role]


def decide(state: State, step: Step, role: Role | None, words: str) -> Rule:
    """The rule for this step. Raises NotAllowed, and NoteRequired where it demands words and has none."""
    if step not in open_steps(state, role):
        raise NotAllowed(state=state, step=step)
    if LAW[step].needs_words and not words:
        raise NoteRequired(step=step)
    return LAW[step]
