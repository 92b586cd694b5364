"""The way to the single sign-on and back. What is under way stands in the signed cookie, and is taken out once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from flask import abort, current_app, request, session, url_for

from portal.adapters.openid import Attempt, Provider, ProviderRefused
from portal.web import context

UNDER_WAY = "single_sign_on"
LASTS = timedelta(minutes=10)
BROUGHT = ("code", "state", "iss", "error")


@dataclass(frozen=True)
class Arrival:
    """Who came back (`subject` at the `issuer`), what for ('sign-in' or 'link'), and the address they want."""

    issuer: str
    subject: str
    purpose: str
    wanted: str


def provider() -> Provider:
    """The configured provider; where there is none, neither is this page (404)."""
    return context.single_sign_on() or abort(404)


def begin(purpose: str, wanted: str) -> str:
    """Remember in the cookie what the browser leaves for; return the provider's address. Raises ProviderRefused."""
    address, attempt = provider().begin(_back())
    session[UNDER_WAY] = [purpose, wanted, int(context.now().timestamp()), asdict(attempt)]
    return address


def finish() -> Arrival:
    """Who came back, by the form that brings the provider's answer. Raises ProviderRefused."""
    if UNDER_WAY not in session:
        raise ProviderRefused("nothing is under way")
    purpose, wanted, since, attempt = session.pop(UNDER_WAY)
    if context.now() - datetime.fromtimestamp(since, UTC) > LASTS:
        raise ProviderRefused("too late")
    asked = provider()
    subject = asked.finish(Attempt(**attempt), brought(request.form), _back())
    return Arrival(asked.issuer, subject, purpose, wanted)


def brought(values: Mapping[str, str]) -> dict[str, str]:
    """What the provider gave the browser to bring."""
    return {name: values[name] for name in BROUGHT if name in values}


def _back() -> str:
    return current_app.config["SITE_URL"] + url_for("entrance.come_back")
