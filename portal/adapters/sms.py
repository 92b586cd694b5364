"""SMS by an HTTP gateway that keeps one plain contract (docs/adr/0025): a connection for each, to it alone."""

import json
import ssl
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from portal.adapters.channels import NotSent, Refused

SECONDS: Final = 10.0  # that the gateway may take for each of its answers
OF_US: Final = (401, 402, 403, 404)  # token, credit, address: mended meanwhile, and no message is lost
OF_THE_MOMENT: Final = (408, 425, 429)


class SmsChannel:
    """Hands texts in the name of `sender` to the gateway at `url`; all as `config.py` checks them."""

    def __init__(self, url: str, token: str, sender: str, *, seconds: float = SECONDS):
        parts = urlsplit(url)
        self.scheme, self.host, self.port = parts.scheme, parts.hostname or "", parts.port
        self.path = parts.path or "/"
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.sender = sender
        self.seconds = seconds
        self.tls = ssl.create_default_context()

    def send(self, address: str, text: str, *, key: str) -> None:
        """Any 2xx has taken it. Of the answer the number alone is read: its words may repeat those of the message."""
        said = json.dumps({"to": address, "text": text, "from": self.sender, "id": key})
        try:
            with closing(self._dial()) as line:
                line.request("POST", self.path, said, self.headers)
                status = line.getresponse().status
        except OSError as error:  # those of ssl too
            raise NotSent(f"the SMS gateway cannot be used: {error}") from None
        except HTTPException as error:
            raise NotSent(f"the SMS gateway does not speak HTTP: {type(error).__name__}") from None
        if not 200 <= status < 300:
            for_ever = 400 <= status < 500 and status not in OF_US + OF_THE_MOMENT
            raise (Refused if for_ever else NotSent)(f"the SMS gateway answered {status}")

    def _dial(self) -> HTTPConnection:
        if self.scheme == "https":
            return HTTPSConnection(self.host, self.port, timeout=self.seconds, context=self.tls)
        return HTTPConnection(self.host, self.port, timeout=self.seconds)
