"""Sessions of staff: how long a browser stays signed in, and what ends it."""

from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.models import StaffSession, db
from portal.web import identity
from tests.conftest import MONDAY_8AM, PASSWORD
from tests.factories import account

INBOX, OWN = "/can-bo/", "/tai-khoan/"


def signed_in(app: Flask, username: str = "minh", **headers: str) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/dang-nhap", data={"username": username, "password": PASSWORD}, headers=headers)
    assert answer.status_code == 303
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get(INBOX).status_code == 200


def test_a_session_ends_when_nobody_uses_it_and_after_half_a_day_in_any_case(
    app: Flask, now: time_machine.Traveller
) -> None:
    app.config.update(SESSION_IDLE_MINUTES=180, SESSION_HOURS=12)
    busy, idle, left_open = signed_in(app), signed_in(app), signed_in(app)
    for turn in range(4):
        now.move_to(MONDAY_8AM + timedelta(minutes=179 * (turn + 1)))
        news = left_open.get("/can-bo/moi.json", query_string={"since": MONDAY_8AM.isoformat()})
        assert news.status_code == (401 if turn else 200), "what an open page asks by itself is no use of it"
        assert is_in(busy), turn
    assert not is_in(idle)
    now.move_to(MONDAY_8AM + timedelta(hours=12))
    assert not is_in(busy)


def test_a_session_is_a_row_that_keeps_no_token_and_says_from_where(
    app: Flask, now: time_machine.Traveller
) -> None:
    client = signed_in(app, **{"User-Agent": "Firefox " + "x" * 999})
    kept = db.session.query(StaffSession).one()
    with client.session_transaction() as session:
        token = session["_user_id"]
    assert token not in repr(vars(kept)) and len(token) > 40
    assert (kept.account.username, kept.passed, kept.address) == ("minh", "password", "127.0.0.1")
    assert kept.agent.startswith("Firefox x") and len(kept.agent) == 300
    for minutes, seen in ((4, 0), (6, 6)):
        now.move_to(MONDAY_8AM + timedelta(minutes=minutes))
        is_in(client)
        client.post("/can-bo/phan-anh/QT-2611-04F7-K/receive")
        db.session.expire_all()
        assert kept.seen_at == MONDAY_8AM + timedelta(minutes=seen)


def test_what_was_copied_from_a_browser_opens_nothing_after_it_was_signed_out(app: Flask) -> None:
    client, thief = signed_in(app), app.test_client()
    for name in ("portal", identity.SEEN_COOKIE):
        cookie = client.get_cookie(name)
        assert cookie and cookie.http_only and cookie.same_site == "Lax"
        thief.set_cookie(name, cookie.value)
    assert is_in(thief)
    client.post("/dang-xuat")
    assert not is_in(thief) and not is_in(client)


def test_the_clock_of_one_session_does_not_wake_another_and_cannot_be_forged(app: Flask) -> None:
    one, other = signed_in(app), signed_in(app)
    seen = one.get_cookie(identity.SEEN_COOKIE)
    assert seen
    for value in (seen.value, seen.value + "x", "1.99999999999", "", "1.x.y"):
        other.set_cookie(identity.SEEN_COOKIE, value)
        assert not is_in(other), value
    assert is_in(one)


def test_one_sees_and_ends_ones_own_sessions_and_nobody_elses(app: Flask) -> None:
    windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"
    phone, desk, here = (signed_in(app, **{"User-Agent": agent}) for agent in ("?", windows, "Firefox"))
    tuan = signed_in(app, "tuan")
    page = here.get(OWN).text
    assert page.count("đây là phiên này") == 1 and "Chrome trên Windows" in page
    _first, second, last, other = db.session.scalars(select(StaffSession.id).order_by(StaffSession.id)).all()
    assert f"/phien/{other}/" not in page
    assert here.post(f"{OWN}phien/{other}/ket-thuc").status_code == 404 and is_in(tuan)
    for _ in range(2):
        assert here.post(f"{OWN}phien/{second}/ket-thuc").location == OWN
    assert [is_in(client) for client in (phone, desk, here)] == [True, False, True]
    assert "Đã kết thúc 1 phiên" in here.post(f"{OWN}phien/ket-thuc", follow_redirects=True).text
    assert [is_in(client) for client in (phone, here, tuan)] == [False, True, True]
    assert here.post(f"{OWN}phien/{last}/ket-thuc").location == "/dang-nhap" and not is_in(here)


def test_whoever_is_half_way_in_is_known_for_ten_minutes_and_sees_nothing(
    app: Flask, now: time_machine.Traveller
) -> None:
    client = app.test_client()
    with app.test_request_context():
        identity.sign_in_half_way(account("minh"), ["password"], INBOX)
        serializer = app.session_interface.get_signing_serializer(app)
        assert serializer
        client.set_cookie("portal", serializer.dumps({"half_way": identity.session["half_way"]}))
        found = identity.half_way()
        assert found and (found.account.username, found.passed, found.wanted) == (
            "minh",
            ("password",),
            INBOX,
        )
        now.move_to(MONDAY_8AM + timedelta(minutes=11))
        assert identity.half_way() is None
    assert not is_in(client)
