"""Every page has a door, every door but the public ones a guard, and no page writes when it is only read."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.routing import Rule

from portal.models import Category, Photo, Report, RoutingRule, ServiceLevel, Unit, db
from portal.services import reports
from portal.web import account, admin, entrance, resident, staff
from tests.conftest import MONDAY_8AM
from tests.factories import account as person
from tests.factories import hire, send_report
from tests.services.test_reform import prepare

PUBLIC = {"entrance", "resident", "files"}
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@pytest.fixture
def ticket(app: Flask, photo: bytes) -> Report:
    """A report with a photo that Minh's ward leads, beside one that it does not."""
    hire("khac", "UBND_19333")
    send_report(area="19351")
    kept = reports.keep_photo(photo, storage=app.extensions["storage"], now=MONDAY_8AM)
    return send_report(photos=(kept.token,))


def arguments(ticket: Report) -> dict[str, Any]:
    """A real value for every name that stands in an address."""
    return {
        "code": ticket.code,
        "vintage": ticket.area_vintage,
        "key": ticket.reporter_key,
        "n": 1,
        "size": "small",
        "step": "receive",
        "filter_id": 1,
        "token": db.session.scalars(db.select(Photo.token)).one(),
        "language": "en",
        "digest": "0",
        "path": "css/base.css",
        "unit_id": db.session.scalars(db.select(Unit.id).limit(1)).one(),
        "category_code": db.session.scalars(db.select(Category.code).limit(1)).one(),
        "rule_id": db.session.scalars(db.select(db.func.min(RoutingRule.id))).one(),
        "day": "2026-01-02",
        "level_id": db.session.scalars(db.select(ServiceLevel.id).limit(1)).one(),
        "recount_id": 1,
        "name": "Không có trường hợp này",
        "extension_id": 1,
        "certificate_code": "0",
        "purpose": "follow",
        "kind": "erase",
        "request_id": 1,
        "session_id": 1,
        "passkey_id": 1,
        "device_id": 1,
        "task_id": 1,
        "template_id": 1,
        "document_id": 1,
        "event_id": 1,
        "reform_id": prepare("abolish PC_QT").id,
        "account_id": person("khac").id,
        "appointment_id": person("khac").appointments[0].id,
    }


def addresses(app: Flask, ticket: Report, *doors: str) -> Iterator[tuple[str, str]]:
    """Every (method, address) behind these doors."""
    for _page, method, address in visits(app, ticket, *doors):
        yield method, address


def visits(app: Flask, ticket: Report, *doors: str) -> Iterator[tuple[str, str, str]]:
    """The same with the name of each page."""
    values = arguments(ticket)
    urls = app.url_map.bind("localhost")
    rules: list[Rule] = [rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] in doors]
    for rule in rules:
        address = urls.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, address


def test_every_route_belongs_to_a_door_named_after_its_folder(app: Flask) -> None:
    for door in (entrance, resident, staff, admin, account):
        assert door.door.name == door.__name__.split(".")[-1]
    assert {rule.endpoint.split(".")[0] for rule in app.url_map.iter_rules()} == set(app.blueprints)


def test_every_door_but_the_public_ones_has_a_guard(app: Flask) -> None:
    guarded = {name for name, guards in app.before_request_funcs.items() if name and guards}
    assert set(app.blueprints) - PUBLIC <= guarded


def test_another_ward_learns_nothing_of_a_ticket(app: Flask, tuan: FlaskClient, ticket: Report) -> None:
    private = [
        (method, address) for method, address in addresses(app, ticket, "staff") if ticket.code in address
    ]
    assert private
    for method, address in private:
        assert tuan.open(address, method=method).status_code == 404, address
    for method, address in addresses(app, ticket, "staff"):
        if method == "GET" and ticket.code not in address:
            assert ticket.code not in tuan.get(address, follow_redirects=True).text, address


def test_reading_writes_nothing(app: Flask, ticket: Report, lan: Any, minh: Any, ha: Any) -> None:
    pages = list(addresses(app, ticket, *app.blueprints))
    written: list[str] = []

    def notice(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(WRITES):
            written.append(statement)

    event.listen(db.engine, "before_cursor_execute", notice)
    try:
        for method, address in pages:
            if method == "GET":
                for person in (lan, minh, ha):
                    with person.get(address) as answer:
                        assert answer.status_code < 500, address
                    assert not written, f"GET {address} writes: {written}"
    finally:
        event.remove(db.engine, "before_cursor_execute", notice)
