"""Finding a report by its code, however it was noted down; and the first page."""

import re

import pytest
from flask.testing import FlaskClient

from portal.core import codes
from portal.models import Report, Territory, db
from tests.conftest import MONDAY_8AM
from tests.factories import send_report
from tests.web.resident_form import page

UNKNOWN = codes.make("QT", MONDAY_8AM, 4242)


@pytest.fixture
def lamp(lan: FlaskClient) -> Report:
    return send_report()


def look_up(lan: FlaskClient, typed: str):
    return lan.get("/tra-cuu", query_string={"ma": typed})


def test_a_code_is_found_however_it_is_typed(lan: FlaskClient, lamp: Report) -> None:
    code = lamp.code
    for typed in (
        code,
        code.lower(),
        f"  {code} ",
        code.replace("-", ""),
        code.replace("-", " "),
        code.replace("-", "–"),
        code.removeprefix("QT-"),
        code.removeprefix("QT-").replace("-", "").lower(),
        code.replace("0", "O").replace("QT", "qt"),
    ):
        answer = look_up(lan, typed)
        assert (answer.status_code, answer.location) == (302, f"/phan-anh/{code}"), typed


def test_one_wrong_sign_is_told(lan: FlaskClient, lamp: Report) -> None:
    other = next(sign for sign in codes.ALPHABET if sign != lamp.code[-1])
    answer = look_up(lan, lamp.code[:-1] + other)
    assert answer.status_code == 422
    assert "Mã không đúng, có thể gõ nhầm một ký tự" in page(answer)
    assert lamp.code[:-1] + other in answer.text, "what was typed can be mended"


def test_what_is_no_code_is_told_its_shape(lan: FlaskClient) -> None:
    for typed in (
        "xin chào",
        "0912345678",
        "<script>alert(1)</script>",
        "' OR 1=1",
        "QT-2613-04F7-K",
        "🙏" * 300,
    ):
        answer = look_up(lan, typed)
        assert answer.status_code == 422, typed
        assert "có dạng QT-2611-04F7-K" in page(answer)
        assert "<script>alert" not in answer.text


def test_an_unknown_code_is_not_found_in_both_places(lan: FlaskClient) -> None:
    for answer in (
        look_up(lan, UNKNOWN),
        lan.get(f"/phan-anh/{UNKNOWN}"),
        lan.get("/phan-anh/khong-phai-ma"),
    ):
        assert answer.status_code == 404
        assert "Không có phản ánh nào mang mã này" in page(answer)
        assert 'name="ma"' in answer.text


def test_nothing_typed_is_no_mistake(lan: FlaskClient) -> None:
    for answer in (lan.get("/tra-cuu"), look_up(lan, "   ")):
        assert answer.status_code == 200
        assert "Lỗi:" not in page(answer)


def test_an_address_noted_down_carelessly_leads_to_the_report(lan: FlaskClient, lamp: Report) -> None:
    answer = lan.get(f"/phan-anh/{lamp.code.lower()}")
    assert (answer.status_code, answer.location) == (302, f"/phan-anh/{lamp.code}")


def test_the_first_page_leads_to_everything(lan: FlaskClient) -> None:
    home = lan.get("/").text
    assert 'href="/phan-anh/moi"' in home and 'action="/tra-cuu"' in home
    assert {f"tel:{number}" for number in (112, 113, 114, 115)} <= set(re.findall(r'href="(tel:\d+)"', home))
    assert len(re.findall(r"/phan-anh/moi\?category=\w+", home)) == 22
    assert "Khiếu nại, tố cáo là thủ tục khác" in page(lan.get("/"))
    assert "1900 868 674" in home


def test_a_province_without_a_hotline_names_none(lan: FlaskClient) -> None:
    db.session.get_one(Territory, 1).hotline = ""
    db.session.commit()
    assert 'href="tel:"' not in lan.get("/").text


def test_pages_are_light(lan: FlaskClient, lamp: Report) -> None:
    """At most 60 kB and eight requests, all that a page names counted, before any map."""
    for address in ("/", "/phan-anh/moi", f"/phan-anh/{lamp.code}"):
        html = lan.get(address, headers={"Accept-Encoding": "gzip"})
        named = set(re.findall(r'(?:src|href)="(/static/[^"]+\.(?:css|js|svg))"', lan.get(address).text))
        asked = [lan.get(path, headers={"Accept-Encoding": "gzip"}, buffered=True) for path in named]
        assert all(part.status_code == 200 for part in asked)
        assert 1 + len(asked) <= 7, "one is left for a module that another one imports"
        assert len(html.data) + sum(len(part.data) for part in asked) <= 60_000
