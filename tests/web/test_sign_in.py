"""The way in and out: who is let in, where they land, and what a stranger is told."""

from flask import Flask
from flask.testing import FlaskClient

from portal.models import Account, db, transaction
from tests.conftest import PASSWORD


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


def test_too_many_failures_close_the_door_for_a_while(app: Flask, lan: FlaskClient) -> None:
    for _ in range(5):
        assert lan.post("/dang-nhap", data={"username": "minh", "password": "sai"}).status_code == 422
    answer = lan.post("/dang-nhap", data={"username": "minh", "password": PASSWORD})
    assert answer.status_code == 429 and "Xin thử lại sau ít phút" in answer.text
    assert lan.post("/dang-nhap", data={"username": "tuan", "password": PASSWORD}).status_code == 303


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
