"""The ticket page and its steps through the officer's door."""

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event, select

from portal.core import workflow
from portal.core.workflow import EXTENDABLE, STEPS, Actor, Condition, Status, Step
from portal.models import Message, Report, Unit, db
from portal.services import reports
from portal.web import context
from tests.conftest import MONDAY_8AM
from tests.factories import after_photo, brought_to, send_report, step
from tests.web.test_staff_inbox import at

TYPED = "Đã thay bóng lúc 9 giờ, trụ số 12; hẹn kiểm tra lại tối nay"
OFFERED = re.compile(r'action="/can-bo/phan-anh/[\w-]+/(\w+)"')


@pytest.fixture
def lamp(app: Flask) -> Report:
    return send_report()


def address(report: Report, taken: str = "") -> str:
    return f"/can-bo/phan-anh/{report.code}{taken and '/' + taken}"


def post(client: FlaskClient, report: Report, taken: str, seen: str | None = None, **typed: Any) -> Any:
    return client.post(address(report, taken), data={"seen": seen or report.status, **typed})


def other_unit() -> Unit:
    return db.session.scalars(select(Unit).filter_by(code="UBND_19351", valid_until=None)).one()


def hidden(page: str, taken: str, name: str) -> str:
    form = page.partition(f'id="form-{taken}"')[2].partition("</form>")[0]
    found = re.search(rf'name="{name}" type="hidden" value="([^"]*)"', form)
    assert found, (taken, name)
    return found[1]


def test_one_glance_says_everything(app: Flask, minh: FlaskClient, photo: bytes) -> None:
    kept = reports.keep_photo(photo, storage=context.storage(), now=MONDAY_8AM)
    report = send_report(
        photos=(kept.token,),
        latitude=16.8163,
        longitude=107.1003,
        located="pin",
        email="lan@example.vn",
        name="Lan",
    )
    page = unescape(minh.get(address(report)).text)
    for words in (
        "Đèn đường, chiếu sáng công cộng",
        report.description,
        "Phường Đông Hà",
        "Trước chợ Đông Hà",
        "geo:16.816300,107.100300",
        "UBND phường Đông Hà",
        "Quy tắc cho lĩnh vực này (quy tắc số",
        "17/11/2026 08:00",
        "còn 1 ngày làm việc",
        "19/11/2026 08:00",
        "còn 3 ngày làm việc",
        "Người dân gửi phản ánh",
        "Có họ tên · Có số điện thoại · Có thư điện tử",
        f"{address(report)}/anh/1/large",
    ):
        assert words in page, words
    for secret in ("912345678", "lan@example.vn", report.reporter_key, ">Lan<"):
        assert secret not in page


@pytest.mark.parametrize("status", list(Status))
def test_the_page_offers_what_the_law_allows_and_nothing_else(
    app: Flask, minh: FlaskClient, status: Status
) -> None:
    report = brought_to(status)
    page = minh.get(address(report)).text
    approval = Condition.APPROVAL if report.lead_unit.needs_approval else Condition.NO_APPROVAL
    held = {Condition.ALWAYS, Condition.UNSETTLED, Condition.RETURNABLE, Condition.LATELY_CLOSED, approval}
    held |= {Condition.KEPT, Condition.ALONE}
    lawful = {
        taken
        for (seen, taken), rule in STEPS.items()
        if seen == status and rule.by.get(Actor.OFFICER) in held
    }
    assert set(OFFERED.findall(page)) == lawful
    nothing_urgent = status in workflow.CLOSED or status is Status.AWAITING_APPROVAL
    assert page.count('class="thumb-bar"') == (not nothing_urgent)
    keys = re.findall(r'name="request_key" type="hidden" value="(\w+)"', page)
    beside = (status in EXTENDABLE) + (status in workflow.OPEN)  # a later date, and help of another unit
    assert len(set(keys)) == len(lawful) + beside, "every form has a key of its own"
    assert set(re.findall(r'name="seen" type="hidden" value="(\w+)"', page)) == {status}


