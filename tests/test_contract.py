"""What programs are told that they get (docs/openapi.yaml) is what they get, whoever they are and whatever they ask.

`FUZZ=2000 pytest tests/test_contract.py` asks more than continuous integration has time for.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from portal.core.workflow import Step
from portal.services import audit, places
from portal.services.privacy import erasure
from portal.web.front import limits
from portal.web.front.addresses import FOR_PROGRAMS
from tests.conftest import MONDAY_8AM
from tests.factories import hire, send_report, step
from tests.polygons import save, strips

EXAMPLES = int(os.environ.get("FUZZ", "3"))
DESCRIPTION = Path(__file__).parents[1] / "docs" / "openapi.yaml"
REFUSALS = [302, 400, 401, 403, 404, 422]  # 302: whoever asks for a table is led to sign in first
CONFIG = {
    "generation": {"with-security-parameters": False},  # the session of each person is a true one
    "checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}},
}
FEW = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES < 1000,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@pytest.fixture(scope="module")
def operations() -> list[Any]:
    """Everything that is described."""
    described = schemathesis.openapi.from_path(DESCRIPTION, config=SchemathesisConfig.from_dict(CONFIG))
    described.validate()
    return [found.ok() for found in described.get_all_operations()]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_programs_and_spreadsheets_get_is_described_and_exists(
    app: Flask, operations: list[Any]
) -> None:
    exports = {page for page, limit in (limits.SENT_TO | limits.READ_FROM).items() if limit == "export"}
    there, for_programs = set(), set()
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:[^<>]+:)?(\w+)>", r"{\1}", rule.rule)
        found = {(method, path) for method in rule.methods - {"HEAD", "OPTIONS"}}
        there |= found
        if path.endswith((*FOR_PROGRAMS, ".csv")) or rule.endpoint in exports | {"entrance.alive"}:
            for_programs |= found
    described = {(operation.method.upper(), operation.path) for operation in operations}
    assert for_programs <= described <= there and len(exports) == 4


def test_everybody_gets_what_is_described_whatever_they_ask(
    app_with_csrf: Flask, operations: list[Any], tmp_path: Path, enter: Callable[[str], FlaskClient]
) -> None:
    report, real = send_report(), things(app_with_csrf, tmp_path)
    hire("thu", None, role="auditor")
    stranger, reporter = app_with_csrf.test_client(), app_with_csrf.test_client()
    reporter.get(f"/phan-anh/{report.code}/theo-doi/{report.reporter_key}")
    people = [(client, token(client)) for client in (stranger, reporter, *map(enter, ("minh", "ha", "thu")))]
    for operation in operations:
        assert 200 in fuzz(operation, people, {**real, "code": report.code}), operation.label


def things(app: Flask, folder: Path) -> dict[str, str]:
    """Something real to ask for: boundaries, a certificate, a sealed day."""
    strip = strips((area.code, area.name, area.area_km2 or 0) for area in places.smallest("2025-07-01"))
    named = ("--vintage", "2025-07-01", "--code-field", "ma", "--source", "Sở", "--licence", "CC0")
    done = app.test_cli_runner().invoke(args=["boundaries", "import", str(save(strip, folder)), *named])
    assert done.exit_code == 0, done.output
    closed = step(step(send_report(), Step.RECEIVE), Step.RESOLVE, "Đã thay bóng đèn")
    certificate = erasure.erase(closed, because="retention", now=MONDAY_8AM)
    audit.seal(audit.beginning(), now=MONDAY_8AM)
    return {"vintage": "2025-07-01", "day": f"{MONDAY_8AM:%F}", "certificate_code": certificate.code}


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/phan-anh/moi").text)
    assert found
    return found[1]


def fuzz(operation: Any, people: list[tuple[FlaskClient, str]], real: dict[str, str]) -> set[int]:
    """Everybody asks for it in every way; every answer is as described. Return their statuses."""
    seen: set[int] = set()

    def ask(case: Any) -> None:
        for client, form in people:
            headers = {"X-CSRFToken": form, "Accept-Encoding": "identity"}
            way = {"session": client, "app": client.application, "base_url": "http://localhost"}
            seen.add(case.call_and_validate(headers=headers, checks=CHECKS, **way).status_code)

    for cases in ways(operation, real):
        FEW(given(case=cases)(ask))()
    return seen


def ways(operation: Any, real: dict[str, str]) -> Iterator[st.SearchStrategy[Any]]:
    """To ask for what may be there, for what is, and otherwise than described."""
    right = operation.as_strategy()
    yield right
    if operation.path_parameters:
        yield right.map(lambda case: there(case, real))
    if list(operation.iter_parameters()) or list(operation.body):
        yield operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def there(case: Any, real: dict[str, str]) -> Any:
    case.path_parameters = {name: real[name] for name in case.path_parameters}
    return case
