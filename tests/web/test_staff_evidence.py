"""Closing with evidence: photos and documents are kept, judged, shown to whom they may be, and never lost."""

from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.workflow import Status, Step
from portal.models import Document, Event, Message, Photo, Report, db, transaction
from portal.services import evidence, reports
from portal.web import context
from portal.web.letters import words
from tests.conftest import MONDAY_8AM
from tests.factories import hire, send_report, step, want_approval
from tests.photographs import pdf, photograph
from tests.web.test_staff_ticket import address, post

MARKET = (16.8163, 107.1003)
AWAY = (16.8363, 107.1003)  # two kilometres north
LATER = MONDAY_8AM + timedelta(hours=2)
SAID = "Đã thay bóng 100 W ở trụ số 12 trước chợ lúc 9 giờ 30, đèn sáng lại"


@pytest.fixture
def lamp(app: Flask, photo: bytes, now: Any) -> Report:
    """A report with a photo and a point, received; the clock stands two hours later."""
    kept = reports.keep_photo(photo, storage=context.storage(), now=MONDAY_8AM)
    lamp = send_report(photos=(kept.token,), latitude=MARKET[0], longitude=MARKET[1], located="pin")
    step(lamp, Step.RECEIVE)
    now.move_to(LATER)
    return lamp


def files(*raw: bytes, name: str = "anh.jpg") -> list[tuple[BytesIO, str]]:
    return [(BytesIO(each), name) for each in raw]


def said(answer: Any) -> str:
    return unescape(answer.text)


def test_a_result_without_its_photo_is_refused_and_nothing_typed_is_lost(
    minh: FlaskClient, lamp: Report
) -> None:
    answer = post(minh, lamp, "resolve", note=SAID)
    assert answer.status_code == 422 and lamp.status == "received"
    assert "Lĩnh vực này cần ảnh chụp sau khi xử lý. Xin thêm ảnh." in said(answer) and SAID in said(answer)
    wrong = post(
        minh, lamp, "resolve", note=SAID, photos=files(b"GIF89a?"), documents=files(b"%PDF-", name="a.pdf")
    )
    assert wrong.status_code == 422 and lamp.status == "received"
    assert "“anh.jpg”: tệp này không phải là ảnh" in said(wrong) or "“anh.jpg”: ảnh bị hỏng" in said(wrong)
    assert "“a.pdf”: tài liệu bị hỏng, không đọc được." in said(wrong)


def test_a_photo_of_the_place_after_the_report_closes_it(
    minh: FlaskClient, lan: FlaskClient, lamp: Report
) -> None:
    picture = photograph(MONDAY_8AM + timedelta(hours=1), MARKET)
    answer = post(minh, lamp, "resolve", note=SAID, photos=files(picture))
    assert answer.status_code == 303 and lamp.status == "resolved"
    after = db.session.query(Photo).order_by(Photo.id.desc()).first()
    assert after is not None and after.report_id == lamp.id and after.source == "exif"
    assert after.taken_at == MONDAY_8AM + timedelta(hours=1)
    assert (round(after.latitude or 0, 4), round(after.longitude or 0, 4)) == MARKET
    assert b"Exif" not in context.storage().get(reports.photo_key(after.token, "large"))
    for page, door in (
        (said(minh.get(address(lamp))), address(lamp)),
        (said(lan.get(f"/phan-anh/{lamp.code}")), f"/phan-anh/{lamp.code}"),
    ):
        before, _, rest = page.partition("Sau khi xử lý")
        assert "Trước khi xử lý" in before and f"{door}/anh/1/large" in before and f"{door}/anh/2/" in rest
    assert lan.get(f"/phan-anh/{lamp.code}/anh/2/small").status_code == 200


@pytest.mark.parametrize(
    ("taken_at", "point", "why"),
    [
        (MONDAY_8AM - timedelta(days=3), MARKET, "ảnh chụp trước khi có phản ánh này"),
        (MONDAY_8AM + timedelta(hours=1), AWAY, "ảnh chụp cách nơi phản ánh hơn 300 m"),
        (None, None, "ảnh không ghi thời điểm chụp; ảnh không ghi nơi chụp"),
    ],
)
def test_a_doubtful_photo_needs_a_reason(
    minh: FlaskClient, lan: FlaskClient, lamp: Report, taken_at: datetime | None, point: Any, why: str
) -> None:
    answer = post(minh, lamp, "resolve", note=SAID, photos=files(photograph(taken_at, point)))
    assert answer.status_code == 422 and f"Chưa rõ ảnh chụp ở đây, sau khi có phản ánh: {why}." in said(
        answer
    )
    kept = db.session.query(Photo).order_by(Photo.id.desc()).first()
    assert kept is not None and f'name="kept" value="{kept.token}" checked' in answer.text
    answer = post(minh, lamp, "resolve", note=SAID, kept=kept.token, stated="Máy ảnh của tổ không có GPS")
    assert answer.status_code == 303
    closed = db.session.query(Event).filter_by(step="resolve").one()
    assert closed.details["evidence_overruled"] == "Máy ảnh của tổ không có GPS"
    assert f"Ảnh chưa rõ ({why}); cán bộ nói: Máy ảnh của tổ không có GPS" in said(minh.get(address(lamp)))
    assert "Máy ảnh của tổ" not in said(lan.get(f"/phan-anh/{lamp.code}"))


