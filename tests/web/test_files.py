"""Static files: kept for a year under the address of their content, compressed, and nothing beside them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.web.files import static

YEAR = "public, max-age=31536000, immutable"


def address(app: Flask, path: str) -> str:
    with app.test_request_context():
        return static(path)


def test_a_file_is_kept_for_a_year_and_compressed(app: Flask, lan: FlaskClient) -> None:
    answer = lan.get(address(app, "css/base.css"), headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert answer.headers["Cache-Control"] == YEAR
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 12_000


def test_a_script_has_the_type_that_browsers_demand(app: Flask, lan: FlaskClient) -> None:
    assert lan.get(address(app, "js/form.js")).mimetype == "text/javascript"


def test_a_browser_that_has_the_file_gets_nothing_again(app: Flask, lan: FlaskClient) -> None:
    first = lan.get(address(app, "css/base.css"))
    again = lan.get(address(app, "css/base.css"), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_an_old_address_still_answers_but_is_not_kept(lan: FlaskClient) -> None:
    answer = lan.get("/static/000000000000/css/base.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=60")


@pytest.mark.parametrize(
    "path", ["css/none.css", "../portal/config.py", "css", "vendor/none.js", "%2e%2e/README.md"]
)
def test_nothing_else_is_served(lan: FlaskClient, path: str) -> None:
    assert lan.get(f"/static/0/{path}").status_code == 404