def test_a_ticket_goes_through_every_step_by_its_forms(
    app: Flask, minh: FlaskClient, lan: FlaskClient, lamp: Report
) -> None:
    path = (
        ("receive", {}, "received", "Phản ánh này do bạn phụ trách"),
        ("start", {}, "in_progress", "đang xử lý"),
        ("note", {"note": "Gọi đội điện"}, "in_progress", "Đã lưu ghi chú nội bộ"),
        ("answer", {"note": "Mai có người đến"}, "in_progress", "Đã gửi câu trả lời"),
        ("ask", {"note": "Trụ số mấy?"}, "waiting", "Thời hạn tạm dừng"),
        ("start", {}, "in_progress", "đang xử lý"),
        ("pause", {"note": "Chờ bóng", "reason": "materials"}, "paused", "Đã tạm dừng"),
        ("resume", {}, "in_progress", "xử lý tiếp"),
        ("resolve", {"note": TYPED}, "resolved", "Đã báo xử lý xong"),
        ("reopen", {"note": "Tối qua lại tắt"}, "in_progress", "Đã mở lại"),
        ("reject", {"note": "Không thấy đèn hỏng", "reason": "not_found"}, "rejected", "Đã từ chối"),
    )
    for number, (taken, typed, status, sentence) in enumerate(path):
        if taken == "resolve":
            typed = typed | {"kept": after_photo(lamp)}
        answer = post(minh, lamp, taken, request_key=f"form-number-{number}", **typed)
        assert (answer.status_code, answer.location) == (303, address(lamp)), taken
        assert lamp.status == status
        assert sentence in minh.get(answer.location).text
    page = minh.get(address(lamp)).text
    assert "Nguyễn Văn Minh, UBND phường Đông Hà" in page
    assert "Lý do: Kiểm tra hiện trường không thấy sự việc." in page
    assert page.count("Nội bộ</span>") == 1
    kinds = [message.kind for message in db.session.query(Message).order_by(Message.id)]
    assert kinds == [
        "submit",
        "receive",
        "start",
        "answer",
        "ask",
        "pause",
        "resume",
        "resolve",
        "reopen",
        "reject",
    ]


def test_after_forwarding_the_ticket_is_theirs(
    app: Flask, minh: FlaskClient, tuan: FlaskClient, lamp: Report
) -> None:
    offered = minh.get(address(lamp)).text.partition('id="forward-unit"')[2].partition("</select>")[0]
    assert f'value="{other_unit().id}"' in offered and f'value="{lamp.lead_unit_id}"' not in offered
    answer = post(minh, lamp, "forward", unit=other_unit().id, note="Đèn ở Phường 5 cũ")
    assert (answer.status_code, answer.location) == (303, "/can-bo/")
    assert f"Đã chuyển phản ánh {lamp.code} đến UBND phường Nam Đông Hà." in minh.get("/can-bo/").text
    assert minh.get(address(lamp)).status_code == 404
    page = tuan.get(address(lamp)).text
    assert "Từ UBND phường Đông Hà đến UBND phường Nam Đông Hà." in page and "Đèn ở Phường 5 cũ" in page
    assert "UBND phường Đông Hà chuyển đến lúc 16/11/2026 08:00." in page


def test_another_unit_learns_nothing(app: Flask, tuan: FlaskClient, lamp: Report) -> None:
    missing = tuan.get("/can-bo/phan-anh/QT-2611-0000-N")
    for address_ in (address(lamp), address(lamp, "anh/1/small")):
        answer = tuan.get(address_)
        assert answer.status_code == 404 and lamp.code not in answer.text.replace(
            f"next=/can-bo/phan-anh/{lamp.code}", ""
        )
        assert answer.text.replace(lamp.code, "QT-2611-0000-N").count("<h1>") == missing.text.count("<h1>")
    for taken in ("receive", "note", "forward", "reject", "resolve"):
        assert (
            post(tuan, lamp, taken, note=TYPED, unit=other_unit().id, reason="not_found").status_code == 404
        )
    assert lamp.status == Status.SUBMITTED and len(lamp.events) == 1


