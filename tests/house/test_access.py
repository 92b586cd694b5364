"""Every address is visited by somebody of each role, and what they get is compared with a table that is kept in git.

`access.csv` has a line for each page and method. `in`: the person comes in, whatever the page says of an empty form;
`sign in`: is led to sign in; a number: is refused with that status. A new address needs its line.
"""

import csv
import re
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient

from portal.models import Report
from tests.factories import hire
from tests.house.test_doors import PUBLIC, ticket, visits

__all__ = ["ticket"]
TABLE = Path(__file__).with_name("access.csv")
PEOPLE = {  # the report is one of phường Đông Hà, whose officer Minh is
    "stranger": None,
    "officer": "minh",
    "elsewhere": "tuan",
    "unit_lead": ("UBND_19333", "unit_lead"),
    "coordinator": ("IOC", "coordinator"),
    "administrator": "ha",
    "auditor": (None, "auditor"),
    "editor": (None, "editor"),
}
ALIKE = {
    "account": ("stranger", "officer"),
    "entrance": ("stranger", "officer"),
}  # doors where no role matters
LAST = {"entrance.sign_out": 2, "account.end_session": 1, "account.end_others": 1}  # they end the visit


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_address_lets_in_whom_the_table_says(app: Flask, enter, ticket: Report, tmp_path: Path) -> None:
    doors = {*app.blueprints} - PUBLIC | {"entrance"}
    found = sorted(
        visits(app, ticket, *doors),
        key=lambda visit: (LAST.get(visit[0], 0), visit),
    )
    clients = {role: client(app, enter, role) for role in PEOPLE}
    led: dict[str, set[tuple[str, str]]] = {role: set() for role in PEOPLE}
    seen = {
        (page, method): {
            role: met(clients[role].open(address, method=method), led[role]) if role in visitors(page) else ""
            for role in PEOPLE
        }
        for page, method, address in found
    }
    lines = [{"page": page, "method": method} | told for (page, method), told in sorted(seen.items())]
    fresh = tmp_path / TABLE.name
    with fresh.open("w", newline="") as file:
        written = csv.DictWriter(file, ["page", "method", *PEOPLE], lineterminator="\n")
        written.writeheader()
        written.writerows(lines)
    kept = table()
    differ = [line for line in lines if line not in kept] + [line for line in kept if line not in lines]
    assert not differ, f"as seen now: {fresh}"
    for role, ways in led.items():
        shut = {way for way in ways & seen.keys() if seen[way][role] in ("403", "sign in")}
        assert not shut, f"the pages of {role} lead there"


def visitors(page: str) -> tuple[str, ...]:
    """Who is sent there; a unit has its say at the officers' door alone."""
    door = page.split(".")[0]
    return ALIKE.get(door, tuple(role for role in PEOPLE if door == "staff" or role != "elsewhere"))


def client(app: Flask, enter, role: str) -> FlaskClient:
    who = PEOPLE[role]
    if who is None:
        return app.test_client()
    if isinstance(who, tuple):
        hire(role, *who)
        who = role
    return enter(who)


def met(answer, led: set[tuple[str, str]]) -> str:
    """What came of the visit; the pages and forms to which an answered page leads are added to `led`."""
    with answer:
        if answer.status_code == 200 and answer.mimetype == "text/html":
            led |= ways(answer)
        if answer.status_code in (301, 302, 303) and answer.location.startswith("/dang-nhap?"):
            return "sign in"
        assert answer.status_code < 500, answer.request.path
        return str(answer.status_code) if answer.status_code in (401, 403, 404, 405) else "in"


def ways(answer) -> set[tuple[str, str]]:
    """What the links of a page open and its forms send to, as (page, method); not the forms that are only read."""
    found = [("GET", link) for link in re.findall(r'<a [^>]*href="(/[^"#]*)', answer.text)]
    for form in re.findall(
        r"<form [^>]*>", answer.text.partition('<fieldset class="only-read" disabled>')[0]
    ):
        method = "POST" if 'method="post"' in form else "GET"
        to = re.search(r'action="(/[^"#]*)', form)
        found.append((method, to[1] if to else answer.request.path))
    adapter = current_app.url_map.bind("localhost")
    return {(adapter.match(urlsplit(unescape(to)).path, method)[0], method) for method, to in found}


def test_who_only_reads_changes_nothing() -> None:
    """The auditor comes in at no form but those of their own account and of the audit, which notes every look."""
    own = {"account", "entrance"}
    for line in table():
        door = line["page"].split(".")[0]
        if line["method"] == "POST" and door not in own and "audit" not in line["page"]:
            assert line["auditor"] == "403", line


def table() -> list[dict[str, str]]:
    with TABLE.open() as file:
        return list(csv.DictReader(file))
