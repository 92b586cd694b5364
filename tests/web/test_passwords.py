"""Passwords as their owners choose them: by a link, with the old one, and nothing that a stranger learns from it."""

import logging
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal import worker
from portal.models import AccountLink, AuditEntry, Message, db, transaction
from portal.services import records
from portal.web import identity
from tests.conftest import MONDAY_8AM, PASSWORD
from tests.factories import account
from tests.mailbox import Mailbox, link_in
from tests.web.admin_form import error_at

FORGOTTEN, CHOOSE, OWN = "/quen-mat-khau", "/dat-mat-khau", "/tai-khoan/mat-khau"
CHOSEN = "bốn con vịt qua sông"


@pytest.fixture
def box(app: Flask) -> Mailbox:
    """Minh has an address, and this is his mailbox."""
    with transaction():
        account("minh").email = "minh@example.vn"
    return Mailbox()


def ask(client: FlaskClient, who: str) -> Any:
    return client.post(FORGOTTEN, data={"who": who})


def choose(client: FlaskClient, password: str, again: str | None = None) -> Any:
    return client.post(
        CHOOSE, data={"password": password, "password_again": password if again is None else again}
    )


def sign_in(client: FlaskClient, password: str, username: str = "minh") -> int:
    return client.post("/dang-nhap", data={"username": username, "password": password}).status_code


def test_a_forgotten_password_is_chosen_anew_by_mail_once_and_ends_every_session(
    app: Flask, lan: FlaskClient, minh: FlaskClient, box: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ask(lan, " MINH ")
    worker.deliver({"mail": box})
    [(to, letter)] = box.sent
    assert to == "minh@example.vn" and letter.startswith("Đặt lại mật khẩu của tài khoản minh\n\n")
    link = link_in(letter)
    answer = lan.get(link)
    assert (answer.status_code, answer.location) == (303, CHOOSE)
    page = lan.get(CHOOSE)
    assert 'value="minh"' in page.text and link.rpartition("/")[2] not in page.text
    assert minh.get("/can-bo/").status_code == 200
    for _ in range(2):
        assert choose(lan, CHOSEN).location == "/dang-nhap"
    assert choose(lan, "ba con gà trên cành").status_code == 410
    assert minh.get("/can-bo/").status_code == 302
    assert (sign_in(lan, CHOSEN), sign_in(lan, PASSWORD)) == (303, 422)
    token = link.rpartition("/")[2]
    assert token not in caplog.text and CHOSEN not in caplog.text
    assert token not in str([vars(row) for row in db.session.query(AccountLink)])
    deeds = [entry.deed for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert [deed for deed in deeds if deed in ("ask_reset", "choose_password")] == [
        "ask_reset",
        "choose_password",
    ]


def test_a_stranger_learns_nothing_from_asking_and_nobody_is_flooded(
    app_with_limits: Flask, box: Mailbox, now: time_machine.Traveller
) -> None:
    stranger = app_with_limits.test_client()
    with transaction():
        account("tuan").active, account("tuan").email = False, "tuan@example.vn"
    asked = ("minh", "minh@example.vn", "tuan", "tuan@example.vn", "ha", "khong.co", "a@b.vn", "x\x00")
    answers = [ask(stranger, who) for who in asked for _ in range(4)]
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, f"{FORGOTTEN}/da-gui")}
    assert {answer.text for answer in answers} == {answers[0].text}
    assert db.session.query(Message).count() == 3 + 3 * 6, "minh has two names, and one mailbox"
    worker.deliver({"mail": box})
    assert [to for to, _letter in box.sent] == ["minh@example.vn"] * 3
    last = link_in(box.sent[-1][1])
    for _to, letter in box.sent[:-1]:
        assert stranger.get(link_in(letter), follow_redirects=True).status_code == 410
    now.move_to(MONDAY_8AM + timedelta(minutes=59))
    assert stranger.get(last, follow_redirects=True).status_code == 200
    now.move_to(MONDAY_8AM + timedelta(minutes=60))
    assert stranger.get(last, follow_redirects=True).status_code == 410
    assert choose(stranger, CHOSEN).status_code == 410
    worker.purge()
    assert db.session.query(Message).filter_by(state="failed").count() == 0


def test_what_is_no_link_opens_nothing_and_the_form_wants_its_fields(app: Flask, lan: FlaskClient) -> None:
    for address in (CHOOSE, f"{CHOOSE}/x", f"{CHOOSE}/%00"):
        answer = lan.get(address, follow_redirects=True)
        assert answer.status_code == 410 and "không còn dùng được" in answer.text
    assert choose(lan, CHOSEN).status_code == 410
    for who in ("", " ", "x" * 255):
        assert ask(lan, who).status_code == 422
    assert lan.get(FORGOTTEN).status_code == lan.get(f"{FORGOTTEN}/da-gui").status_code == 200