def test_unknown_steps_and_reading_where_writing_is_meant(
    app: Flask, minh: FlaskClient, lamp: Report
) -> None:
    for unknown in ("fly", "reply", "submit", "x" * 500):
        assert post(minh, lamp, unknown, note="x").status_code == 404
    answer = minh.get(address(lamp, "receive"))
    assert answer.status_code == 405 and "POST" in answer.headers["Allow"]
    assert "Trang này không nhận cách gửi vừa dùng" in answer.text


def test_a_step_that_the_seen_status_does_not_allow_is_refused(
    app: Flask, minh: FlaskClient, lamp: Report
) -> None:
    for taken in ("start", "resolve", "ask", "answer", "reopen"):
        assert post(minh, lamp, taken, note=TYPED).status_code == 403
    assert post(minh, lamp, "start", seen="resolved").status_code == 403
    assert lamp.status == Status.SUBMITTED


NO_NOTE = "Xin ghi nội dung trước khi gửi."
NO_REASON = "Xin chọn một lý do trong danh sách."
NO_UNIT = "Xin chọn một đơn vị khác đang hoạt động"
WRONG_FORMS: list[tuple[str, dict[str, str], str, str]] = [
    ("note", {}, "note-note", NO_NOTE),
    ("note", {"note": " \r\n\t\u200b"}, "note-note", NO_NOTE),
    ("note", {"note": "ă" * 2001}, "note-note", "Nội dung dài quá 2.000 ký tự."),
    ("reject", {"note": TYPED}, "reject-reason", NO_REASON),
    ("reject", {"note": TYPED, "reason": "vì thích"}, "reject-reason", NO_REASON),
    ("reject", {"reason": "not_found"}, "reject-note", NO_NOTE),
    ("forward", {"note": TYPED, "unit": ""}, "forward-unit", "Xin chọn đơn vị."),
    ("forward", {"note": TYPED, "unit": "abc"}, "forward-unit", NO_UNIT),
    ("forward", {"note": TYPED, "unit": str(10**30)}, "forward-unit", NO_UNIT),
]


def test_a_wrong_form_keeps_what_was_typed_and_says_why_at_the_field(
    app: Flask, minh: FlaskClient, lamp: Report
) -> None:
    to_ourselves = {"note": TYPED, "unit": str(lamp.lead_unit_id)}
    for taken, typed, field, sentence in [*WRONG_FORMS, ("forward", to_ourselves, "forward-unit", NO_UNIT)]:
        answer = post(minh, lamp, taken, **typed)
        page = answer.text
        assert answer.status_code == 422, typed
        error = re.search(rf'id="{field}-error">(.*?)</div>', page, re.S)
        assert error and sentence in error[1], typed
        assert re.search(rf'<details id="step-{taken}" open>', page), "the form that was sent is open"
        assert f'href="#{field}' in page, "the summary leads to the field"
        assert 'class="thumb-bar"' not in page, "nothing else is urged meanwhile"
        if (note := typed.get("note", "")).isprintable():
            assert note in unescape(page)
        if typed.get("reason") == "not_found":
            assert re.search(r'checked[^>]*value="not_found"', page)
    assert lamp.status == Status.SUBMITTED and len(lamp.events) == 1


def test_a_form_without_its_hidden_half_is_refused(app: Flask, minh: FlaskClient, lamp: Report) -> None:
    half = [{}, {"seen": ""}, {"seen": "flying"}, {"seen": "submitted", "request_key": "\x00\x01'"}]
    for hidden_fields in half:
        answer = minh.post(address(lamp, "note"), data={"note": TYPED, **hidden_fields})
        assert answer.status_code == 422 and TYPED in answer.text, hidden_fields
        assert hidden(answer.text, "note", "seen") == "submitted", "sent again, it works"
    assert len(lamp.events) == 1


