"""Reports of one cause: one is worked on, everybody hears of it, and parting restores everything."""

from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import worker
from portal.core.deadlines import VIETNAM
from portal.core.errors import OriginalRequired
from portal.core.workflow import Reason, Step
from portal.models import Event, Message, Report, db, transaction
from portal.services import insights
from tests.factories import hire, send_report, step, unit

OTHER = "+84912345679"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


def told(report: Report) -> list[str]:
    query = db.session.query(Message.kind).filter_by(report_id=report.id).order_by(Message.id)
    return [kind for (kind,) in query]


def facts(report: Report) -> dict[str, object]:
    """All that a report says, its history apart."""
    db.session.refresh(report)
    return {column.key: getattr(report, column.key) for column in Report.__table__.columns}


@pytest.fixture
def pair(app: Flask) -> tuple[Report, Report]:
    """Two reports of the same lamp by two people, and one of something else by the second."""
    first, second = send_report(), send_report(phone=OTHER)
    send_report(phone=OTHER, category="rac_thai", description="Rác không ai thu")
    step(first, Step.RECEIVE)
    return first, second


def test_who_was_merged_hears_what_the_first_reporter_hears_and_reads_the_result(
    minh: FlaskClient, lan: FlaskClient, pair: tuple[Report, Report]
) -> None:
    first, second = pair
    same_person = send_report()
    for other in (second, same_person):
        data = {"seen": "submitted", "original": first.code.lower(), "request_key": f"gop-{other.id}-mot-lan"}
        for _twice in range(2):
            assert minh.post(f"/can-bo/phan-anh/{other.code}/duplicate", data=data).status_code == 303
    db.session.refresh(first)
    assert (first.times_merged, second.status, second.duplicate_of_id) == (2, "duplicate", first.id)
    page = minh.get(f"/can-bo/phan-anh/{first.code}").text
    assert "Đã gộp 2 phản ánh" in page and second.code in page
    assert "Đang xử lý" not in lan.get(f"/phan-anh/{second.code}").text.partition('class="track"')[0]
    step(first, Step.START)
    assert told(second)[-1] == "followed"
    step(first, Step.RESOLVE, "Đã thay bóng đèn")
    assert told(second) == ["submit", "duplicate", "followed", "followed"]
    assert told(same_person) == ["submit", "duplicate"], "one message for one person and event"
    words = worker.words(
        db.session.query(Message).filter_by(report_id=second.id).order_by(Message.id.desc())[0]
    )
    assert first.code in words and second.code in words and "Đã thay bóng đèn" in words
    page = lan.get(f"/phan-anh/{second.code}").text
    assert f"Cùng sự việc với {first.code}: đã xử lý." in page and "Đã thay bóng đèn" in page
    assert "Không xử lý" not in page
    step(first, Step.REOPEN, "Lại tắt", by=None)
    assert told(second)[-1] == "followed" and "đang xử lý." in lan.get(f"/phan-anh/{second.code}").text


def test_what_is_not_public_stays_with_its_own_reporter(
    lan: FlaskClient, pair: tuple[Report, Report]
) -> None:
    first, second = pair
    with transaction():
        first.private = True
    step(second, Step.DUPLICATE, original=first.code)
    step(first, Step.RESOLVE, "Đã gặp gia đình ông Bình")
    assert told(second)[-1] == "followed"
    heard = db.session.query(Event).filter_by(report_id=second.id, step="followed").one()
    page = lan.get(f"/phan-anh/{second.code}").text
    assert heard.note == "" and "ông Bình" not in page and "Đã xử lý xong" in page


def test_chains_lead_to_one_report_and_never_in_a_ring(pair: tuple[Report, Report], now) -> None:
    first, second = pair
    third = send_report(phone="+84912345670")
    step(third, Step.DUPLICATE, original=second.code)
    step(second, Step.DUPLICATE, original=first.code)
    for _twice in range(2):
        with pytest.raises(OriginalRequired):
            step(first, Step.DUPLICATE, original=third.code)
    assert [facts(report)["times_merged"] for report in (first, second, third)] == [2, 1, 0]
    late = send_report()
    step(late, Step.DUPLICATE, original=third.code)
    assert late.duplicate_of_id == first.id, "what a duplicate stands for"
    step(first, Step.RESOLVE, "Đã thay bóng")
    assert told(third)[-1] == "followed"
    step(second, Step.SEPARATE)
    assert [facts(report)["times_merged"] for report in (first, second, third)] == [1, 1, 0]
    assert third.duplicate_of_id == second.id


