"""Whatever is sent to whatever address, by whomever: an answer in words, never an accident.

`FUZZ=20000 pytest tests/test_fuzzing.py` looks deeper than continuous integration has time for. What is described for
programs, tests/test_contract.py asks for.
"""

import os
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule
from wtforms.fields.core import UnboundField

from portal.models import Report
from tests.factories import hire
from tests.house.test_doors import arguments, ticket

__all__ = ["ticket"]
PORTAL = Path(__file__).parents[1] / "portal"
EXAMPLES = int(os.environ.get("FUZZ", "80"))
INSIDE = re.compile(r"Traceback|sqlalchemy|psycopg|site-packages|werkzeug|jinja2", re.IGNORECASE)
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS")
HOSTILE = (
    "",
    "\x00",
    "a\x00b",
    "\u202eđảo ngược\u202c",
    "nghie\u0302ng",
    "👩‍👩‍👧‍👦" * 9,
    "\ud83d",
    "x" * 70_000,
    "'; DROP TABLE report;--",
    '"><script>alert(1)</script>',
    "{{7*7}}${7*7}%s%(x)s%n",
    "=HYPERLINK(1)",
    "../../../etc/passwd",
    "//example.org/\\@example.org",
    "\r\nSet-Cookie: a=b",
    "-1",
    "0",
    "1e309",
    "nan",
    "-inf",
    "9" * 40,
    "२०२६",
    "2026-02-30",
    "9999-12-31",
    "0001-01-01",
    "2026-11-16T08:00",
    "[]",
    '{"a": {"b": [null]}}',
    "true",
    "16.8166",
    "107.1003",
    "0912345678",
)
ONE = st.sampled_from(HOSTILE) | st.text(max_size=20)
FILES = (
    b"",
    b"\xff\xd8\xff\xe0",
    b"%PDF-1.4\n%%EOF",
    b"GIF89a",
    b"change,unit\n=1+1,\x00",
    b"\x89PNG\r\n\x1a\n" * 99,
)


def form_fields() -> list[str]:
    """Every name that a form of the house knows, and some that none knows."""
    names = {"__class__", "csrf_token", "constructor[prototype]", "ghi chú", "a[]"}
    kinds = list(FlaskForm.__subclasses__())
    for kind in kinds:
        kinds += kind.__subclasses__()
        names |= {name for name in dir(kind) if isinstance(getattr(kind, name), UnboundField)}
    for path in [*PORTAL.rglob("*.html"), *PORTAL.rglob("web/**/*.py")]:
        source = path.read_text(encoding="utf-8")
        names |= set(re.findall(r'\bname="([a-z][\w-]*)"', source))
        names |= set(re.findall(r'(?:form|args|files)\.(?:get|getlist)\(\s*"([\w-]+)"', source))
    return sorted(names)


def choices(ticket: Report) -> st.SearchStrategy[dict[str, Any]]:
    """One thing that anybody could send."""
    real = {name: str(value) for name, value in arguments(ticket).items()}
    value = ONE | st.sampled_from(
        sorted({*real.values(), "submitted", "received", "den_duong", "19333", "y"})
    )
    fields = st.sampled_from(form_fields())
    return st.fixed_dictionaries(
        {
            "method": st.sampled_from(METHODS) | st.just("POST"),
            "parts": st.dictionaries(st.sampled_from(sorted(real)), value, max_size=2),
            "query": st.lists(st.tuples(fields, value), max_size=3),
            "form": st.lists(st.tuples(fields, value), max_size=8),
            "files": st.lists(st.tuples(fields, st.sampled_from(FILES), ONE), max_size=2),
            "multipart": st.booleans(),
            "headers": st.dictionaries(
                st.sampled_from(
                    ["Referer", "Origin", "Accept-Language", "Cookie", "X-Forwarded-For", "If-None-Match"]
                ),
                value.map(lambda said: re.sub(r"[^\x20-\x7e]", "?", said)[:500]),
                max_size=1,
            ),
        }
    )


def address(app: Flask, rule: Rule, values: dict[str, Any], parts: dict[str, str]) -> str:
    """The address of this rule with some of its parts as somebody else would write them."""
    real = {name: values[name] for name in rule.arguments}
    numbers = {name for name in real if isinstance(real[name], int)}
    odd = {
        name: part
        for name, part in parts.items()
        if name in real and (name not in numbers or part.isdecimal())
    }
    urls = app.url_map.bind("localhost")
    return urls.build(
        rule.endpoint, {**real, **{name: encodable(part) for name, part in odd.items() if part}}
    )


def encodable(said: str) -> str:
    return said.encode("utf-8", "replace").decode("utf-8")


def body(sent: dict[str, Any]) -> dict[str, Any]:
    """What is sent as a form, each name perhaps several times, texts in place of files and files in place of texts."""
    if sent["method"] in ("GET", "HEAD", "OPTIONS"):
        return {}
    data: dict[str, list[Any]] = {}
    for name, value in sent["form"]:
        data.setdefault(name, []).append(encodable(value))
    for name, raw, called in sent["files"] if sent["multipart"] else ():
        data.setdefault(name, []).append((BytesIO(raw), encodable(called).replace("\x00", "") or "x"))
    kind = "multipart/form-data" if sent["multipart"] else "application/x-www-form-urlencoded"
    return {"data": data, "content_type": kind}


def ask(client: FlaskClient, where: str, sent: dict[str, Any]) -> None:
    query = [(name, encodable(value)) for name, value in sent["query"]]
    what = {"query_string": query, "headers": sent["headers"], **body(sent)}
    with client.open(where, method=sent["method"], **what) as answer:
        answer.request.environ["wsgi.input"].close()
        assert answer.status_code < 500 or answer.status_code in (501,), (where, sent)
        if "text/" in answer.headers.get("Content-Type", "") and not where.startswith("/static"):
            assert not INSIDE.search(answer.text), (where, INSIDE.search(answer.text))
            assert "<script>alert(1)" not in answer.text, where
        assert "a=b" not in str(answer.headers.getlist("Set-Cookie")), where


def test_nothing_that_is_sent_makes_an_accident(
    app: Flask, ticket: Report, enter: Callable[[str], FlaskClient]
) -> None:
    values, sent = arguments(ticket), choices(ticket)
    rules = sorted(app.url_map.iter_rules(), key=str)
    reporter = app.test_client()
    reporter.get(f"/phan-anh/{ticket.code}/theo-doi/{ticket.reporter_key}")
    hire("thu", None, role="auditor")
    staff = ("minh", "ha", "thu")
    people = {"reporter": reporter, "stranger": app.test_client(), **{name: enter(name) for name in staff}}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=EXAMPLES < 1000,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(rule=st.sampled_from(rules), who=st.sampled_from(sorted(people)), sent=sent)
    def send(rule: Rule, who: str, sent: dict[str, Any]) -> None:
        ask(people[who], address(app, rule, values, sent["parts"]), sent)
        if who in staff and rule.endpoint.startswith(("entrance", "account")):
            people[who] = enter(who)  # the session may have been ended

    send()
