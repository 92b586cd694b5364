"""Categories through the administrator's door."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.errors import NotAllowed
from portal.models import Category
from portal.services import directory, records
from portal.services.directory import CategoryWords
from portal.web.admin.wording import PICTOGRAMS
from tests.conftest import MONDAY_8AM
from tests.factories import hire, seat, send_report
from tests.web.admin_form import error_at, typed

CATEGORIES = "/quan-tri/linh-vuc"
NEW = f"{CATEGORIES}/them-moi"
LAMPS = f"{CATEGORIES}/den_duong"

FERRIES = {
    "code": "ben_do",
    "name": "Bến đò",
    "name_en": "Ferries",
    "hint": "Bến hỏng, thiếu áo phao",
    "hint_en": "",
    "pictogram": "flood",
    "priority": "urgent",
    "receive_hours": "4",
    "assign_hours": "4",
    "resolve_hours": "16",
    "visibility": "public",
    "evidence": "photo",
    "position": "3",
    "active": "y",
    "legal_basis": "",
}


def names(page: str) -> list[str]:
    return [unescape(name).strip() for name in re.findall(r"</svg>([^<]+)</span></a>", page)]


def lamps() -> Category:
    return directory.category("den_duong")


def change(client: FlaskClient, **changes: str) -> Any:
    return client.post(LAMPS, data=typed(client.get(LAMPS).text) | changes)


def test_the_list_is_that_of_the_form_with_its_clocks_in_words(app: Flask, ha: FlaskClient) -> None:
    page = ha.get(CATEGORIES).text
    assert names(page)[:2] == ["Rác thải, vệ sinh môi trường", "Đèn đường, chiếu sáng công cộng"]
    assert len(names(page)) == 23
    for words in ("1 ngày làm việc", "3 ngày làm việc", "4 giờ làm việc", "Khẩn cấp", "Không công khai"):
        assert words in page


def test_a_form_that_was_only_looked_at_changes_nothing(app: Flask, ha: FlaskClient) -> None:
    for code in ("den_duong", "thien_tai", "tieng_on"):
        address = f"{CATEGORIES}/{code}"
        form = typed(ha.get(address).text)
        assert ha.post(address, data=form).status_code == 303
        assert directory.category(code).edited_at is None, code


def test_a_category_is_edited_in_hours_and_the_old_promise_stays(app: Flask, ha: FlaskClient) -> None:
    report = send_report()
    promised = report.resolve_due_at
    answer = change(
        ha, name="Đèn đường", receive_hours="2", resolve_hours="6", position="1", priority="urgent"
    )
    assert (answer.status_code, answer.location) == (303, LAMPS)
    kept = lamps()
    assert (kept.name, kept.receive_minutes, kept.resolve_minutes, kept.priority) == (
        "Đèn đường",
        120,
        360,
        "urgent",
    )
    assert report.resolve_due_at == promised != send_report().resolve_due_at


def test_a_stopped_category_is_marked_and_no_longer_offered(app: Flask, ha: FlaskClient) -> None:
    form = typed(ha.get(LAMPS).text)
    form.pop("active")
    refused = ha.post(LAMPS, data=form)
    assert refused.status_code == 422 and "Xin chọn lĩnh vực thay thế" in error_at(
        refused.text, "successor_code"
    )
    assert ha.post(LAMPS, data=form | {"successor_code": "dien_luc"}).status_code == 303
    assert "đã ngừng, nay là Sự cố điện" in ha.get(CATEGORIES).text
    assert "den_duong" not in {category.code for category in directory.active_categories()}


def test_the_last_category_stays(app: Flask, ha: FlaskClient) -> None:
    for category in directory.active_categories()[:-1]:
        form = typed(ha.get(f"{CATEGORIES}/{category.code}").text)
        closed = {key: form[key] for key in form if key != "active"} | {"successor_code": "khac"}
        assert ha.post(f"{CATEGORIES}/{category.code}", data=closed).status_code == 303
    last = typed(ha.get(f"{CATEGORIES}/khac").text)
    refused = ha.post(f"{CATEGORIES}/khac", data={key: last[key] for key in last if key != "active"})
    assert refused.status_code == 422 and "ít nhất một" in error_at(refused.text, "active")


def test_what_somebody_else_saved_meanwhile_is_shown(app: Flask, ha: FlaskClient) -> None:
    form = typed(ha.get(LAMPS).text)
    change(ha, receive_hours="2", visibility="private")
    late = ha.post(LAMPS, data=form | {"receive_hours": "3"})
    assert late.status_code == 409
    assert "Thời hạn tiếp nhận (giờ): <strong>2</strong>" in late.text
    assert "Hiển thị: <strong>Không công khai</strong>" in late.text
    assert typed(late.text)["receive_hours"] == "3"
    assert lamps().receive_minutes == 120


def test_a_new_category_is_added_once_and_offered(app: Flask, ha: FlaskClient) -> None:
    blank = typed(ha.get(NEW).text)
    assert (blank["position"], blank["receive_hours"], blank["pictogram"]) == ("24", "8", "dots")
    assert [ha.post(NEW, data=FERRIES).status_code for _ in range(2)] == [303, 303]
    made = directory.category("ben_do")
    assert (made.receive_minutes, made.resolve_minutes, made.pictogram, made.active) == (
        240,
        960,
        "flood",
        True,
    )
    assert "Bến đò" in names(ha.get(CATEGORIES).text)
    assert send_report(category="ben_do").lead_unit.code == "IOC", "no rule yet: the coordination centre"


def test_wrong_fields_are_told_at_the_field(app: Flask, ha: FlaskClient) -> None:
    hours = "Xin ghi một số nguyên từ 1 đến"
    for field, value, sentence in (
        ("code", "", "Xin nhập mã lĩnh vực."),
        ("code", "b", "Mã gồm 2 đến 30"),
        ("code", "bến_đò", "Mã gồm 2 đến 30"),
        ("code", "x" * 31, "Mã gồm 2 đến 30"),
        ("code", "khac", "Mã này đã được dùng"),
        ("name", "", "Xin nhập tên."),
        ("name_en", "", "Xin nhập tên tiếng Anh."),
        ("hint", "x" * 201, "Dài quá 200 ký tự."),
        ("pictogram", "skull", "Xin chọn một mục trong danh sách."),
        ("priority", "", "Xin chọn một mục"),
        ("visibility", "secret", "Xin chọn một mục trong danh sách."),
        ("receive_hours", "", hours),
        ("receive_hours", "0", hours),
        ("receive_hours", "-1", hours),
        ("receive_hours", "1.5", hours),
        ("receive_hours", "một", hours),
        ("receive_hours", "9" * 500, hours),
        ("resolve_hours", "3", "không được ngắn hơn"),
        ("position", "1000", "Xin ghi một số nguyên từ 1 đến 999."),
    ):
        answer = ha.post(NEW, data=FERRIES | {field: value})
        assert answer.status_code == 422, (field, value)
        assert sentence in error_at(answer.text, field), (field, value, error_at(answer.text, field))
        assert len(re.findall(r"<strong>Lỗi:</strong>", answer.text)) == 1, (field, value)
        if len(value) < 40 and field not in ("pictogram", "priority", "visibility"):
            assert typed(answer.text)[field] == value
    assert len(directory.categories()) == 23


def test_every_pictogram_that_may_be_chosen_is_drawn(app: Flask) -> None:
    drawings = Path(app.root_path, "templates", "parts", "pictograms.html").read_text(encoding="utf-8")
    for slug in PICTOGRAMS:
        assert f'"{slug}":' in drawings, slug
    used = {category.pictogram for category in directory.categories()}
    assert used <= set(PICTOGRAMS)


def test_a_category_that_does_not_exist_is_unknown(app: Flask, ha: FlaskClient) -> None:
    for code in ("khong_co", "%00", "'--", "x" * 500):
        assert ha.get(f"{CATEGORIES}/{code}").status_code == 404, code
        assert ha.post(f"{CATEGORIES}/{code}", data=FERRIES).status_code == 404, code


def test_an_editor_changes_the_words_and_nothing_else(app: Flask, ha: FlaskClient, enter: Any) -> None:
    """Whatever is sent beside them; the service refuses who keeps words alone also without the page."""
    hire("bien", None, "editor")
    editor, all_of_it = enter("bien"), typed(ha.get(LAMPS).text)
    page = editor.get(LAMPS).text
    assert set(typed(page)) == {"seen", "name", "name_en", "hint", "hint_en"}
    assert NEW not in editor.get(CATEGORIES).text and "/quan-tri/dieu-phoi" not in page
    before = {name: value for name, value in vars(lamps()).items() if not name.startswith("_")}
    sent = all_of_it | typed(page) | {"name": "Đèn đường", "hint_en": "Dark", "visibility": "private"}
    assert editor.post(LAMPS, data=sent | {"resolve_hours": "900", "active": ""}).status_code == 303
    words = {"name": "Đèn đường", "hint_en": "Dark", "edited_at": lamps().edited_at}
    assert {name: getattr(lamps(), name) for name in before} == before | words
    wanted = CategoryWords(
        **{name: getattr(lamps(), name) for name in CategoryWords.__dataclass_fields__} | {"position": 9}
    )
    with pytest.raises(NotAllowed):
        directory.change_category(
            "den_duong", wanted, seen=records.version(lamps()), by=seat("bien"), now=MONDAY_8AM
        )
