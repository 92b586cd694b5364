"""A portal that is known to a real OpenID Connect provider, and people who sign in there."""

import re
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import requests
from flask import Flask
from flask.testing import FlaskClient

from portal.adapters.openid import Provider

LINK, CALLBACK = "/tai-khoan/lien-ket", "/dang-nhap/mot-lan/ve"
PASSWORD_THERE = "mat-khau-o-noi-khac"


def register(app: Flask, issuer: str) -> None:
    """Make this portal a client of the provider, and the provider its single sign-on."""
    wanted = {
        "client_name": "Cổng phản ánh",
        "redirect_uris": [app.config["SITE_URL"] + CALLBACK],
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
        "scope": "openid",
        "token_endpoint_auth_method": "client_secret_basic",
    }
    answer = requests.post(f"{issuer}/oauth/register", json=wanted, timeout=10)
    answer.raise_for_status()
    known = answer.json()
    app.extensions["single_sign_on"] = Provider(issuer, known["client_id"], known["client_secret"])


def sent_back(
    client: FlaskClient, begin: str, login: str, answer: str = "accept", **changed: str
) -> dict[str, str]:
    """Go to the provider from `begin` and sign in there, as a browser would; return what it is to bring back.

    `changed` replaces what the portal's address asks for, as somebody in between might. The portal is a new client each
    time, for this provider cannot give one client two tokens of the same person within a second.
    """
    register(client.application, client.application.extensions["single_sign_on"].issuer)
    asked = urlsplit(leads_to(client, begin))
    address = asked._replace(query=urlencode({**dict(parse_qsl(asked.query)), **changed})).geturl()
    typed = {'name="login"': ("login", login), 'name="password"': ("password", PASSWORD_THERE)}
    browser = browser_of(asked.netloc, login)
    page = browser.get(address, timeout=10)
    while True:
        name, value = next((pair for sign, pair in typed.items() if sign in page.text), ("answer", answer))
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token, page.text
        sent = {"csrf_token": token[1], name: value}
        page = browser.post(page.url, data=sent, timeout=10, allow_redirects=False)
        while page.is_redirect:
            onward = urljoin(page.url, page.headers["Location"])
            if onward.partition("?")[0].endswith(CALLBACK):
                return dict(parse_qsl(urlsplit(onward).query))
            page = browser.get(onward, timeout=10, allow_redirects=False)


def leads_to(client: FlaskClient, begin: str) -> str:
    """The provider's address: to sign in one is sent there, to link an account a button leads there."""
    if begin != LINK:
        return client.get(begin).location
    link = re.search(r'href="([^"]+/oauth/authorize[^"]+)"', client.post(begin).text)
    assert link
    return unescape(link[1])


@cache
def browser_of(provider: str, login: str) -> requests.Session:
    """A browser in which this person stays signed in at the provider; it keeps no connection open."""
    browser = requests.Session()
    browser.headers["Connection"] = "close"
    return browser


def brought_back(client: FlaskClient, brought: dict[str, str]) -> Any:
    """The page that the provider sends the browser to, and its form, which sends itself."""
    page = client.get(CALLBACK, query_string=brought)
    assert page.status_code == 200
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    assert all(form[name] == brought[name] for name in ("code", "state", "iss") if name in brought)
    return client.post(CALLBACK, data=form)
