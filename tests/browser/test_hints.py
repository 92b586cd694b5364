"""What the phone does with hints: they come while the description is typed, and take nothing that was chosen."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.models import Choice, Question, Report, db, transaction
from portal.services import territory
from tests.browser.test_report_form import choose_ward

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def asked(app: Flask) -> None:
    """Street lamps are asked for the kind of their road."""
    with transaction():
        db.session.merge(
            Question(
                category_code="den_duong", code="road", label="Đường nào?", label_en="Which?", position=9
            )
        )
        db.session.flush()
        for code, label in (("national", "Loại quốc lộ"), ("village", "Loại đường thôn")):
            key = {"category_code": "den_duong", "question_code": "road", "code": code}
            db.session.merge(Choice(**key, label=label, label_en=label, position=1))
        territory.revise()


def test_other_doors_appear_and_go_with_the_words_and_one_tap_chooses_the_suggested_category(
    asked: None, phone: Callable[..., Page]
) -> None:
    form = phone("/phan-anh/moi")
    sent: list[str] = []
    form.on("request", lambda request: sent.append(request.url))
    words = form.get_by_label("Mô tả sự việc")
    words.fill("Tôi khiếu nại quyết định xử phạt. Nhà bên đang cháy lớn")
    expect(form.get_by_role("link", name="Gọi 114")).to_be_visible()
    expect(form.get_by_text("Luật Khiếu nại 2011")).to_be_visible()
    box = form.get_by_role("link", name="Gọi 114").bounding_box()
    assert box and box["height"] >= 44
    form.get_by_label("Tôi vẫn muốn gửi phản ánh này").check()
    words.press_sequentially(" rồi")
    form.wait_for_timeout(1000)
    expect(form.get_by_label("Tôi vẫn muốn gửi phản ánh này")).to_be_checked()
    assert form.evaluate("document.documentElement.scrollWidth") <= 360
    words.fill("Ổ gà sâu giữa đường Lê Lợi")
    expect(form.get_by_label("Có phải: Đường hỏng, ổ gà")).to_be_visible()
    expect(form.get_by_text("Luật Khiếu nại 2011")).to_have_count(0)
    words.clear()
    words.press_sequentially("Đèn đường kiệt 3 tắt cả tuần ni")
    suggested = form.get_by_label("Có phải: Đèn đường, chiếu sáng công cộng")
    expect(suggested).not_to_be_checked()
    assert not any("tuần" in url or "%" in url for url in sent), "what is typed stays out of addresses"
    suggested.check()
    expect(form.locator(".suggested").get_by_label("Không rõ").last).to_be_checked()
    form.locator(".suggested").get_by_label("Loại đường thôn").check()
    words.press_sequentially(", tối thui")
    expect(form.get_by_text("tối thui)")).to_be_visible()
    expect(suggested, "more words take back no choice").to_be_checked()
    expect(form.locator(".suggested").get_by_label("Loại đường thôn")).to_be_checked()
    choose_ward(form)
    form.get_by_role("button", name="Gửi phản ánh").click()
    expect(form.get_by_role("heading", name="Cảm ơn bạn, phản ánh đã được gửi")).to_be_visible()
    report = db.session.scalars(select(Report)).one()
    assert report.category_code == "den_duong" and report.answers["road"] == "village"


def test_questions_follow_the_card_without_javascript(asked: None, phone: Callable[..., Page]) -> None:
    form = phone("/phan-anh/moi", java_script_enabled=False)
    answer = form.locator("#category").get_by_label("Loại quốc lộ")
    expect(answer).to_be_hidden()
    form.locator("#category input[value=den_duong]").check()
    expect(answer).to_be_visible()
    form.locator("#category input[value=khac]").check()
    expect(answer).to_be_hidden()
