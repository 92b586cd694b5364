"""What a person asks of a ticket, and the records that it needs."""

from dataclasses import dataclass

from portal.core.workflow import Actor, Status, Step
from portal.models import Account, Event, Report, Seat, Unit
from portal.services.evidence import NO_EVIDENCE, Evidence
from portal.services.privacy.masking import Masked


@dataclass(frozen=True)
class Command:
    """One step as a person asked for it. `seen` is the status on the page where they pressed the button.

    `original` is the code of another report as it was typed, `proposal` the event of the result that was read
    before it was approved. `to_account` is to be in charge; `nobody` yet, where it is received.
    `request_key` names the form that was sent: the same form sent twice is one step.
    `repeated_because`: why an answer is sent although it nearly repeats an earlier one.
    `personal`: 'mask' or 'keep' what is personal in words for everybody; `written`: a reporter's words, masked already.
    """

    step: Step
    actor: Actor
    seen: Status
    note: str = ""
    reason: str | None = None
    channel: str | None = None
    to_unit: int | None = None
    to_account: int | None = None
    nobody: bool = False
    original: str = ""
    proposal: int | None = None
    request_key: str | None = None
    by: Seat | None = None
    evidence: Evidence = NO_EVIDENCE
    repeated_because: str = ""
    personal: str = ""
    written: Masked | None = None


@dataclass(frozen=True)
class Found:
    """What a step needs of other records: the unit that leads afterwards, the colleague who gets it, the other
    report, the proposed result."""

    to: Unit | None = None
    colleague: Account | None = None
    original: Report | None = None
    proposal: Event | None = None
