"""What stands before every door: limits, forms that come back, and what tells nobody anything."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from time_machine import Traveller

from portal.app import create_app
from portal.config import Config
from portal.core.front.limits import LIMITS
from portal.models import db
from tests.factories import send_report
from tests.web.resident_form import FILLED, page, picture, send

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is not in question here
TYPED = "Cột số 12 đã thay bóng\nnhưng vẫn tối"


@pytest.fixture
def allow(app_with_limits: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let so many do what this limit counts, instead of so many as in earnest."""

    def change(name: str, most: int) -> None:
        first, *others = LIMITS[name]
        monkeypatch.setitem(LIMITS, name, (replace(first, most=most), *others))

    return change


def again(text: str) -> dict[str, str]:
    """What the button that sends again would send."""
    form = text.partition('<section class="card" aria-labelledby="typed">')[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def test_too_many_reports_of_a_network_are_told_to_wait_and_lose_nothing(
    allow: Callable[..., None], lan: FlaskClient, now: Traveller
) -> None:
    allow("report", 1)
    first = send(lan, (picture(), "den.jpg"), description="")
    kept = re.findall(r'name="kept" value="([\w-]+)"', first.text)
    assert first.status_code == 422 and len(kept) == 1
    refused = send(lan, (picture(), "hai.jpg"), kept=kept[0])
    assert refused.status_code == 429 and 0 < int(refused.headers["Retry-After"]) <= 600
    assert "quá nhiều phản ánh" in page(refused) and FILLED["description"] in page(refused)
    assert re.findall(r'name="kept" value="([\w-]+)"', refused.text) == kept
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert lan.post("/phan-anh/moi", data=FILLED, environ_base=elsewhere).status_code == 303
    now.shift(600)
    assert send(lan, client_key="sau-do", kept=kept[0]).status_code == 303


def test_guessing_codes_ends_in_silence_and_no_get_writes_for_it(
    allow: Callable[..., None], lan: FlaskClient
) -> None:
    allow("guess", 3)
    code = send_report().code
    for address in (f"/phan-anh/{code}/theo-doi/0", "/phan-anh/0/du-lieu", "/phan-anh/moi/anh/0"):
        assert lan.get(address).status_code == 404, address
    for address in (f"/phan-anh/{code}", f"/tra-cuu?ma={code}"):
        answer = lan.get(address)
        assert answer.status_code == 429 and answer.headers["Retry-After"], address
        assert lan.get(address, headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 429, address
        assert lan.get(address, environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code < 400
    answer = lan.get("/chung-nhan-xoa/0.json")
    assert answer.get_json()["status"] == 429 and answer.headers["Retry-After"]
    assert lan.get("/").status_code == 200
    assert db.session.scalar(db.text("SELECT count(*) FROM rate_count")) == 0


def test_a_limit_of_any_other_form_gives_its_words_back(allow: Callable[..., None], lan: FlaskClient) -> None:
    report = send_report()
    allow("reply", 0)
    answer = lan.post(f"/phan-anh/{report.code}/bo-sung", data={"note": TYPED, "seen": "waiting"})
    assert answer.status_code == 429 and answer.headers["Retry-After"]
    back = again(answer.text)
    assert TYPED in page(answer) and (back["note"], back["seen"]) == (TYPED, "waiting")


def test_signing_in_too_often_from_one_network_is_refused(
    allow: Callable[..., None], lan: FlaskClient
) -> None:
    allow("sign-in", 0)
    answer = lan.post("/dang-nhap", data={"username": "minh", "password": "mot cau bi mat"})
    assert answer.status_code == 429 and "mot cau bi mat" not in answer.text
    assert lan.get("/dang-nhap").status_code == 200


def test_who_is_signed_in_is_counted_by_session(
    allow: Callable[..., None], minh: FlaskClient, tuan: FlaskClient
) -> None:
    allow("deed", 1)
    assert minh.post("/can-bo/bo-loc", data={"name": "Đèn đường chợ"}).status_code != 429
    assert minh.post("/can-bo/bo-loc", data={"name": "Đèn đường chợ"}).status_code == 429
    assert tuan.post("/can-bo/bo-loc", data={"name": "Đèn đường chợ"}).status_code != 429


def test_patience_is_asked_only_of_networks_that_send_very_much(
    allow: Callable[..., None], lan: FlaskClient, now: Traveller
) -> None:
    allow("hasty report", 1)
    assert send(lan).status_code == 303
    opened = re.search(r'name="opened" type="hidden" value="([^"]+)"', lan.get("/phan-anh/moi").text)
    assert opened
    for stamp in (opened[1], None, "form.bay-gio.gia", opened[1][:-2]):
        asked = send(lan, client_key="vội", opened=stamp)
        assert asked.status_code == 422 and "gửi quá nhanh" in page(asked), stamp
        assert FILLED["description"] in page(asked)
    now.shift(3)
    assert send(lan, client_key="vội", opened=opened[1]).status_code == 303


def test_a_trap_that_people_do_not_see_only_asks(app: Flask, lan: FlaskClient) -> None:
    assert re.search(
        r'<p hidden><label for="website">[^<]+</label><input id="website"', lan.get("/phan-anh/moi").text
    )
    asked = send(lan, website="http://mua-ngay.example")
    assert asked.status_code == 422 and FILLED["description"] in page(asked)
    assert "mua-ngay" not in asked.text
    assert send(lan).status_code == 303


def test_the_same_words_again_and_again_ask_for_others(allow: Callable[..., None], lan: FlaskClient) -> None:
    allow("same report", 1)
    assert send(lan).status_code == 303
    asked = send(lan, description=f" {FILLED['description'].upper()}\n")
    assert asked.status_code == 422 and "cùng một nội dung" in page(asked)
    assert send(lan, description=FILLED["description"] + " ở số 14").status_code == 303


def test_a_form_that_has_expired_comes_back_at_every_door(
    app_with_csrf: Flask, minh: FlaskClient, ha: FlaskClient
) -> None:
    forms = {
        "/can-bo/bo-loc": (minh, {"name": "Đèn đường chợ", "query": "tab=todo"}),
        "/quan-tri/don-vi/them-moi": (ha, {"code": "DOI_1", "name": "Đội quản lý chợ"}),
        "/quan-tri/lich-lam-viec/them-moi": (ha, {"day": "2026-12-25", "name": "Nghỉ bù"}),
    }
    for address, (person, typed) in forms.items():
        expired = person.post(address, data={**typed, "password": "mot cau bi mat", "csrf_token": "hom qua"})
        assert expired.status_code == 400 and "Biểu mẫu đã hết hạn" in page(expired), address
        assert typed["name"] in page(expired) and "mot cau bi mat" not in expired.text
        back = again(expired.text)
        assert {name: back[name] for name in typed} == typed and back["csrf_token"] != "hom qua"
        assert person.post(address, data=back).status_code in (303, 422), address


def test_who_was_signed_out_meanwhile_signs_in_beside_and_sends_again(
    app_with_csrf: Flask, minh: FlaskClient, lan: FlaskClient
) -> None:
    report = send_report()
    address = f"/can-bo/phan-anh/{report.code}/note"
    lan.get("/phan-anh/moi")
    with lan.session_transaction() as session, minh.session_transaction() as signed_in:
        session["csrf_token"] = signed_in["csrf_token"] = "d" * 40
    token = again_token(app_with_csrf, "d" * 40)
    sent = {"note": TYPED, "seen": "submitted", "csrf_token": token}
    away = lan.post("/can-bo/bo-loc", data={**sent, "name": "Đèn đường chợ"})
    assert away.status_code == 403 and "Phiên làm việc đã hết" in page(away)
    assert TYPED in page(away) and again(away.text)["note"] == TYPED and "/dang-nhap" in away.text
    assert minh.post(address, data=sent).status_code == 303
    assert lan.post("/can-bo/bo-loc", data={"csrf_token": token}).status_code == 403


def again_token(app: Flask, raw: str) -> str:
    return str(URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps(raw))


def test_what_another_site_sends_is_refused_and_not_shown(app: Flask, minh: FlaskClient) -> None:
    typed = {"name": "Bấm vào đây để trúng thưởng"}
    for foreign in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://example.org"},
        {"Origin": "http://[nonsense"},
    ):
        answer = minh.post("/can-bo/bo-loc", data=typed, headers=foreign)
        assert answer.status_code == 403 and "trúng thưởng" not in page(answer), foreign
    for own in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {"Origin": "null"}):
        assert minh.post("/can-bo/bo-loc", data=typed, headers=own).status_code != 403, own


def test_an_error_page_leads_back_within_the_site_only(app: Flask, lan: FlaskClient) -> None:
    for referrer, shown in (
        ("http://localhost/phan-anh/moi?x=1", 'href="/phan-anh/moi?x=1"'),
        ("https://example.org/lua-dao", None),
        ("http://localhost//example.org/", None),
        ("http://[nonsense", None),
    ):
        answer = lan.post("/tra-cuu", headers={"Referer": referrer})
        assert answer.status_code == 405 and "example.org" not in answer.text
        assert (shown or "Trở lại trang vừa xem") in page(answer) if shown else "Trở lại" not in page(answer)


def test_an_error_has_a_number_that_the_log_has_too_and_no_inside(
    app: Flask, minh: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    report = send_report()
    monkeypatch.setitem(app.view_functions, "resident.follow", lambda **_: 1 / 0)
    address = f"/phan-anh/{report.code}/theo-doi/{report.reporter_key}"
    with caplog.at_level(logging.INFO):
        answer = minh.get(address)
    assert answer.status_code == 500 and "ZeroDivision" not in answer.text
    number = re.search(r"mã sự cố ([0-9A-F]{4}-[0-9A-F]{4})", page(answer))
    assert number and f"{number[1]} GET /phan-anh/<code>/theo-doi/<key>" in caplog.text
    assert report.reporter_key not in caplog.text
    assert "mã sự cố" not in page(minh.get("/khong-co"))


def test_programs_read_what_went_wrong_as_json_in_the_readers_language(
    app: Flask,
    lan: FlaskClient,
    minh: FlaskClient,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    address = "/can-bo/ban-do.json"
    stranger = lan.get(address)
    assert (stranger.status_code, stranger.mimetype) == (401, "application/problem+json")
    assert stranger.headers["WWW-Authenticate"] == 'Cookie form-action="/dang-nhap"'
    assert (
        stranger.get_json()["detail"] == "Bạn chưa đăng nhập, hoặc phiên làm việc đã hết. Xin đăng nhập lại."
    )
    refused = minh.post(address)
    assert refused.status_code == 405 and "GET" in refused.headers["Allow"]
    assert refused.get_json()["title"] == "Method Not Allowed" and "reference" not in refused.get_json()
    monkeypatch.setitem(app.view_functions, "staff.points", lambda: 1 / 0)
    minh.get("/ngon-ngu/en")
    failed = minh.get(address)
    said = failed.get_json()
    assert (failed.status_code, said["status"], said["detail"][:10]) == (500, 500, "Something ")
    assert f"{said['reference']} GET {address}" in caplog.text and "Zero" not in failed.text


def test_private_links_send_no_referrer(app: Flask, lan: FlaskClient) -> None:
    report = send_report()
    private = lan.get(f"/phan-anh/{report.code}/theo-doi/{report.reporter_key}")
    assert private.status_code == 302 and private.headers["Referrer-Policy"] == "no-referrer"
    assert lan.get("/").headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_a_body_is_large_only_where_photos_are_taken(app: Flask, lan: FlaskClient, ha: FlaskClient) -> None:
    large = b"x" * (2 * 1024 * 1024)
    assert send(lan, (large, "to.jpg")).status_code == 422
    for person, address in ((lan, "/dang-nhap"), (ha, "/quan-tri/don-vi/them-moi")):
        answer = person.post(
            address, data={"name": (BytesIO(large), "to.bin")}, content_type="multipart/form-data"
        )
        answer.request.environ["wsgi.input"].close()
        assert answer.status_code == 413, address
    crowd = "&".join(f"field-{number}=x" for number in range(600))
    form = "application/x-www-form-urlencoded"
    assert ha.post("/quan-tri/don-vi/them-moi", data=crowd, content_type=form).status_code == 413
    parts = [(f"field-{number}", "x") for number in range(600)]
    body = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in parts
    )
    many = ha.post(
        "/quan-tri/don-vi/them-moi", data=f"{body}--b--\r\n", content_type="multipart/form-data; boundary=b"
    )
    assert many.status_code == 413


def test_in_production_the_site_answers_to_its_own_name_with_cookies_that_no_neighbour_can_set(
    app: Flask, tmp_path: Path
) -> None:
    secrets = {"SECRET_KEY": "k" * 40, "VAULT_KEYS": [Fernet.generate_key().decode()], "INDEX_KEY": "i" * 44}
    site = create_app(
        Config(
            ENV="production",
            BASE_URL="https://phananh.example.vn",
            DATABASE_URL=app.config["SQLALCHEMY_DATABASE_URI"],
            INSTANCE=tmp_path,
            TRUSTED_PROXIES=1,
            **secrets,
        )
    )
    through = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    client = site.test_client()
    for host, expected in (
        ("phananh.example.vn", 200),
        ("127.0.0.1:5000", 200),
        ("example.org", 400),
        ("phananh.example.vn.example.org", 400),
        ("x\\y", 400),
    ):
        answer = client.get("/phan-anh/moi", headers={**through, "X-Forwarded-Host": host})
        assert answer.status_code == expected, host
        assert host not in answer.text if expected == 400 else True
        assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
        for cookie in answer.headers.getlist("Set-Cookie"):
            assert cookie.startswith("__Host-") and {"Secure", "HttpOnly", "Path=/"} <= set(
                cookie.split("; ")
            )
            assert "Domain" not in cookie and "SameSite=Lax" in cookie
    chosen = client.get("/ngon-ngu/en", headers={**through, "X-Forwarded-Host": "phananh.example.vn"})
    assert chosen.headers["Set-Cookie"].startswith("__Host-language=en;")
    with site.app_context():
        db.session.remove()
        db.engine.dispose()
