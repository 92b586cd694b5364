"""Passkeys in a real browser, whose authenticator is a virtual one: made, used, copied, taken to another address."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Request, expect

from portal.models import Passkey, StaffSession, db, transaction
from tests.browser.conftest import PHONE
from tests.conftest import PASSWORD
from tests.factories import account

# What a browser does is the same on both engines; the steps themselves are tried on both elsewhere.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PLATFORM = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
FACTORS, KEYS = "/tai-khoan/xac-thuc", "/tai-khoan/xac-thuc/khoa"
REFUSED = "Khóa truy cập này không mở được"


@pytest.fixture
def at_home(app: Flask, site: str, browser: Browser) -> Iterator[Page]:
    """A phone that reached the site by a name: browsers make no keys for an IP address."""
    app.config["SITE_URL"] = f"http://localhost:{urlsplit(site).port}"
    context = browser.new_context(viewport=PHONE, locale="vi-VN", base_url=app.config["SITE_URL"])
    yield context.new_page()
    context.close()


def by_password(page: Page) -> None:
    page.goto("/dang-nhap")
    page.fill("[name=username]", "minh")
    page.fill("[name=password]", PASSWORD)
    page.click("main form:has([name=password]) [type=submit]")


def by_passkey(page: Page) -> None:
    page.goto("/dang-nhap")
    page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Các mục, đang ở:").click()
    page.locator("#rooms").get_by_role("button", name="Đăng xuất").click()


def passed() -> str:
    db.session.rollback()
    return db.session.scalars(db.select(StaffSession.passed).order_by(StaffSession.id.desc())).first() or ""


@contextmanager
def as_if_never_counted() -> Iterator[None]:
    """Most passkeys do not count their uses; what refuses an old answer must not be the count."""
    key = db.session.scalars(db.select(Passkey)).one()
    count = key.sign_count
    with transaction():
        db.session.execute(db.update(Passkey).values(sign_count=0))
    yield
    with transaction():
        db.session.execute(db.update(Passkey).values(sign_count=count))


class Device:
    """The browser's virtual authenticator."""

    def __init__(self, page: Page):
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.send("WebAuthn.enable")
        self.id = {}
        self.id = {
            "authenticatorId": self.send("addVirtualAuthenticator", options=PLATFORM)["authenticatorId"]
        }

    def send(self, command: str, **details: Any) -> Any:
        return self.devtools.send(f"WebAuthn.{command}", {**self.id, **details})

    def hold(self, credential: dict[str, Any]) -> None:
        """Have this key and no other."""
        self.send("clearCredentials")
        self.send("addCredential", credential=credential)


def test_a_passkey_opens_without_a_name_and_is_the_second_step_after_a_password(
    app: Flask, at_home: Page
) -> None:
    page = at_home
    device = Device(page)
    by_password(page)
    page.goto(KEYS)
    page.fill("[name=name]", "Điện thoại của Minh")
    page.get_by_role("button", name="Tạo khóa truy cập").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    assert passed() == "password passkey"
    key = db.session.scalars(db.select(Passkey)).one()
    assert (key.name, key.account_id) == ("Điện thoại của Minh", account("minh").id)

    sign_out(page)
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    by_passkey(page)
    page.wait_for_url("**/can-bo/**")
    assert passed() == "passkey"

    sign_out(page)
    by_password(page)
    page.wait_for_url("**/dang-nhap/buoc-hai")
    page.get_by_role("button", name="Dùng khóa truy cập").click()
    page.wait_for_url("**/can-bo/**")
    assert passed() == "password passkey"
    page.goto(FACTORS)
    expect(page.locator("main")).to_contain_text("Điện thoại của Minh")

    replayed = next(each for each in sent if urlsplit(each.url).path == "/dang-nhap/khoa")
    with as_if_never_counted():
        again = page.request.post(replayed.url, form=replayed.post_data_json)
    assert again.status == 422 and REFUSED in again.text()

    sign_out(page)
    device.send("setUserVerified", isUserVerified=False)
    by_passkey(page)
    expect(page.locator("[data-passkey] [role=status]")).to_contain_text("Thiết bị chưa đưa khóa nào")
    device.send("setUserVerified", isUserVerified=True)

    (original,) = device.send("getCredentials")["credentials"]
    assert original["signCount"] > 1
    device.hold({**original, "signCount": 0})
    by_passkey(page)
    expect(page.locator("main")).to_contain_text(REFUSED)

    device.hold({**original, "signCount": 99})
    right, app.config["SITE_URL"] = app.config["SITE_URL"], "http://localhost:1"
    by_passkey(page)
    expect(page.locator("main")).to_contain_text(REFUSED)
    app.config["SITE_URL"] = right
    by_passkey(page)
    page.wait_for_url("**/can-bo/**")

    page.goto(FACTORS)
    page.get_by_role("button", name=re.compile("^Bỏ khóa")).click()
    expect(page.locator("main")).to_contain_text("Chưa bật xác thực hai bước")
    db.session.rollback()
    assert db.session.query(Passkey).count() == 0
    sign_out(page)
    by_passkey(page)
    expect(page.locator("main")).to_contain_text(REFUSED)
