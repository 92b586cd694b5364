"""The way in and out: who is let in, where they land, and what a stranger is told."""

import logging
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from portal.models import Account, AuditEntry, db, transaction
from portal.web.entrance import browsers
from tests.conftest import MONDAY_8AM, PASSWORD
from tests.factories import account


def attempt(client: FlaskClient, username: str, password: str) -> Any:
    return client.post("/dang-nhap", data={"username": username, "password": password})


def test_an_officer_lands_at_the_inbox_and_an_administrator_at_the_figures(
    app: Flask, lan: FlaskClient
) -> None:
    for username, home in (("minh", "/can-bo/"), ("ha", "/quan-tri/thoi-gian")):
        answer = lan.post("/dang-nhap", data={"username": username, "password": PASSWORD})
        assert (answer.status_code, answer.location) == (303, home)
        assert lan.get(home).status_code == 200
    answer = lan.post("/dang-xuat")
    assert (answer.status_code, answer.location) == (303, "/")
    assert lan.get("/can-bo/").status_code == 302


def test_whoever_came_from_a_page_returns_to_it_but_never_to_another_site(
    app: Flask, lan: FlaskClient
) -> None:
    answer = lan.get("/can-bo/?q=đèn đường")
    assert answer.location.startswith("/dang-nhap?next=")
    page = lan.get(answer.location).text
    assert 'name="next" type="hidden" value="/can-bo/?q=' in page
    for wanted, landed in (
        ("/can-bo/?state=open", "/can-bo/?state=open"),
        ("https://example.org/", "/can-bo/"),
        ("//example.org/", "/can-bo/"),
        ("/\\example.org", "/can-bo/"),
        ("/can-bo/\\..\\", "/can-bo/"),
        ("javascript:alert(1)", "/can-bo/"),
        ("/a\r\nSet-Cookie: x=1", "/can-bo/"),
        ("/" + "x" * 2000, "/can-bo/"),
        ("", "/can-bo/"),
        ("/quan-tri/don-vi?q=x", "/can-bo/"),  # not for officers
        ("/khong-co-trang-nay", "/khong-co-trang-nay"),
    ):
        answer = lan.post("/dang-nhap", data={"username": "minh", "password": PASSWORD, "next": wanted})
        assert (answer.status_code, answer.location) == (303, landed), wanted


def test_a_refusal_says_the_same_for_every_mistake_and_keeps_the_name(app: Flask, lan: FlaskClient) -> None:
    for username, password in (("minh", "sai"), ("khong.co", PASSWORD), ("'; DROP TABLE account;--", "x")):
        answer = lan.post("/dang-nhap", data={"username": username, "password": password})
        assert answer.status_code == 422
        assert "Tên đăng nhập hoặc mật khẩu không đúng." in answer.text
        assert f'value="{password}"' not in answer.text
    assert 'value="minh"' in lan.post("/dang-nhap", data={"username": "minh", "password": "sai"}).text
    for empty in ({}, {"username": "minh"}, {"password": PASSWORD}, {"username": "\x00", "password": "\x00"}):
        assert lan.post("/dang-nhap", data=empty).status_code == 422
    endless = lan.post("/dang-nhap", data={"username": "m" * 90, "password": "p" * 999})
    assert endless.status_code == 422
    assert "dài quá 80 ký tự" in endless.text and "dài quá 200 ký tự" in endless.text


def test_who_fails_often_waits_longer_and_longer_whether_or_not_the_name_exists(
    app_with_limits: Flask, now: time_machine.Traveller
) -> None:
    stranger = app_with_limits.test_client()
    for name in ("khong.co", "minh"):
        said = []
        for seconds in (0, 61, 122):
            now.move_to(MONDAY_8AM + timedelta(seconds=seconds))
            while (answer := attempt(stranger, name, "sai")).status_code == 422:
                said.append(seconds)
            assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 3600
            assert "Bạn đã thử nhiều lần. Xin thử lại sau" in answer.text
            assert attempt(stranger, name, PASSWORD).status_code == 429, "not even the right one is looked at"
        assert int(answer.headers["Retry-After"]) > 60, "ten within ten minutes"
        assert [said.count(seconds) for seconds in (0, 61, 122)] == [5, 5, 0], name
        now.move_to(MONDAY_8AM)
    assert attempt(stranger, "tuan", PASSWORD).status_code == 303