def test_strange_words_are_kept_as_words(app: Flask, minh: FlaskClient, lamp: Report) -> None:
    strange = ["<script>alert(1)</script>", "'; DROP TABLE event;--", "=HYPERLINK(1)", "🌊🛠️"]
    for typed, kept in [*((words, words) for words in strange), ("nghie\u0302ng\x00\x07", "nghiêng")]:
        assert post(minh, lamp, "note", note=typed).status_code == 303
        assert lamp.events[-1].note == kept
        page = minh.get(address(lamp)).text
        assert kept in unescape(page) and "<script>alert" not in page


def test_an_expired_form_loses_nothing(app_with_csrf: Flask, minh: FlaskClient, lamp: Report) -> None:
    answer = post(minh, lamp, "note", note=TYPED)
    assert answer.status_code == 400
    assert TYPED in answer.text and "Biểu mẫu đã hết hạn" in answer.text
    assert len(lamp.events) == 1
    token = hidden(answer.text, "note", "csrf_token")
    assert post(minh, lamp, "note", note=TYPED, csrf_token=token).status_code == 303
    assert lamp.events[-1].note == TYPED


def test_a_double_tap_is_harmless(app: Flask, minh: FlaskClient, lamp: Report) -> None:
    key = hidden(minh.get(address(lamp)).text, "receive", "request_key")
    for _tap in range(2):
        assert post(minh, lamp, "receive", seen="submitted", request_key=key).status_code == 303
    key = hidden(minh.get(address(lamp)).text, "forward", "request_key")
    for _tap in range(2):
        answer = post(
            minh, lamp, "forward", seen="received", request_key=key, unit=other_unit().id, note="nhầm"
        )
        assert (answer.status_code, answer.location) == (303, "/can-bo/")
    assert [event.step for event in lamp.events] == ["submit", "receive", "forward"]


def test_the_slower_of_two_officers_sees_what_happened_and_can_go_on(
    app: Flask, minh: FlaskClient, lamp: Report
) -> None:
    step(lamp, Step.RECEIVE)
    step(lamp, Step.START)
    step(lamp, Step.ASK, "Trụ số mấy?")
    answer = post(minh, lamp, "reject", seen="in_progress", note=TYPED, reason="not_found")
    page = answer.text
    assert answer.status_code == 409
    assert "Trụ số mấy?" in page and "Chờ bổ sung thông tin" in page and "Nguyễn Văn Minh" in page
    assert "Đơn vị bắt đầu xử lý" not in page, "what they knew already is not told again"
    assert TYPED in page and re.search(r'checked[^>]*value="not_found"', page)
    assert hidden(page, "reject", "seen") == "waiting"
    again = post(minh, lamp, "reject", seen="waiting", note=TYPED, reason="not_found")
    assert again.status_code == 303 and lamp.status == Status.REJECTED


def test_what_was_typed_for_a_step_that_is_gone_can_become_a_note(
    app: Flask, minh: FlaskClient, lamp: Report
) -> None:
    step(lamp, Step.RECEIVE)
    step(lamp, Step.RESOLVE, "Đồng nghiệp đã làm xong")
    answer = post(minh, lamp, "resolve", seen="received", note=TYPED)
    page = answer.text
    assert answer.status_code == 409
    assert "Đồng nghiệp đã làm xong" in page and TYPED in page
    assert OFFERED.findall(page) == ["note"]
    assert post(minh, lamp, "receive", seen="submitted").status_code == 409
    assert "Xem phản ánh như bây giờ" in page
    assert post(minh, lamp, "note", seen=hidden(page, "note", "seen"), note=TYPED).status_code == 303


def test_a_wrong_form_from_an_old_page_hears_of_the_change_first(
    app: Flask, minh: FlaskClient, lamp: Report
) -> None:
    step(lamp, Step.RECEIVE)
    assert post(minh, lamp, "reject", seen="submitted", note=TYPED).status_code == 409