def test_a_password_is_changed_by_who_knows_the_old_one(
    app: Flask, lan: FlaskClient, minh: FlaskClient, now: time_machine.Traveller
) -> None:
    def change(old: str, password: str, again: str | None = None) -> Any:
        again = password if again is None else again
        return lan.post(OWN, data={"old_password": old, "password": password, "password_again": again})

    assert sign_in(lan, PASSWORD) == 303
    for old, password, again, field, sentence in (
        ("", CHOSEN, None, "old_password", "Xin nhập mật khẩu hiện tại."),
        ("sai", CHOSEN, None, "old_password", "Mật khẩu hiện tại không đúng."),
        (PASSWORD, "", None, "password", "Xin nhập mật khẩu mới."),
        (PASSWORD, "ngắn", None, "password", "ít nhất 12 ký tự"),
        (PASSWORD, "x" * 129, None, "password", "dài quá 128 ký tự"),
        (PASSWORD, "matkhau123456", None, "password", "nhiều người hay đặt"),
        (PASSWORD, "Nguyễn Văn Minh 7", None, "password", "chứa tên của bạn"),
        (PASSWORD, "chợ Đông Hà buổi sớm", None, "password", "của đơn vị"),
        (PASSWORD, "mùa gió ở Quảng Trị", None, "password", "của cổng này"),
        (PASSWORD, "123456789012", None, "password", "theo thứ tự bàn phím"),
        (PASSWORD, CHOSEN, "khác", "password_again", "Hai lần nhập không giống nhau."),
    ):
        answer = change(old, password, again)
        assert answer.status_code == 422 and sentence in error_at(answer.text, field), (password, field)
        assert not password or f'value="{password}"' not in answer.text
    thief = app.test_client()
    for name in ("portal", identity.SEEN_COOKIE):
        thief.set_cookie(name, lan.get_cookie(name).value)
    assert minh.get("/can-bo/").status_code == thief.get("/can-bo/").status_code == 200
    before = lan.get_cookie("portal").value
    for _ in range(3):  # the answers to the first two never came, nor their cookies
        lan.set_cookie("portal", before)
        assert change(PASSWORD, CHOSEN).location == "/tai-khoan/"
    assert "Đã đổi mật khẩu." in lan.get("/tai-khoan/").text
    assert thief.get("/can-bo/").status_code == 302, "what was copied before opens nothing"
    assert thief.get(OWN).status_code == 302
    assert lan.get(OWN).status_code == 200 and minh.get("/can-bo/").status_code == 302
    assert (sign_in(minh, PASSWORD), sign_in(minh, CHOSEN)) == (422, 303)
    now.shift(timedelta(minutes=2))
    lan.set_cookie("portal", before)
    assert change(PASSWORD, CHOSEN).status_code == 403, "nobody sends the same form so late"


def test_a_spent_link_is_no_way_to_guess(app_with_limits: Flask, lan: FlaskClient, box: Mailbox) -> None:
    ask(lan, "minh")
    worker.deliver({"mail": box})
    lan.get(link_in(box.sent[0][1]))
    assert choose(lan, CHOSEN).status_code == 303
    tried = [choose(lan, f"đoán mò lần thứ {number}").status_code for number in range(6)]
    assert tried == [410] * 5 + [429] and choose(lan, CHOSEN).status_code == 429


def test_a_link_in_a_mailbox_of_before_opens_nothing(
    app: Flask, lan: FlaskClient, ha: FlaskClient, box: Mailbox
) -> None:
    ask(lan, "minh")
    worker.deliver({"mail": box})
    person = account("minh")
    form = {"name": person.name, "email": "moi@example.vn", "seen": records.version(person)}
    assert ha.post(f"/quan-tri/nguoi-dung/{person.id}", data=form).status_code == 303
    assert lan.get(link_in(box.sent[0][1]), follow_redirects=True).status_code == 410


def test_the_old_password_cannot_be_guessed_by_who_finds_an_open_session(
    app_with_limits: Flask, minh: FlaskClient
) -> None:
    form = {"password": CHOSEN, "password_again": CHOSEN}
    tried = [minh.post(OWN, data=form | {"old_password": f"đoán {number}"}) for number in range(6)]
    assert [answer.status_code for answer in tried] == [422] * 5 + [429]
    assert minh.post(OWN, data=form | {"old_password": PASSWORD}).status_code == 429


def test_a_form_that_came_too_late_gives_no_password_back(app_with_csrf: Flask, minh: FlaskClient) -> None:
    typed = {"old_password": PASSWORD, "password": CHOSEN, "password_again": CHOSEN}
    for address in (OWN, CHOOSE):
        answer = minh.post(address, data=typed)
        assert answer.status_code == 400 and PASSWORD not in answer.text and CHOSEN not in answer.text
