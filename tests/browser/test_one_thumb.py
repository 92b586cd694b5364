"""An officer in the street, with one thumb: takes a report, photographs what was mended, and resolves it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from portal.core.workflow import Status
from portal.models import Report, db
from tests.browser.conftest import PHONE
from tests.conftest import PASSWORD
from tests.factories import send_report
from tests.photographs import photograph

# What a browser does is the same on both engines; the steps themselves are tried on both elsewhere.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MARKET = (16.8163, 107.1003)
THUMB = 44  # points that a target needs at least (WCAG 2.2 asks for 24)


def tap(target: Locator) -> None:
    """Tap what is large enough and lies on the screen, after scrolling as far as a thumb would."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box and box["height"] >= THUMB and box["width"] >= THUMB, (box, target)
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    target.tap()


def test_a_report_is_taken_photographed_and_resolved(
    app: Flask, phone: Callable[..., Page], tmp_path: Path
) -> None:
    report = send_report(latitude=MARKET[0], longitude=MARKET[1], located="device")
    picture = tmp_path / "after.jpg"
    picture.write_bytes(photograph(datetime.now(UTC), MARKET))
    desk = phone("/dang-nhap?next=/can-bo/", has_touch=True, is_mobile=True)
    desk.fill("[name=username]", "minh")
    desk.fill("[name=password]", PASSWORD)
    tap(desk.get_by_role("button", name="Đăng nhập", exact=True))
    desk.locator("article h2 a").first.tap()
    expect(desk).to_have_url(f"{desk.url.split('/can-bo')[0]}/can-bo/phan-anh/{report.code}")
    tap(desk.locator("#step-receive button"))
    tap(desk.locator("#step-start button"))
    form = desk.locator("#step-resolve form")
    form.locator("textarea[name=note]").fill("Đã thay bóng LED 100 W ở trụ số 4, sáng từ 18 giờ 30")
    form.locator("input[name=photos]").set_input_files(picture)
    expect(form.locator(".photo-picker")).not_to_have_attribute("aria-busy", "true")
    tap(form.get_by_role("button", name="Báo đã xử lý xong"))
    expect(desk.get_by_text("Sau khi xử lý")).to_be_visible()
    assert desk.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    db.session.rollback()
    assert db.session.get_one(Report, report.id).status == Status.RESOLVED
