"""Every page tells browsers the same, and no form of the house is taken without its token: found by walking the map."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from portal.core.front.limits import LIMITS
from portal.models import Photo, Report, db
from portal.web.front import limits
from portal.web.front.addresses import FOR_PROGRAMS
from tests.house.test_doors import WRITES, addresses, ticket

__all__ = ["ticket"]
one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is not in question here
PORTAL = Path(__file__).parents[2] / "portal"
NOTED = re.compile(r"staff_session|audit_")  # that somebody was there
CALLING = (
    "authlib|http.client|obstore|requests|smtplib|socket|urllib.request|urllib3"  # what connects to others
)
CALLERS = {"serve.py", *(f"adapters/{name}.py" for name in ("mail", "openid", "sms", "storage"))}
TYPED = "Chuyện dài đã gõ xong"


INLINE = re.compile(
    r"""<[^>]+\s(?:on[a-z]+|style)\s*=|<script(?![^>]*\ssrc=)|<style|["']javascript:""", re.IGNORECASE
)
OWN = {"admin": "ha", "staff": "minh", "account": "minh"}


def check_headers(answer: TestResponse, address: str, secrets: tuple[str, ...]) -> None:
    headers = answer.headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'" and policy["script-src"] == policy["style-src"] == "'self'", (
        address
    )
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'", address
    assert policy["form-action"] == "'self'" and "unsafe" not in str(policy), address
    assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY"), address
    opener, resource = headers["Cross-Origin-Opener-Policy"], headers["Cross-Origin-Resource-Policy"]
    assert opener == resource == "same-origin", address
    assert "microphone=()" in headers["Permissions-Policy"], address
    private = any(secret in address for secret in secrets)
    wanted = "no-referrer" if private else "strict-origin-when-cross-origin"
    assert headers["Referrer-Policy"] == wanted, address
    for cookie in headers.getlist("Set-Cookie"):
        assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")), address
        assert "Domain=" not in cookie, address
    assert ("json" in headers["Content-Type"]) == address.partition("?")[0].endswith(FOR_PROGRAMS), address
    if "text/html" in headers["Content-Type"]:
        assert "charset=utf-8" in headers["Content-Type"], address
        assert not INLINE.search(answer.text), f"{address}: {INLINE.search(answer.text)}"


@one_engine
def test_every_answer_carries_the_headers_and_what_staff_see_is_not_kept(
    app: Flask, ticket: Report, lan: FlaskClient, enter: Callable[[str], FlaskClient]
) -> None:
    secrets = (ticket.reporter_key, db.session.scalars(db.select(Photo.token)).one())
    for door in app.blueprints:
        person = enter(OWN[door]) if door in OWN else None
        for method, address in addresses(app, ticket, door):
            for somebody in filter(None, (lan, person if method == "GET" else None)):
                with somebody.open(address, method=method) as answer:
                    check_headers(answer, address, secrets)
                    assert answer.status_code < 500, address
                    if somebody is person:
                        kept = answer.headers["Cache-Control"]
                        assert "no-store" in kept or "private" in kept, address


@one_engine
def test_no_form_is_taken_without_its_token(
    app_with_csrf: Flask, ticket: Report, enter: Callable[[str], FlaskClient]
) -> None:
    written: list[str] = []

    def notice(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(WRITES) and not NOTED.search(statement):
            written.append(statement)

    for door in app_with_csrf.blueprints:
        person = enter(OWN[door]) if door in OWN else app_with_csrf.test_client()
        posts = [address for method, address in addresses(app_with_csrf, ticket, door) if method == "POST"]
        event.listen(db.engine, "before_cursor_execute", notice)
        for address in posts:
            for token in ("", "hom-qua"):
                sent = {"note": TYPED, "description": TYPED, "csrf_token": token}
                answer = person.post(address, data=sent)
                assert 400 <= answer.status_code < 500 and not written, (address, written)
                if answer.status_code == 400:
                    assert TYPED in unescape(answer.text) or "hết hạn" in unescape(answer.text), address
        event.remove(db.engine, "before_cursor_execute", notice)


@one_engine
def test_every_limited_address_exists(app: Flask) -> None:
    ends = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert limits.SENT_TO.keys() | limits.READ_FROM.keys() | limits.CHECKED_BY_THEMSELVES <= ends
    assert set().union(*(rule.arguments for rule in app.url_map.iter_rules())) >= limits.SECRETS
    assert {*limits.SENT_TO.values(), *limits.READ_FROM.values(), "deed", "page", "guess"} <= LIMITS.keys()


def test_tables_letters_and_calls_leave_by_one_way() -> None:
    for path in PORTAL.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if path.parts[-2:] != ("front", "exports.py"):
            assert not re.search(r"csv\.(writer|DictWriter)|xlsxwriter", source), path
        assert "EmailMessage" not in source or path.name == "channels.py", path
        calling = re.search(rf"^(import|from) ({CALLING})\b", source, re.MULTILINE)
        assert not calling or path.relative_to(PORTAL).as_posix() in CALLERS, path


def test_no_address_is_written_to_the_log() -> None:
    """It may hold the key of a reporter's own link."""
    for path in (PORTAL / "web").rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if re.search(r"\b(log|logger)\.\w+\(", line):
                assert not re.search(r"request\.(path|url|full_path|referrer|args|form)\b", line), (
                    f"{path}: {line}"
                )
