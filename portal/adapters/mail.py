"""Letters by an SMTP server: a connection for each, in clear only to a server on this machine."""

import smtplib
import ssl
from contextlib import closing, suppress
from email.headerregistry import Address
from email.utils import localtime
from urllib.parse import unquote, urlsplit

from portal.adapters.channels import NotSent, Refused, letter

LOOPBACK = ("localhost", "127.0.0.1", "::1")
PORTS = {"smtp": 587, "smtps": 465}
SECONDS = 10.0  # that the server may take for each of its answers


class MailChannel:
    """Hands letters from `sender` to the server at `url`, `smtp://` or `smtps://`, both as `config.py` checks them."""

    def __init__(self, url: str, sender: str, *, seconds: float = SECONDS):
        parts = urlsplit(url)
        self.scheme, self.host = parts.scheme, parts.hostname or ""
        self.port = parts.port or PORTS[parts.scheme]
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        name, _, address = sender.rpartition("<")
        self.sender = Address(name.strip(), addr_spec=address.rstrip(">"))
        self.seconds = seconds
        self.tls = ssl.create_default_context()

    def send(self, address: str, text: str, *, key: str) -> None:
        """What the server says for good of recipient or letter counts for good; what it says of us is a setting, mended
        meanwhile.
        """
        mail = letter(address, text)
        mail["From"] = self.sender
        mail["Date"] = localtime()
        mail["Message-ID"] = f"<{key}@{self.sender.domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        try:
            with closing(self._dial()) as server:
                self._sign_in(server)
                server.send_message(mail, self.sender.addr_spec, [address])
                with suppress(OSError):  # it has the letter, whatever it says to the farewell
                    server.quit()
        except OSError as error:  # those of smtplib and ssl too
            raise _refusal(error) from None

    def _dial(self) -> smtplib.SMTP:
        if self.scheme == "smtps":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.seconds, context=self.tls)
        return smtplib.SMTP(self.host, self.port, timeout=self.seconds)

    def _sign_in(self, server: smtplib.SMTP) -> None:
        if self.scheme == "smtp" and self.host not in LOOPBACK:
            server.starttls(context=self.tls)
        if self.user:
            server.login(self.user, self.password)


def _refusal(error: OSError) -> NotSent:
    """For the log: of a server's answer only the code, for its words may repeat the address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        [(code, _words)] = error.recipients.values()
        return _answered(code)(f"the mail server refused the recipient with {code}")
    if isinstance(error, smtplib.SMTPDataError):
        return _answered(error.smtp_code)(f"the mail server refused the letter with {error.smtp_code}")
    if isinstance(error, smtplib.SMTPResponseException):
        return NotSent(f"the mail server answered {type(error).__name__} {error.smtp_code}")
    return NotSent(f"the mail server cannot be used: {error}")


def _answered(code: int) -> type[NotSent]:
    return Refused if code >= 500 else NotSent
