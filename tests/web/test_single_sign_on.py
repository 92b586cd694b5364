"""Signing in at a real OpenID Connect provider, and everything by which that must not lead in."""

from datetime import UTC, datetime

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.adapters.openid import Provider
from portal.adapters.vault import Vault
from portal.models import AuditEntry, LinkedIdentity, StaffSession, db, transaction
from portal.services.accounts import factors
from tests.factories import account
from tests.identities import CALLBACK, LINK, brought_back, sent_back

BEGIN, FACTORS = "/dang-nhap/mot-lan", "/tai-khoan/xac-thuc"


@pytest.fixture
def now() -> None:
    """No frozen clock: the provider's is the real one."""


def linked(client: FlaskClient, login: str) -> None:
    answer = brought_back(client, sent_back(client, LINK, login))
    assert (answer.status_code, answer.location) == (303, FACTORS)


def test_who_linked_it_comes_in_by_the_provider_and_nobody_else(
    app_with_single_sign_on: Flask, minh: FlaskClient, tuan: FlaskClient
) -> None:
    assert "Liên kết" in minh.get(FACTORS).text
    linked(minh, "minh.sso")
    assert "Bỏ liên kết" in minh.get(FACTORS).text
    stranger = app_with_single_sign_on.test_client()
    page = stranger.get("/dang-nhap?next=/can-bo/gia-han").text
    begin = f"{BEGIN}?next=/can-bo/gia-han"
    assert f'href="{begin}"' in page
    entered = brought_back(stranger, sent_back(stranger, begin, "minh.sso"))
    assert entered.location == "/can-bo/gia-han" and stranger.get("/can-bo/").status_code == 200
    assert db.session.query(StaffSession.passed).order_by(StaffSession.id.desc()).first() == ("sso",)
    stranger.post("/dang-xuat")
    assert stranger.get("/can-bo/").status_code == 302

    unknown = brought_back(stranger, sent_back(stranger, BEGIN, "la.sso"))
    assert unknown.status_code == 403 and "chưa được liên kết" in unknown.text
    stolen = brought_back(tuan, sent_back(tuan, LINK, "minh.sso"))
    assert stolen.location == FACTORS and "một tài khoản khác" in tuan.get(FACTORS).text
    assert db.session.query(LinkedIdentity).one().account_id == account("minh").id

    (code,) = given_an_app("minh", app_with_single_sign_on.extensions["vault"])
    half = brought_back(stranger, sent_back(stranger, begin, "minh.sso"))
    assert half.location == "/dang-nhap/buoc-hai" and stranger.get("/can-bo/").status_code == 302
    assert stranger.post(half.location, data={"code": code}).location == "/can-bo/gia-han"

    with transaction():
        account("minh").active = False
    closed = brought_back(stranger, sent_back(stranger, BEGIN, "minh.sso"))
    assert closed.status_code == 403 and "đã bị khóa" in closed.text
    refused = db.session.query(AuditEntry).filter_by(deed="sign_in_refused").one()
    assert (refused.subject_id, refused.details) == (str(account("minh").id), {"factor": "sso"})


def given_an_app(username: str, vault: Vault) -> list[str]:
    """Give this person an authenticator app; return their one recovery code."""
    person, moment, codes = account(username), datetime.now(UTC), ["abcd-efgh-jkmn"]
    offer = factors.authenticators.offer(person, vault=vault)
    code = pyotp.TOTP(factors.authenticators.offered(person, offer, vault=vault)).at(moment)
    factors.authenticators.add(person, offer, code, codes=codes, by=None, vault=vault, now=moment)
    return codes


# What the provider's answer has to hold is not asked of the database.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_answer_that_was_tampered_with_does_not_lead_in(
    app_with_single_sign_on: Flask, minh: FlaskClient
) -> None:
    linked(minh, "minh.sso")
    app = app_with_single_sign_on
    there = app.test_client().get(BEGIN).location
    for sent in ("code_challenge_method=S256", "scope=openid&", "nonce=", "state="):
        assert sent in f"{there}&"
    tampered = [
        ({}, {"state": "của-người-khác"}),
        ({}, {"code": "bịa"}),
        ({}, {"iss": "https://evil.example"}),
        ({"nonce": "cua-nguoi-khac"}, {}),
        ({"code_challenge": "x" * 43}, {}),
        ({"answer": "deny"}, {}),
    ]
    for case in tampered:
        asked, brought = case
        client = app.test_client()
        back = sent_back(client, BEGIN, "minh.sso", **asked)
        for answer in (brought_back(client, back | brought), brought_back(client, back)):
            assert answer.status_code == 403 and "Chưa đăng nhập một lần được" in answer.text, case

    client, thief = app.test_client(), app.test_client()
    back = sent_back(client, BEGIN, "minh.sso")
    assert brought_back(thief, back).status_code == 403, "another browser"
    before = client.get_cookie("portal")
    assert before and brought_back(client, back).status_code == 303
    thief.set_cookie("portal", before.value)
    assert brought_back(thief, back).status_code == 403, "replayed with the cookie of then"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_provider_that_is_away_or_calls_itself_otherwise_is_refused(
    app_with_single_sign_on: Flask, issuer: str, lan: FlaskClient, minh: FlaskClient
) -> None:
    for address in (f"{issuer}/", "http://127.0.0.1:1"):
        app_with_single_sign_on.extensions["single_sign_on"] = Provider(address, "portal", "")
        assert lan.get(BEGIN).status_code == 403
        assert minh.post(LINK).location == FACTORS
    app_with_single_sign_on.extensions["single_sign_on"] = None
    for page in (BEGIN, CALLBACK):
        assert lan.get(page).status_code == 404
    assert BEGIN not in lan.get("/dang-nhap").text
