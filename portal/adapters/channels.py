"""Ways to reach a reporter. The embedded default writes the message to the log."""

import logging
import re
from email.message import EmailMessage
from email.policy import default
from typing import Protocol

from portal.core import phones

ADDRESS = re.compile(r"""[^@\s\x00-\x20,;:<>()\[\]\\"]+@[^@\s\x00-\x20,;:<>()\[\]\\"]+""")
SEVEN_BITS = default.clone(cte_type="7bit")  # Vietnamese arrives whole by every server
log = logging.getLogger(__name__)


class NotSent(Exception):
    """The gateway did not take it, or did not answer; the worker tries again."""


class Refused(NotSent):
    """Nobody will ever take this message; the worker gives it up."""


class Channel(Protocol):
    def send(self, address: str, text: str, *, key: str) -> None:
        """Deliver the text to a phone number (+84…) or e-mail address within a minute, or raise NotSent or Refused.

        A mail's first line is its subject, an empty line follows, then the letter. The `key` is the same when the same
        message is sent once more because nobody knows whether it was taken.
        """


def letter(address: str, text: str) -> EmailMessage:
    """The mail that every gateway for mail sends. Raise Refused where the address holds more than one address."""
    subject, _, body = text.partition("\n")
    mail = EmailMessage(SEVEN_BITS)
    if not ADDRESS.fullmatch(address):
        raise Refused("this is not one address")
    mail["To"] = address
    mail["Subject"] = " ".join(subject.split())
    mail.set_content(body.lstrip("\n"))
    return mail


class LogChannel:
    """Keeps the address masked: a log is read by more people than a contact.

    `whole`: the text too, links that are passwords and all, so that a demonstration can be followed.
    """

    def __init__(self, *, whole: bool):
        self.whole = whole

    def send(self, address: str, text: str, *, key: str) -> None:
        if "@" in address:
            mail = letter(address, text)
            text = f"{mail['Subject']}\n\n{mail.get_content()}"
        said = text if self.whole else f"{len(text)} characters"
        log.info("message to %s: %s", masked(address), said)


def by_log(*, whole: bool) -> dict[str, Channel]:
    """Every way to reach a reporter, by the log."""
    return {"sms": LogChannel(whole=whole), "mail": LogChannel(whole=whole)}


def masked(address: str) -> str:
    """The address as its owner knows it again and nobody else can use it."""
    if "@" in address:
        name, _, domain = address.partition("@")
        return f"{name[:1]}…@{domain}"
    return phones.mask(address)
