"""The whole way to a real provider and back in a real browser, which is where a content policy would stand in it."""

from urllib.parse import urlsplit

import pytest
from flask import Flask

from portal.models import LinkedIdentity, db, transaction
from tests.conftest import MONDAY_8AM
from tests.factories import account
from tests.identities import PASSWORD_THERE, register

# What a browser does is the same on both engines; the steps themselves are tried on both elsewhere.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_browser_goes_there_and_comes_back_by_itself(
    app: Flask, site: str, app_with_single_sign_on: Flask, issuer: str, phone
) -> None:
    app.config["SITE_URL"] = site
    register(app, issuer)
    with transaction():
        db.session.add(
            LinkedIdentity(
                account_id=account("minh").id, issuer=issuer, subject="minh.sso", linked_at=MONDAY_8AM
            )
        )
    page = phone("/dang-nhap?next=/can-bo/gia-han")
    page.get_by_role("link", name="Đăng nhập một lần").click()
    page.fill("[name=login]", "minh.sso")
    page.keyboard.press("Enter")
    page.fill("[name=password]", PASSWORD_THERE)
    page.keyboard.press("Enter")
    page.click("#accept")
    page.wait_for_url("**/can-bo/gia-han")
    assert urlsplit(page.url).netloc == urlsplit(site).netloc
