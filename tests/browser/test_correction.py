"""Putting a report right on a phone: the pin fills the coordinates, the old name filters the wards."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.web import files
from tests.conftest import PASSWORD
from tests.factories import send_report

# What a browser does is the same on both engines; the steps themselves are tried on both elsewhere.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.skipif(files.FOREIGN is None, reason="the map is not installed: pip install ./assets")
def test_the_pin_says_where_it_is(app: Flask, phone: Callable[..., Page]) -> None:
    report = send_report(latitude=16.8163, longitude=107.1003, located="device")
    desk = phone(f"/can-bo/phan-anh/{report.code}")
    desk.fill("[name=username]", "minh")
    desk.fill("[name=password]", PASSWORD)
    desk.click("main [type=submit]")
    desk.click("details:has(> #step-correct) > summary")
    desk.click("#step-correct > summary")
    desk.get_by_label("Gõ tên cũ hoặc mới để lọc").fill("phuong 5 dong ha")
    expect(desk.locator("#correct-area")).to_have_value("19351")
    desk.locator("#step-correct").get_by_role("button", name="Chọn trên bản đồ").click()
    desk.locator("#pin-map .leaflet-marker-icon").wait_for()
    desk.locator("#pin-map").click(position={"x": 60, "y": 60})
    coordinates = desk.locator("#correct-point")
    expect(coordinates).to_have_value(re.compile(r"^16\.81\d{4}, 107\.09\d{4}$|^16\.81\d{4}, 107\.1\d{5}$"))
    expect(coordinates).not_to_have_value("16.816300, 107.100300")
    desk.get_by_role("button", name="Xem trước sẽ chuyển đến đâu").click()
    expect(desk.get_by_text("phản ánh sẽ chuyển đến UBND phường Nam Đông Hà")).to_be_visible()