def test_who_writes_while_a_colleague_forwards_keeps_the_text(
    app: Flask, minh: FlaskClient, tuan: FlaskClient, lamp: Report
) -> None:
    step(lamp, Step.FORWARD, "Đèn ở Phường 5 cũ", to_unit=other_unit().id)
    step(lamp, Step.NOTE, "việc nội bộ của đơn vị kia", by="tuan")
    answer = post(minh, lamp, "reject", seen="submitted", note=TYPED, reason="not_found")
    assert answer.status_code == 409
    assert TYPED in answer.text and "UBND phường Nam Đông Hà" in answer.text
    assert "việc nội bộ" not in answer.text
    assert lamp.status == Status.SUBMITTED


def test_staff_photos(app: Flask, minh: FlaskClient, lan: FlaskClient, photo: bytes) -> None:
    kept = reports.keep_photo(photo, storage=context.storage(), now=MONDAY_8AM)
    report = send_report(
        photos=(kept.token,), category="tieng_on", description="Quán hát ồn đến hai giờ sáng"
    )
    for size, side in (("small", 320), ("medium", 800), ("large", 1200)):
        answer = minh.get(address(report, f"anh/1/{size}"))
        assert answer.status_code == 200 and answer.mimetype == "image/webp"
        picture = Image.open(BytesIO(answer.data))
        assert max(picture.size) == side and not picture.getexif()
    for wrong in ("anh/2/small", "anh/0/small", "anh/1/huge", "anh/x/small", f"anh/{10**30}/small"):
        assert minh.get(address(report, wrong)).status_code == 404, wrong
    assert lan.get(address(report, "anh/1/small")).location.startswith("/dang-nhap")


def test_the_promises_say_whether_they_were_kept(
    app: Flask, minh: FlaskClient, now: Any, lamp: Report
) -> None:
    now.move_to(at(17, 9))
    step(lamp, Step.RECEIVE)
    step(lamp, Step.ASK, "Trụ số mấy?")
    page = minh.get(address(lamp)).text
    assert "trễ hạn, lúc 17/11/2026 09:00" in page and "tạm dừng từ 17/11/2026 09:00" in page
    step(lamp, Step.START)
    step(lamp, Step.RESOLVE, TYPED)
    page = minh.get(address(lamp)).text
    assert "đúng hạn, lúc 17/11/2026 09:00" in page and "1,1 ngày làm việc" in page


def test_units_to_forward_to_are_grouped_and_open(app: Flask, minh: FlaskClient, lamp: Report) -> None:
    page = minh.get(address(lamp)).text
    choices = re.search(r'<select[^>]*id="forward-unit".*?</select>', page, re.S)
    assert choices
    assert 'label="UBND xã, phường, đặc khu"' in choices[0] and 'label="Sở, ban, ngành"' in choices[0]
    assert f'value="{other_unit().id}"' in choices[0]
    assert f'value="{lamp.lead_unit_id}"' not in choices[0], "not to ourselves"
    assert "huyện" not in choices[0].lower().replace("ubnd huyện, thị xã, thành phố", "")


def test_the_page_asks_the_database_a_fixed_number_of_questions(
    app: Flask, minh: FlaskClient, lamp: Report
) -> None:
    statements: list[str] = []

    def notice(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    def asked() -> int:
        statements.clear()
        event.listen(db.engine, "before_cursor_execute", notice)
        minh.get(address(lamp))
        event.remove(db.engine, "before_cursor_execute", notice)
        return len(statements)

    few = asked()
    for number in range(5):
        step(lamp, Step.NOTE, f"lần {number}")
    assert asked() <= few + 1, "an account appears in the history, once"
    assert few <= 19


def test_an_english_officer_reads_english_addresses_stay(app: Flask, minh: FlaskClient, lamp: Report) -> None:
    minh.set_cookie("language", "en")
    page = minh.get(address(lamp)).text
    assert '<html lang="en">' in page and "Street lighting" in page