def test_the_position_of_the_phone_stands_for_the_one_that_a_photo_lacks(
    minh: FlaskClient, lamp: Report
) -> None:
    here = {"latitude": "16.816400", "longitude": "107.100300"}
    for wrong in ({"latitude": "91.0", "longitude": "0.0"}, {"latitude": "đây", "longitude": ""}):
        answer = post(minh, lamp, "resolve", note=SAID, photos=files(photograph()), **wrong)
        assert answer.status_code == 422
    assert post(minh, lamp, "resolve", note=SAID, photos=files(photograph()), **here).status_code == 303
    after = db.session.query(Photo).order_by(Photo.id.desc()).first()
    assert after is not None and (after.source, after.latitude, after.taken_at) == ("device", 16.8164, LATER)


def test_a_form_sent_twice_with_its_photos_is_one_step(minh: FlaskClient, lamp: Report) -> None:
    picture = photograph(MONDAY_8AM + timedelta(hours=1), MARKET)
    for _ in range(2):
        typed = {"note": SAID, "photos": files(picture), "request_key": "hai-lan-bam-1"}
        assert post(minh, lamp, "resolve", seen="received", **typed).status_code == 303
    assert db.session.query(Event).filter_by(step="resolve").count() == 1
    assert db.session.query(Photo).filter(Photo.event_id.is_not(None)).count() == 1
    late = post(minh, lamp, "resolve", seen="received", note=SAID, photos=files(picture))
    assert late.status_code == 409 and 'name="kept"' in late.text and SAID in said(late)


def test_a_document_is_read_by_whom_the_step_is_for_and_by_nobody_else(
    enter: Callable[[str], FlaskClient], minh: FlaskClient, tuan: FlaskClient, lan: FlaskClient, lamp: Report
) -> None:
    raw, name = pdf(), "Biên bản số 12.pdf"
    for taken in ("note", "answer"):
        answer = post(minh, lamp, taken, note=f"Có văn bản {taken}", documents=files(raw, name=name))
        assert answer.status_code == 303, taken
    internal, public = db.session.query(Document).order_by(Document.id)
    for document, residents in ((internal, 404), (public, 200)):
        staff_door = f"{address(lamp)}/tai-lieu/{document.id}"
        found = minh.get(staff_door)
        assert found.status_code == 200 and found.data == raw and found.mimetype == "application/pdf"
        assert found.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''Bi%C3%AAn%20b")
        assert found.headers["X-Content-Type-Options"] == "nosniff"
        assert tuan.get(staff_door).status_code == 404
        assert lan.get(f"/phan-anh/{lamp.code}/tai-lieu/{document.id}").status_code == residents
    other = send_report()
    assert minh.get(f"{address(other)}/tai-lieu/{public.id}").status_code == 404
    assert lan.get(f"/phan-anh/{other.code}/tai-lieu/{public.id}").status_code == 404
    page = said(lan.get(f"/phan-anh/{lamp.code}"))
    assert page.count(name) == 1 and f"/tai-lieu/{public.id}" in page
    with transaction():
        lamp.private = True
    stranger = enter("tuan")
    assert stranger.get(f"/phan-anh/{lamp.code}/tai-lieu/{public.id}").status_code == 404


def test_hostile_documents_are_refused_with_a_sentence(minh: FlaskClient, lamp: Report) -> None:
    hostile = pdf("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")
    answer = post(minh, lamp, "answer", note="Kèm văn bản", documents=files(hostile, pdf(), name="a.html"))
    assert answer.status_code == 422 and "“a.html”: tài liệu có mã lệnh" in said(answer)
    [kept] = db.session.query(Document)
    assert f'name="kept_document" value="{kept.token}" checked' in answer.text
    assert post(minh, lamp, "answer", note="Kèm văn bản", kept_document=kept.token).status_code == 303
    assert kept.report_id == lamp.id and kept.name == "a.html.pdf"
    assert evidence.purge_documents(now=LATER + timedelta(days=2)) == 0


