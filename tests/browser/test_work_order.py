"""The work order is one sheet of paper, whatever stands on it, and its code leads to the ticket."""

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from portal.services import reports
from tests.conftest import MONDAY_8AM, PASSWORD
from tests.factories import send_report

# What a browser does is the same on both engines; the steps themselves are tried on both elsewhere.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WORDS = "Nguyễn Nghiêng " * 133


def test_the_longest_report_is_printed_on_one_page(
    app: Flask, site: str, browser: Browser, photo: bytes, tmp_path: Path
) -> None:
    storage = app.extensions["storage"]
    photos = tuple(reports.keep_photo(photo, storage=storage, now=MONDAY_8AM).token for _ in range(5))
    longest = send_report(
        description=WORDS, place="đường " * 33, latitude=16.8166, longitude=107.1003, photos=photos
    )
    shortest = send_report(description="Đèn tắt ba đêm", place="")
    page = browser.new_page(base_url=site)
    page.goto("/can-bo/")
    page.fill("[name=username]", "minh")
    page.fill("[name=password]", PASSWORD)
    page.click("main [type=submit]")
    for report in (longest, shortest):
        answer = page.goto(f"/can-bo/phan-anh/{report.code}/phieu-giao-viec")
        page.wait_for_load_state("networkidle")
        paper = tmp_path / f"{report.code}.pdf"
        page.pdf(path=paper, prefer_css_page_size=True)
        assert answer and answer.ok and re.findall(rb"/Count (\d+)", paper.read_bytes()) == [b"1"]
    page.close()
