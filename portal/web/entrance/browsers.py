"""Browsers in which somebody has signed in before: what is tried there is counted apart from what strangers try.

OWASP calls it a device cookie. It opens nothing: whoever steals one may only guess at the pace of everybody.
"""

from secrets import token_urlsafe

from flask import Response, current_app
from itsdangerous import BadSignature, Signer

from portal.models import Account
from portal.services.accounts import KnownBrowser
from portal.web import context

COOKIE = "portal_browser"
ONE_YEAR = 31_536_000


def known() -> KnownBrowser | None:
    """Whose browser this is by its cookie, or None."""
    try:
        number, _, key = _signer().unsign(context.cookie(COOKIE)).decode().partition(".")
    except BadSignature:
        return None
    return KnownBrowser(int(number), key)


def remember(response: Response, person: Account) -> None:
    """Tell this browser that this person has signed in here."""
    found = known()
    key = found.key if found and found.account_id == person.id else token_urlsafe(12)
    context.put_cookie(response, COOKIE, _signer().sign(f"{person.id}.{key}").decode(), lasts=ONE_YEAR)


def _signer() -> Signer:
    return Signer(current_app.secret_key or "", salt="browser")