def test_parting_restores_everything_and_the_time_since_counts(
    minh: FlaskClient, lan: FlaskClient, pair: tuple[Report, Report], now
) -> None:
    first, second = pair
    step(second, Step.RECEIVE)
    now.move_to(at(16, 9))
    step(second, Step.PAUSE, "Mưa lớn", reason=Reason.WEATHER)
    before = facts(second)
    now.move_to(at(17, 9))
    step(second, Step.DUPLICATE, original=first.code)
    now.move_to(at(18, 9))
    page = minh.get(f"/can-bo/phan-anh/{second.code}").text
    assert "Tách ra, xử lý riêng" in page and "Đã gộp vào" in page
    data = {"seen": "duplicate", "request_key": "tach-ra-mot-lan"}
    for _twice in range(2):
        assert minh.post(f"/can-bo/phan-anh/{second.code}/separate", data=data).status_code == 303
    after = facts(second)
    assert {name for name in before if before[name] != after[name]} <= {"alarmed_for"}
    assert second.waiting_since == at(16, 9) and facts(first)["times_merged"] == 0
    message = db.session.query(Message).filter_by(report_id=second.id, kind="separate").one()
    assert "xử lý riêng trở lại" in worker.words(message)
    said = [event.step for event in db.session.query(Event).filter_by(report_id=first.id).order_by(Event.id)]
    assert said[-2:] == ["merged_in", "parted"]
    step(first, Step.START)
    assert told(second)[-1] == "separate", "hears no more of the other one"
    step(second, Step.RESUME)
    assert second.resolve_due_at > before["resolve_due_at"]
    step(second, Step.DUPLICATE, original=first.code)
    now.move_to(datetime(2026, 12, 19, 8, tzinfo=VIETNAM))
    assert (
        minh.post(f"/can-bo/phan-anh/{second.code}/separate", data={"seen": "duplicate"}).status_code == 403
    )


def test_only_the_unit_of_both_merges_and_figures_count_it_apart(
    minh: FlaskClient, tuan: FlaskClient, lan: FlaskClient, enter, pair: tuple[Report, Report]
) -> None:
    first, second = pair
    elsewhere = send_report(area="19351")
    hire("nga", "UBND_19333")
    url, data = f"/can-bo/phan-anh/{second.code}/duplicate", {"seen": "submitted", "original": first.code}
    assert tuan.post(url, data=data).status_code == 404 and lan.post(url, data=data).status_code == 403
    for code in (elsewhere.code, second.code, "QT-0000-0000-0", ""):
        assert minh.post(url, data=data | {"original": code}).status_code == 422, code
    near = minh.get(f"/can-bo/phan-anh/{second.code}").text
    assert 'list="near-codes"' in near
    assert enter("nga").post(url, data=data).status_code == 303
    step(first, Step.FORWARD, "Thuộc phường khác", to_unit=unit("UBND_19351").id)
    read = tuan.get(f"/can-bo/phan-anh/{second.code}")
    assert read.status_code == 200, "reads what was merged into its own"
    assert "<button" not in read.text.partition("Việc có thể làm")[2].partition("</section>")[0]
    page = minh.get(f"/can-bo/phan-anh/{second.code}").text.partition("Đã gộp vào")[2]
    assert first.code in page and first.description not in page.partition("</section>")[0], (
        "another unit's now"
    )
    assert (
        tuan.post(f"/can-bo/phan-anh/{second.code}/separate", data={"seen": "duplicate"}).status_code == 404
    )
    total = insights.response_times(date(2026, 11, 1), date(2026, 11, 30), "unit", now=at(16, 9)).total
    assert (total.received, total.merged, total.closed, total.open) == (4, 1, 0, 3)