def test_a_stranger_shuts_nobody_out_of_the_browser_that_they_use(
    app_with_limits: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stranger, minh = app_with_limits.test_client(), app_with_limits.test_client()
    assert attempt(minh, "minh", PASSWORD).status_code == 303
    minh.post("/dang-xuat")
    cookie = minh.get_cookie(browsers.COOKIE)
    assert cookie and cookie.http_only and cookie.same_site == "Lax"
    for _ in range(6):
        refused = attempt(stranger, "minh", "mật khẩu đoán mò")
    assert refused.status_code == attempt(stranger, "minh", PASSWORD).status_code == 429
    for _ in range(5):
        assert attempt(minh, "minh", "gõ nhầm").status_code == 422
    assert attempt(minh, "minh", PASSWORD).status_code == 429, "who stole the cookie may not guess either"
    forged = app_with_limits.test_client()
    forged.set_cookie(browsers.COOKIE, cookie.value[:-1] + "x")
    assert attempt(forged, "minh", PASSWORD).status_code == 429
    assert "mật khẩu đoán mò" not in caplog.text and PASSWORD not in caplog.text
    assert "minh" not in str(db.session.execute(text("SELECT * FROM rate_count")).all())


def test_every_way_in_and_every_refusal_is_written_down_without_what_was_typed(
    app: Flask, lan: FlaskClient
) -> None:
    for username, password in (("minh", PASSWORD), ("minh", "sai"), ("toi-la-ai", "sai")):
        attempt(lan, username, password)
    attempt(lan, "minh", PASSWORD)
    lan.post("/dang-xuat")
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    minh = str(account("minh").id)
    assert [(entry.deed, entry.subject_id if entry.subject_kind == "account" else "") for entry in entries] == [
        ("sign_in", ""), ("sign_in_refused", minh), ("sign_in_refused", ""), ("sign_in", ""), ("sign_out", ""),
    ]  # fmt: skip
    assert {entry.address for entry in entries} == {"127.0.0.1"}
    assert "toi-la-ai" not in str([vars(entry) for entry in entries])


def test_signing_in_drops_what_the_session_held(app: Flask, lan: FlaskClient) -> None:
    with lan.session_transaction() as session:
        session["planted"] = "by somebody else"
    lan.post("/dang-nhap", data={"username": "minh", "password": PASSWORD})
    with lan.session_transaction() as session:
        assert "planted" not in session


def test_a_closed_account_is_out_at_once(app: Flask, minh: FlaskClient) -> None:
    assert minh.get("/can-bo/").status_code == 200
    with transaction():
        db.session.query(Account).filter_by(username="minh").one().active = False
    assert minh.get("/can-bo/").status_code == 302
    assert minh.post("/can-bo/phan-anh/QT-2611-04F7-K/receive").status_code == 403


def test_without_its_token_a_form_is_refused(app_with_csrf: Flask) -> None:
    client = app_with_csrf.test_client()
    for address in ("/dang-nhap", "/dang-xuat"):
        answer = client.post(address, data={"username": "minh", "password": PASSWORD})
        assert answer.status_code == 400 and "Biểu mẫu đã hết hạn" in answer.text


def test_signing_out_is_a_deed_and_no_link(app: Flask, minh: FlaskClient) -> None:
    answer = minh.get("/dang-xuat")
    assert answer.status_code == 405 and "POST" in answer.headers["Allow"]
    assert minh.get("/can-bo/").status_code == 200


def test_the_language_is_chosen_by_everybody(app: Flask, lan: FlaskClient, ha: FlaskClient) -> None:
    for client in (lan, ha):
        answer = client.get("/ngon-ngu/en?next=/dang-nhap")
        assert (answer.status_code, answer.location) == (302, "/dang-nhap")
        assert '<html lang="en"' in client.get("/dang-nhap").text
        assert client.get("/ngon-ngu/vi?next=//example.org").location == "/"
        assert client.get("/ngon-ngu/fr").status_code == 404
