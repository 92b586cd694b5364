"""Ways to reach a reporter. The embedded default writes the message to the log."""

import logging
from typing import Protocol

from portal.core import phones

log = logging.getLogger(__name__)


class NotSent(Exception):
    """The gateway refused or did not answer; the worker tries again."""


class Channel(Protocol):
    def send(self, address: str, text: str) -> None:
        """Deliver the text to a phone number (+84…) or e-mail address within a minute, or raise NotSent.

        A mail's first line is its subject, an empty line follows, then the letter.
        """


class LogChannel:
    """Keeps the address masked: a log is read by more people than a contact.

    `whole`: the text too, links that are passwords and all, so that a demonstration can be followed.
    """

    def __init__(self, *, whole: bool):
        self.whole = whole

    def send(self, address: str, text: str) -> None:
        said = text if self.whole else f"{len(text)} characters"
        log.info("message to %s: %s", _masked(address), said)


def by_log(*, whole: bool) -> dict[str, Channel]:
    """Every way to reach a reporter, by the log."""
    return {"sms": LogChannel(whole=whole), "mail": LogChannel(whole=whole)}


def _masked(address: str) -> str:
    if "@" in address:
        name, _, domain = address.partition("@")
        return f"{name[:1]}…@{domain}"
    return phones.mask(address)
