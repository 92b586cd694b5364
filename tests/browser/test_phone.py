"""A resident's phone: the whole way with JavaScript and without it, on a small screen, with few bytes."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.models import Report, db
from tests.factories import send_report

IN_DONG_HA = {"latitude": 16.8195, "longitude": 107.1028}
MOST_BYTES, MOST_REQUESTS = 60_000, 8
PAGES = ("/", "/phan-anh/moi", "/tra-cuu", "/toi/", "/dang-nhap")
OpenPage = Callable[..., Page]


@pytest.fixture
def photo_file(tmp_path: Path, photo: bytes) -> Path:
    path = tmp_path / "đèn.jpg"
    path.write_bytes(photo)
    return path


def describe(page: Page, photo_file: Path) -> None:
    page.set_input_files("input[name=photos]", photo_file)
    page.check("input[name=category][value=den_duong]")
    page.fill("textarea[name=description]", "Đèn trước cổng chợ tắt đã ba đêm")


def only_report() -> Report:
    db.session.rollback()
    return db.session.scalars(db.select(Report)).one()


def test_with_its_position_a_phone_finds_the_ward_and_the_resident_confirms_it(
    app: Flask, phone: OpenPage, photo_file: Path
) -> None:
    page = phone("/phan-anh/moi", geolocation=IN_DONG_HA, permissions=["geolocation"])
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    describe(page, photo_file)
    page.click("[data-device]")
    near = page.locator("#near input[type=radio]")
    expect(near.first).to_be_checked()
    expect(near).to_have_count(3)
    page.click("form[data-report] button[type=submit]")
    page.wait_for_url("**/phan-anh/QT-*")
    report = only_report()
    expect(page.locator("main")).to_contain_text(report.code)
    expect(page.locator("main")).to_contain_text("UBND phường Đông Hà")
    assert (report.area_code, report.located, len(report.photos)) == ("19333", "device", 1)
    assert report.latitude == pytest.approx(IN_DONG_HA["latitude"])
    assert problems == []


def test_without_javascript_the_ward_is_chosen_by_name_and_a_double_tap_sends_one_report(
    app: Flask, phone: OpenPage, photo_file: Path
) -> None:
    page = phone("/phan-anh/moi", java_script_enabled=False)
    describe(page, photo_file)
    page.select_option("select[name=area]", "19351")
    page.dblclick("form button[type=submit]:has-text('Gửi phản ánh')")
    expect(page).to_have_url(
        re.compile("/phan-anh/QT-"), timeout=30_000
    )  # the second tap breaks off the first
    report = only_report()
    assert page.url.endswith(report.code)
    assert (report.area_code, report.located, len(report.photos)) == ("19351", "area", 1)


def test_a_first_visit_costs_few_bytes_and_no_page_is_wider_than_the_phone(
    app: Flask, phone: OpenPage
) -> None:
    page = phone("/healthz")
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    received: list[float] = []
    network.on("Network.loadingFinished", lambda event: received.append(_bytes(event)))
    for path in (*PAGES, f"/phan-anh/{send_report().code}"):
        received.clear()
        page.goto(path, wait_until="networkidle")
        assert 1 < len(received) <= MOST_REQUESTS, path
        assert 1000 < sum(received) <= MOST_BYTES, path
        for width in (320, 360):
            page.set_viewport_size({"width": width, "height": 640})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def _bytes(event: dict[str, Any]) -> float:
    return float(event["encodedDataLength"])
