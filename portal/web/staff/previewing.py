"""What a resident would receive of a step, before it is taken: nothing is written. The reporter's own key is not shown:
it would let the officer speak as the reporter.
"""

from dataclasses import dataclass
from datetime import datetime

from portal.core.answers import segments
from portal.core.answers.segments import Length
from portal.core.workflow import Step
from portal.models import Report
from portal.services import handling, notifications
from portal.services.handling import Command
from portal.web import letters

HIDDEN = "…"


@dataclass(frozen=True)
class Letter:
    """One message as it would be sent; `length` of an SMS."""

    channel: str
    text: str
    length: Length | None


def of_step(report: Report, command: Command, *, now: datetime) -> list[Letter]:
    """The messages of this step, none where the reporter left no way to be reached; of a proposed result those of
    its approval. Raises what the law says of the step.
    """
    event = handling.foretold(report, command, now=now)
    if command.step is Step.PROPOSE:
        event.step = Step.APPROVE
    return [
        Letter(
            message.channel, said.replace(message.report.reporter_key, HIDDEN), _length(message.channel, said)
        )
        for message in notifications.foretold(report, event)
        if (said := letters.words(message))
    ]


def _length(channel: str, said: str) -> Length | None:
    return segments.length(said) if channel == "sms" else None
