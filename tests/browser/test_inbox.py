"""The inbox in a real browser on a small screen: by keys, by thumb, and loaded again without losing the place."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.models import Account, db
from tests.conftest import PASSWORD
from tests.factories import send_report

# What a browser does is the same on both engines; the steps themselves are tried on both elsewhere.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OpenPage = Callable[..., Page]
PATH = "/dang-nhap?next=/can-bo/"


@pytest.fixture
def inbox(app: Flask, phone: OpenPage) -> Callable[..., Page]:
    """Minh's inbox with so many reports."""

    def open_inbox(many: int, **options: object) -> Page:
        for number in range(many):
            send_report(description=f"Đèn số {number} trước chợ bị tắt, tối thui không thấy đường đi")
        page = phone(PATH, **options)
        page.fill(
            "[name=username]", db.session.query(Account).filter_by(name="Nguyễn Văn Minh").one().username
        )
        page.fill("[name=password]", PASSWORD)
        page.click("main [type=submit]")
        page.wait_for_url("**/can-bo/")
        return page

    return open_inbox


def test_keys_move_choose_search_and_open(inbox: Callable[..., Page]) -> None:
    page = inbox(14)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    links, boxes = page.locator(".inbox-rows h2 a"), page.locator(".inbox-rows [name=report]")
    expect(page.locator(".chosen-bar")).to_be_hidden()
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    for key in "jjk":
        page.keyboard.press(key)
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(boxes.nth(1)).to_be_checked()
    expect(page.locator(".chosen-bar button")).to_have_text("Làm với 1 hồ sơ đã chọn")
    for _ in range(10):  # the bar at the lower edge never lies over the row that has the focus
        page.keyboard.press("j")
        card = page.locator("article:has(a:focus)").bounding_box()
        bar = page.locator(".chosen-bar").bounding_box()
        assert card and bar and card["y"] + card["height"] <= bar["y"] + 1
    page.keyboard.press("/")
    expect(page.locator("[name=q]")).to_be_focused()
    page.keyboard.type("j?x")
    expect(page.locator("[name=q]")).to_have_value("j?x")
    page.locator("[name=q]").blur()
    page.keyboard.press("?")
    expect(page.locator("dialog.keys")).to_be_visible()
    page.keyboard.press("Escape")
    links.nth(2).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/can-bo/phan-anh/QT-*")
    assert problems == []


def test_a_thumb_hits_every_target_and_nothing_is_too_wide(inbox: Callable[..., Page]) -> None:
    page = inbox(5, has_touch=True)
    for box in page.locator(
        ".rooms-button, .row-choice, .tabs a, .inbox-tools .button:visible, .inbox-search summary"
    ).all()[:40]:
        size = box.bounding_box()
        assert size and size["width"] >= 43.5 and size["height"] >= 43.5, box
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 640})
        head = page.locator(".site-header").bounding_box()
        assert head and head["height"] <= 96, "two lines at most"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".row-choice").nth(0).tap()
    page.locator(".row-choice").nth(3).tap()
    page.locator(".chosen-bar button").tap()
    page.wait_for_url("**/can-bo/nhieu?*")
    expect(page.locator(".card-list li")).to_have_count(2)
    page.locator("summary", has_text="Nối với phản ánh cùng nguyên nhân").tap()
    page.locator("#step-same_cause button").tap()
    expect(page.locator("[data-outcome=done]")).to_have_count(1)


def test_news_are_told_and_loading_again_keeps_place_and_choice(
    inbox: Callable[..., Page], app: Flask
) -> None:
    page = inbox(14)
    page.clock.install()
    page.reload()
    page.locator(".row-choice").nth(12).click()
    send_report(description="Đèn vừa tắt")
    page.evaluate("scrollTo(0, 900)")
    with page.expect_response("**/moi.json?*"):
        page.clock.fast_forward(61_000)
    expect(page.locator("[data-notice]")).to_have_text("Có 1 hồ sơ mới")
    place = page.locator(".inbox-rows li").nth(12).bounding_box()
    with page.expect_navigation():
        page.evaluate("document.querySelector('[data-reload]').click()")
    expect(page.locator(".inbox-rows [name=report]").nth(12)).to_be_checked()
    again = page.locator(".inbox-rows li").nth(12).bounding_box()
    assert place and again and abs(again["y"] - place["y"]) < 3
    expect(page.locator("[data-notice]")).to_be_hidden()
    page.context.clear_cookies()
    with page.expect_response("**/moi.json?*"):
        page.clock.fast_forward(61_000)
    expect(page.locator("[data-notice]")).to_contain_text("Xin đăng nhập lại")


def test_without_javascript_boxes_and_links_do_the_same(inbox: Callable[..., Page]) -> None:
    page = inbox(30, java_script_enabled=False)
    page.locator(".row-choice input").nth(0).check()
    page.click("text=Làm với các hồ sơ đã chọn")
    page.wait_for_url("**/can-bo/nhieu?report=*")
    page.go_back()
    page.click("text=Tải lại")
    page.click("text=Trang sau")
    expect(page.locator(".inbox-rows li")).to_have_count(5)
    page.click("text=Trang trước")
    expect(page.locator(".inbox-rows li")).to_have_count(25)
