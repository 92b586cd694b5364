"""Two factors: setting them up, signing in with them, and what takes them away."""

import re
from datetime import timedelta

import pyotp
import pytest
import time_machine
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient

from portal.config import Config, ConfigError
from portal.models import AuditEntry, Authenticator, RecoveryCode, db
from portal.services import accounts
from portal.services.accounts import factors
from tests.conftest import MONDAY_8AM, PASSWORD
from tests.factories import account

FACTORS = "/tai-khoan/xac-thuc"
APP = f"{FACTORS}/ung-dung"
STEP = "/dang-nhap/buoc-hai"


def fields(page: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    return dict(re.findall(r'<input id="\w+" name="(\w+)" type="hidden" value="([^"]*)">', page))


def password_shown(app: Flask, username: str = "minh", wanted: str = "") -> tuple[FlaskClient, str]:
    """A browser after the right password, and where it is led."""
    client = app.test_client()
    data = {"username": username, "password": PASSWORD, "next": wanted}
    answer = client.post("/dang-nhap", data=data)
    assert answer.status_code == 303
    return client, answer.location


def set_up(client: FlaskClient) -> tuple[pyotp.TOTP, list[str]]:
    """Give this person an app; return it with the recovery codes that were shown."""
    page = client.get(APP).text
    secret = re.search(r"data-secret>([A-Z2-7 ]+)<", page)
    assert secret and "<svg" in page
    app = pyotp.TOTP(secret[1].replace(" ", ""))
    assert f"secret={app.secret}" in page
    answer = client.post(APP, data={**fields(page), "code": app.now()})
    assert answer.status_code == 200
    return app, re.findall(r'<li class="code">([\w-]+)</li>', answer.text)


def test_an_app_is_asked_for_at_the_next_sign_in_and_each_code_counts_once(
    app: Flask, minh: FlaskClient, now: time_machine.Traveller
) -> None:
    page = minh.get(APP).text
    for code in ("", "000000", "abc"):
        refused = minh.post(APP, data={**fields(page), "code": code})
        assert refused.status_code == 422 and fields(refused.text)["offer"] == fields(page)["offer"]
    authenticator, codes = set_up(minh)
    assert len(set(codes)) == 10 and minh.get("/can-bo/").status_code == 200
    kept = db.session.query(Authenticator).one()
    assert authenticator.secret not in kept.secret
    assert not any(
        code.replace("-", "") in row.digest for code in codes for row in db.session.query(RecoveryCode)
    )

    now.move_to(MONDAY_8AM + timedelta(minutes=1))
    client, step = password_shown(app, wanted="/can-bo/gia-han")
    assert step == STEP and client.get("/can-bo/").status_code == 302
    assert client.post(STEP, data={"code": "000000"}).status_code == 422
    entered = client.post(STEP, data={"code": authenticator.now()})
    assert entered.location == "/can-bo/gia-han" and client.get("/can-bo/").status_code == 200
    assert accounts.open_sessions(account("minh"), now=MONDAY_8AM)[0].passed == "password totp"

    again, _ = password_shown(app)
    assert again.post(STEP, data={"code": authenticator.now()}).status_code == 422, "shown twice"
    for ahead, status in ((-60, 422), (60, 422), (30, 303)):
        code = authenticator.at(MONDAY_8AM + timedelta(minutes=1, seconds=ahead))
        assert again.post(STEP, data={"code": code}).status_code == status, ahead


def test_a_recovery_code_counts_once_and_new_ones_end_the_old(
    app: Flask, minh: FlaskClient, now: time_machine.Traveller
) -> None:
    _, codes = set_up(minh)
    now.move_to(MONDAY_8AM + timedelta(minutes=1))
    for status in (303, 422):
        client, _ = password_shown(app)
        assert client.post(STEP, data={"code": f" {codes[0].upper()} "}).status_code == status
    form = {"request_key": "một lần"}
    first, second = (minh.post(f"{FACTORS}/ma-du-phong", data=form).text for _ in range(2))
    fresh = re.findall(r'<li class="code">([\w-]+)</li>', first)
    assert first == second and len(set(fresh) | set(codes)) == 20
    for code, status in ((codes[1], 422), (fresh[1], 303)):
        client, _ = password_shown(app)
        assert client.post(STEP, data={"code": code}).status_code == status
    assert factors.held(account("minh")).codes_left == 9


def test_guessing_is_stopped_whoever_guesses(
    app_with_limits: Flask, minh: FlaskClient, now: time_machine.Traveller
) -> None:
    _, codes = set_up(minh)

    def guess(code: str) -> int:
        client, _ = password_shown(app_with_limits)
        return client.post(STEP, data={"code": code}).status_code

    assert [guess(f"{number:06}") for number in range(6)] == [422] * 5 + [429]
    assert guess(codes[0]) == 429
    now.move_to(MONDAY_8AM + timedelta(minutes=20))
    assert guess(codes[0]) == 303
    assert [guess("000000") for _ in range(6)] == [422] * 5 + [429]
    assert app_with_limits.test_cli_runner().invoke(args=["accounts", "unlock", "minh"]).exit_code == 0
    assert guess(codes[1]) == 303
    refused = db.session.query(AuditEntry).filter_by(deed="sign_in_refused").all()
    assert [each.details for each in refused] == [{"factor": "code"}] * 10


def test_who_must_have_two_is_led_to_set_one_up_before_anything_else(
    app: Flask, ha: FlaskClient, minh: FlaskClient
) -> None:
    app.config["SECOND_FACTOR_ROLES"] = ("administrator",)
    for method, address in (("GET", "/quan-tri/thoi-gian"), ("POST", "/quan-tri/don-vi/them-moi")):
        answer = ha.open(address, method=method)
        assert (answer.status_code, answer.location) == (303, FACTORS), address
    assert "phải xác thực hai bước" in ha.get(FACTORS).text
    assert minh.get("/can-bo/").status_code == 200
    set_up(ha)
    assert ha.get("/quan-tri/thoi-gian").status_code == 200
    refused = ha.post(f"{APP}/bo", follow_redirects=True)
    assert "thêm cách khác" in refused.text and factors.held(account("ha")).count == 1


def test_changes_ask_again_who_sits_here(app: Flask, minh: FlaskClient, now: time_machine.Traveller) -> None:
    confirm = "/tai-khoan/xac-nhan"
    now.move_to(MONDAY_8AM + timedelta(minutes=11))
    asked = minh.get(APP)
    assert asked.location == f"{confirm}?next={APP}"
    for typed, status in (("", 422), ("sai", 422), (PASSWORD, 303)):
        answer = minh.post(asked.location, data={"password": typed})
        assert answer.status_code == status, typed
    assert answer.location == APP
    authenticator, _ = set_up(minh)

    now.move_to(MONDAY_8AM + timedelta(minutes=22))
    for address in (f"{APP}/bo", f"{FACTORS}/khoa/1/bo", f"{FACTORS}/ma-du-phong"):
        assert minh.post(address).location == confirm, address
    assert minh.post(confirm, data={"password": PASSWORD}).status_code == 422, "a password is not enough now"
    away = minh.post(f"{confirm}?next=https://evil.example", data={"code": authenticator.now()})
    assert away.location == FACTORS
    assert minh.post(f"{APP}/bo").location == FACTORS
    assert factors.held(account("minh")) == factors.Held(None, [], 0)
    deeds = db.session.query(AuditEntry.deed, AuditEntry.subject_kind).order_by(AuditEntry.id).all()
    factor_deeds = [tuple(row) for row in deeds if row.subject_kind in ("authenticator", "recovery_code")]
    assert factor_deeds == [
        ("create", "authenticator"),
        ("create", "recovery_code"),
        ("remove", "authenticator"),
    ]


def test_a_change_ends_the_sessions_elsewhere(app: Flask, minh: FlaskClient) -> None:
    elsewhere, _ = password_shown(app)
    assert elsewhere.get("/can-bo/").status_code == 200
    set_up(minh)
    assert elsewhere.get("/can-bo/").status_code == 302 and minh.get("/can-bo/").status_code == 200


def test_what_was_offered_to_one_is_taken_from_nobody_else(minh: FlaskClient, tuan: FlaskClient) -> None:
    page = minh.get(APP).text
    secret = re.search(r"data-secret>([A-Z2-7 ]+)<", page)
    assert secret
    code = pyotp.TOTP(secret[1].replace(" ", "")).now()
    for offer in (fields(page)["offer"], "x", ""):
        assert tuan.post(APP, data={**fields(page), "offer": offer, "code": code}).status_code == 422
    assert not factors.held(account("tuan")).count


def test_an_administrator_takes_away_what_somebody_lost_but_not_their_own(
    app: Flask, ha: FlaskClient, minh: FlaskClient, tuan: FlaskClient, now: time_machine.Traveller
) -> None:
    set_up(minh)
    set_up(ha)
    vi_du = "https://sso.vi.du.vn"
    factors.identities.link(account("minh"), vi_du, "ke gian", by=None, now=MONDAY_8AM)
    minh = password_shown(app)[0]
    lost = f"/quan-tri/nguoi-dung/{account('minh').id}"
    assert "Bỏ xác thực hai bước" in ha.get(lost).text
    assert tuan.post(f"{lost}/bo-xac-thuc").status_code == 403
    mine = f"/quan-tri/nguoi-dung/{account('ha').id}"
    assert "Bỏ xác thực hai bước" not in ha.get(mine).text
    own = ha.post(f"{mine}/bo-xac-thuc")
    assert own.status_code == 422 and "Của chính mình" in own.text
    for _ in range(2):
        assert ha.post(f"{lost}/bo-xac-thuc").location == lost
    assert "Bỏ xác thực hai bước" not in ha.get(lost).text
    assert minh.get("/can-bo/").status_code == 302 and factors.held(account("minh")).codes_left == 0
    assert password_shown(app)[1] == "/can-bo/"
    noted = db.session.query(AuditEntry).filter_by(deed="remove", subject_kind="account").all()
    assert [(each.account_id, each.details) for each in noted] == [(account("ha").id, {"factors": 2})]
    assert factors.identities.owner(vi_du, "ke gian") is None
    now.move_to(MONDAY_8AM + timedelta(minutes=11))
    asked = ha.post(f"{lost}/bo-xac-thuc", headers={"Referer": f"http://localhost{lost}"})
    assert asked.location == f"/tai-khoan/xac-nhan?next={lost}"
    command = app.test_cli_runner().invoke(args=["accounts", "remove-factors", "ha"])
    assert command.output == "ha: 1 factors removed.\n" and ha.get("/quan-tri/nguoi-dung").status_code == 302


def test_settings_that_would_let_somebody_in_are_refused() -> None:
    secrets = {"SECRET_KEY": "s" * 32, "INDEX_KEY": "i" * 32, "VAULT_KEYS": Fernet.generate_key().decode()}
    production = {"PORTAL_ENV": "production", **{f"PORTAL_{name}": value for name, value in secrets.items()}}

    def roles(environment: dict[str, str]) -> tuple[str, ...]:
        return Config.from_env(environment).second_factor_roles

    assert roles({}) == ()
    assert roles(production) == ("administrator", "auditor", "coordinator")
    assert roles({**production, "PORTAL_SECOND_FACTOR_ROLES": "none"}) == ()
    assert roles({"PORTAL_SECOND_FACTOR_ROLES": "officer, editor"}) == ("officer", "editor")
    wrong = [
        {"PORTAL_SECOND_FACTOR_ROLES": "administrators"},
        {"PORTAL_OIDC_ISSUER": "https://sso.example.vn"},
        {"PORTAL_OIDC_CLIENT_ID": "portal"},
        {"PORTAL_OIDC_ISSUER": "http://sso.example.vn", "PORTAL_OIDC_CLIENT_ID": "portal"},
    ]
    for environment in wrong:
        with pytest.raises(ConfigError):
            Config.from_env(environment)
    known = Config.from_env({"PORTAL_OIDC_ISSUER": "https://sso.vn/a/", "PORTAL_OIDC_CLIENT_ID": "portal"})
    assert known.OIDC_ISSUER == "https://sso.vn/a/"
