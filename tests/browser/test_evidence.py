"""Closing on a phone: photos are made small and keep moment and place, a template goes in, the phone says where."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.core.workflow import Step
from portal.models import AnswerTemplate, Photo, db, transaction
from tests.conftest import PASSWORD
from tests.factories import send_report, step
from tests.photographs import photograph

# What a browser does is the same on both engines; the steps themselves are tried on both elsewhere.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MARKET = (16.8163, 107.1003)


def test_a_lamp_is_closed_with_a_photo_of_it(app: Flask, phone: Callable[..., Page], tmp_path: Path) -> None:
    with transaction():
        db.session.add(AnswerTemplate(name="Thay bóng", step="resolve", text="Đã thay bóng tại {dia_diem}."))
    report = send_report(latitude=MARKET[0], longitude=MARKET[1], located="device")
    step(report, Step.RECEIVE)
    dated, blank = tmp_path / "dated.jpg", tmp_path / "blank.jpg"
    dated.write_bytes(photograph(datetime.now(UTC), MARKET, size=(2400, 1800), orientation=6))
    blank.write_bytes(photograph())
    here = {"latitude": MARKET[0], "longitude": MARKET[1]}
    desk = phone(f"/can-bo/phan-anh/{report.code}", geolocation=here, permissions=["geolocation"])
    desk.fill("[name=username]", "minh")
    desk.fill("[name=password]", PASSWORD)
    desk.click("main [type=submit]")
    desk.click("#step-resolve summary")
    form = desk.locator("#form-resolve")
    form.locator("select[name=template]").select_option(label="Thay bóng")
    form.get_by_role("button", name="Chèn mẫu").click()
    expect(form.locator("textarea[name=note]")).to_have_value("Đã thay bóng tại Trước chợ Đông Hà.")
    form.locator("input[name=photos]").set_input_files(dated)
    expect(form.locator(".photo-picker")).not_to_have_attribute("aria-busy", "true")
    shrunk = (
        "() => [...document.querySelector('#form-resolve input[name=photos]').files].map((file) => file.size)"
    )
    assert desk.evaluate(shrunk)[0] < dated.stat().st_size / 2
    form.get_by_role("button", name="Xem trước").click()
    expect(desk.get_by_text("Xem trước: chưa gửi gì")).to_be_in_viewport()
    expect(form.locator(".photos-kept img")).to_have_count(1)
    form.get_by_role("button", name="Báo đã xử lý xong").click()
    expect(desk.get_by_text("Đã báo xử lý xong cho người phản ánh.")).to_be_visible()
    expect(desk.get_by_text("Sau khi xử lý")).to_be_visible()
    db.session.rollback()
    after = db.session.query(Photo).one()
    assert after.source == "exif" and (after.width, after.height) == (1200, 1600), "upright, once"

    other = send_report(latitude=MARKET[0], longitude=MARKET[1], located="device")
    step(other, Step.RECEIVE)
    desk.goto(f"/can-bo/phan-anh/{other.code}")
    desk.click("#step-resolve summary")
    form.locator("textarea[name=note]").fill("Đã nối lại dây ở trụ số 9, sáng từ 19 giờ")
    form.locator("input[name=photos]").set_input_files(blank)
    form.get_by_role("button", name="Gửi kèm vị trí của tôi").click()
    expect(form.get_by_text("Đã có vị trí của điện thoại")).to_be_visible()
    form.get_by_role("button", name="Báo đã xử lý xong").click()
    expect(desk.get_by_text("Đã báo xử lý xong cho người phản ánh.")).to_be_visible()
    db.session.rollback()
    assert db.session.query(Photo).filter_by(source="device").count() == 1
