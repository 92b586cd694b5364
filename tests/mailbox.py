"""A channel that keeps what is sent, for reading the letters of the portal."""

import re


class Mailbox:
    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, address: str, text: str, *, key: str) -> None:
        self.sent.append((address, text))


def link_in(letter: str) -> str:
    """The address of the link by which a password is chosen, without the site."""
    found = re.search(r"http://localhost(/dat-mat-khau/\S+)", letter)
    assert found, letter
    return found[1]
