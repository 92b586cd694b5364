"""What the phone itself does for the report form: small photos, places that cannot be, typed words that stay.

The database is not in question here, so one engine is enough.
"""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select

from portal.models import Report, db
from portal.web import files

HANOI = {"latitude": 21.0285, "longitude": 105.8542}
WORDS = "Đèn đường trước chợ tắt ba đêm nay"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def jpeg(name: str = "IMG_1.jpg", size: tuple[int, int] = (2400, 1800)) -> FilePayload:
    out = BytesIO()
    Image.effect_noise(size, 20).save(out, "JPEG", quality=92)
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def tell(form: Page) -> None:
    form.get_by_label("Đèn đường, chiếu sáng công cộng").check()
    form.get_by_label("Mô tả sự việc").fill(WORDS)


def choose_ward(form: Page) -> None:
    ward = form.get_by_label("Phường, xã, đặc khu", exact=True)
    if not ward.is_visible():
        form.get_by_text("Chọn theo tên phường, xã").click()
    ward.select_option("19333")


def reports() -> list[Report]:
    db.session.rollback()
    return list(db.session.scalars(select(Report)))


def test_a_photo_travels_small_and_upright(app: Flask, phone: Callable[..., Page]) -> None:
    form = phone("/phan-anh/moi")
    tell(form)
    form.locator("#photos-input").evaluate(
        """input => {
          const files = new DataTransfer();
          files.items.add(new File([new Uint8Array(13 * 2 ** 20)], "phim.jpg", {type: "image/jpeg"}));
          input.files = files.files;
          input.dispatchEvent(new Event("change"));
        }"""
    )
    expect(form.get_by_text("“phim.jpg” quá 12 MB")).to_be_visible()
    form.locator("#photos-input").set_input_files([jpeg(), jpeg("IMG_2.jpg", (400, 300))])
    expect(form.get_by_role("status").filter(has_text="2 ảnh, tất cả")).to_be_visible()
    form.get_by_role("button", name="Bỏ ảnh 2").click()
    small = form.evaluate(
        "[...document.getElementById('photos-input').files].map(file => [file.type, file.size])"
    )
    assert len(small) == 1 and small[0][0] == "image/jpeg" and small[0][1] < 1_500_000
    choose_ward(form)
    form.get_by_role("button", name="Gửi phản ánh").click()
    expect(form.get_by_role("heading", name="Cảm ơn bạn, phản ánh đã được gửi")).to_be_visible()
    (report,) = reports()
    assert [(photo.width, photo.height) for photo in report.photos] == [(1600, 1200)]


def test_a_position_that_is_refused_or_outside_leaves_the_ward_to_be_found_by_its_former_name(
    app: Flask, phone: Callable[..., Page]
) -> None:
    form = phone("/phan-anh/moi", geolocation=HANOI, permissions=[])
    tell(form)
    form.get_by_role("button", name="Dùng vị trí của tôi").click()
    expect(form.get_by_text("Xin chọn phường, xã bên dưới")).to_be_visible()
    form.context.grant_permissions(["geolocation"])
    form.get_by_role("button", name="Dùng vị trí của tôi").click()
    expect(form.get_by_text("nằm ngoài địa bàn tỉnh")).to_be_visible()
    choose_ward(form)
    form.get_by_label("Gõ tên cũ hoặc mới để lọc").fill("dong luong")
    options = form.locator("#area-choice option:not([value=''])")
    expect(options).to_have_count(1)
    expect(options).to_have_text(re.compile("Phường Nam Đông Hà"))
    form.get_by_label("Phường, xã, đặc khu", exact=True).select_option("19351")
    form.get_by_role("button", name="Gửi phản ánh").click()
    expect(form.get_by_role("heading", name="Cảm ơn bạn")).to_be_visible()
    (report,) = reports()
    assert (report.latitude, report.area_code) == (None, "19351")


@pytest.mark.skipif(files.FOREIGN is None, reason="the map is not installed: pip install ./assets")
def test_a_pin_on_the_map_is_a_position(app: Flask, phone: Callable[..., Page]) -> None:
    form = phone("/phan-anh/moi")
    fetched: list[str] = []
    form.on("request", lambda request: fetched.append(request.url))
    tell(form)
    form.get_by_role("button", name="Chọn trên bản đồ").click()
    form.locator("#map .leaflet-tile-pane").wait_for(state="attached")
    form.locator("#map").click(position={"x": 170, "y": 130})
    expect(form.locator(".near").get_by_role("radio")).to_have_count(3)
    assert any("leaflet.js" in url for url in fetched), "only on demand"
    form.get_by_role("button", name="Gửi phản ánh").click()
    expect(form.get_by_role("heading", name="Cảm ơn bạn")).to_be_visible()
    assert reports()[0].located == "pin"


def test_typed_words_stay_until_they_are_sent_as_soon_as_there_is_a_network(
    app: Flask, phone: Callable[..., Page]
) -> None:
    form = phone("/phan-anh/moi")
    tell(form)
    form.get_by_text("Để lại liên hệ để nhận tin").click()
    form.get_by_label("Số điện thoại di động").fill("0912345678")
    form.get_by_label("Tôi đồng ý").check()
    form.goto("/tra-cuu")
    form.goto("/phan-anh/moi")
    expect(form.get_by_label("Mô tả sự việc")).to_have_value(WORDS)
    expect(form.locator("[name=category]:checked")).to_have_value("den_duong")
    expect(form.get_by_label("Số điện thoại di động")).to_have_value("0912345678")
    expect(form.get_by_label("Tôi đồng ý"), "consent is given anew").not_to_be_checked()
    form.get_by_label("Tôi đồng ý").check()
    choose_ward(form)
    form.context.set_offline(True)
    form.get_by_role("button", name="Gửi phản ánh").click()
    expect(form.get_by_text("Máy đang mất mạng")).to_be_in_viewport()
    assert not reports()
    form.context.set_offline(False)
    expect(form.get_by_role("heading", name="Cảm ơn bạn")).to_be_visible()
    assert len(reports()) == 1
    form.goto("/phan-anh/moi")
    expect(form.get_by_label("Mô tả sự việc")).to_have_value("")