def test_what_is_proposed_is_shown_to_all_when_it_is_approved(
    enter: Callable[[str], FlaskClient], minh: FlaskClient, lan: FlaskClient, lamp: Report
) -> None:
    want_approval()
    hire("cuong", "UBND_19333")
    picture = photograph(MONDAY_8AM + timedelta(hours=1), MARKET)
    typed = {"note": SAID, "photos": files(picture), "documents": files(pdf(), name="nghiem-thu.pdf")}
    assert post(minh, lamp, "propose", **typed).status_code == 303
    [document] = db.session.query(Document)
    photo_page, paper = f"/phan-anh/{lamp.code}/anh/2/small", f"/phan-anh/{lamp.code}/tai-lieu/{document.id}"
    assert lan.get(photo_page).status_code == lan.get(paper).status_code == 404
    assert "Sau khi xử lý" in said(minh.get(address(lamp)))
    assert "Sau khi xử lý" not in said(lan.get(f"/phan-anh/{lamp.code}"))
    proposal = db.session.query(Event).filter_by(step="propose").one()
    approver = enter("cuong")
    answer = post(approver, lamp, "approve", seen="awaiting_approval", proposal=proposal.id)
    assert answer.status_code == 303 and lamp.status == Status.RESOLVED
    assert lan.get(photo_page).status_code == lan.get(paper).status_code == 200
    page = said(lan.get(f"/phan-anh/{lamp.code}"))
    assert "Sau khi xử lý" in page and "nghiem-thu.pdf" in page


def test_a_copied_answer_is_caught_and_may_be_sent_with_a_reason(minh: FlaskClient, lamp: Report) -> None:
    copied = "Phản ánh của ông/bà đã được tiếp nhận và xử lý theo quy định. Trân trọng cảm ơn!"
    earlier = send_report()
    step(earlier, Step.RECEIVE)
    step(earlier, Step.RESOLVE, copied)
    for _ in range(3):
        step(earlier, Step.REOPEN, "Chưa xong")
        step(earlier, Step.RESOLVE, f"Đã thay bóng ở trụ số {_}, đèn sáng lại từ {_} giờ sáng")
    elsewhere = send_report(area="19351")
    step(elsewhere, Step.RECEIVE, by="tuan")
    step(elsewhere, Step.ANSWER, SAID, by="tuan")

    picture = photograph(MONDAY_8AM + timedelta(hours=1), MARKET)
    answer = post(minh, lamp, "resolve", note=copied.replace("!", "."), photos=files(picture))
    assert answer.status_code == 422 and lamp.status == "received"
    assert f"Gần như chép lại câu đã trả lời {earlier.code} lúc 16/11/2026 10:00 (giống 100%)" in said(answer)
    kept = db.session.query(Photo).filter(Photo.event_id.is_(None), Photo.report_id.is_(None)).one()
    again = {"note": copied, "kept": kept.token}
    assert post(minh, lamp, "resolve", **again).status_code == 422
    assert post(minh, lamp, "resolve", **again, repeated="Đúng là cùng một việc").status_code == 303
    last = db.session.query(Event).order_by(Event.id.desc()).first()
    assert last is not None and last.details["repeats"] == earlier.code
    assert last.details["repeated_because"] == "Đúng là cùng một việc"
    other = send_report()
    step(other, Step.RECEIVE)
    assert post(minh, other, "answer", note=SAID).status_code == 303, (
        "another unit's answers are not compared"
    )


def test_the_preview_is_what_is_sent(app: Flask, minh: FlaskClient, now: Any) -> None:
    lamp = send_report(email="lan@example.vn", language="en", category="tieng_on")
    step(lamp, Step.RECEIVE)
    before = db.session.query(Event).count(), db.session.query(Message).count()
    answer = post(minh, lamp, "resolve", note=SAID, preview="1")
    assert answer.status_code == 200 and lamp.status == "received"
    assert (db.session.query(Event).count(), db.session.query(Message).count()) == before
    assert post(minh, lamp, "resolve", note=SAID).status_code == 303
    sent = db.session.query(Message).filter_by(kind="resolve").all()
    assert len(sent) == 2
    for message in sent:
        assert words(message).replace(lamp.reporter_key, "…") in said(answer), message.channel
    assert lamp.reporter_key not in answer.text
    assert "UCS-2" in said(answer)
    nameless = send_report(phone="", consent=False)
    step(nameless, Step.RECEIVE)
    answer = post(minh, nameless, "ask", note="Trụ số mấy?", preview="1")
    assert "Người phản ánh không để lại cách liên hệ" in said(answer)
