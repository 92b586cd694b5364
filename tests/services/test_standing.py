"""Who may do what with a ticket: returning, the centre's word, approval by a second officer, duplicates, the end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from portal.core.errors import NotAllowed, OriginalRequired, Stale
from portal.core.workflow import Actor, Reason, Status, Step
from portal.models import Event, Message, Report, db, end_reading, transaction
from portal.services import closing, standing
from tests.conftest import MONDAY_8AM
from tests.factories import brought_to, hire, lawful_step, send_report, step, unit, want_approval

WHY = {"reason": Reason.OTHER_AREA}


def leads(report: Report) -> str:
    return report.lead_unit.code


def test_a_ticket_goes_back_to_its_sender_then_to_the_centre_whose_word_is_the_last(
    app: Flask, now: Any
) -> None:
    hire("thuy", "IOC")
    report = send_report()
    step(report, Step.FORWARD, "Đèn ở Phường 5 cũ", to_unit=unit("UBND_19351").id)
    promised = report.resolve_due_at
    step(report, Step.RECEIVE, by="tuan")
    now.shift(timedelta(minutes=30))
    step(report, Step.RETURN, "Trụ này bên kia cầu", by="tuan", **WHY)
    assert (leads(report), report.status, report.assignee) == ("UBND_19333", "submitted", None)
    assert (report.hops, report.times_returned, report.resolve_due_at) == (2, 1, promised)
    event = report.events[-1]
    assert event.unit.code == "UBND_19351" and event.public
    assert event.details == {
        "from_unit": "UBND phường Nam Đông Hà",
        "to_unit": "UBND phường Đông Hà",
        "reason": "other_area",
    }
    step(report, Step.RETURN, "Không phải của chúng tôi", **WHY)
    assert (leads(report), report.hops, report.times_returned) == ("IOC", 3, 2)
    with pytest.raises(NotAllowed):
        step(report, Step.RETURN, "Trung tâm không trả lại", by="thuy", **WHY)
    step(report, Step.FORWARD, "Trung tâm quyết định", by="thuy", to_unit=unit("UBND_19351").id)
    for taken, changes in ((Step.RETURN, WHY), (Step.FORWARD, {"to_unit": unit("UBND_19333").id})):
        with pytest.raises(NotAllowed):
            step(report, taken, "Vẫn không phải", by="tuan", **changes)
    lawful_step(report, Step.RECEIVE, by="tuan")
    lawful_step(report, Step.RESOLVE, by="tuan")
    assert (report.status, report.hops) == ("resolved", 4)


def test_what_a_rule_gave_goes_back_to_the_centre_within_eight_working_hours(app: Flask, now: Any) -> None:
    early, late = send_report(), send_report()
    now.move_to(MONDAY_8AM + timedelta(days=1))
    step(early, Step.RETURN, "Không thuộc phường", **WHY)
    assert (leads(early), early.times_returned) == ("IOC", 1)
    now.shift(timedelta(minutes=1))
    with pytest.raises(NotAllowed):
        step(late, Step.RETURN, "Không thuộc phường", **WHY)
    assert Step.RETURN not in standing.open_steps(late, Actor.OFFICER, now=datetime.now(UTC))
    assert leads(late) == "UBND_19333"


def test_a_result_goes_out_when_another_officer_of_the_unit_has_read_it(app: Flask) -> None:
    ngoc = hire("ngoc", "UBND_19333")
    want_approval()
    report = send_report()
    step(report, Step.RECEIVE)
    with pytest.raises(NotAllowed):
        step(report, Step.RESOLVE, "Xong, không cần ai duyệt")
    step(report, Step.PROPOSE, "Đã thay bóng")
    told = db.session.query(Message).count()
    first = standing.proposal(report)
    assert first is not None and not first.public and report.next_due_at == report.resolve_due_at
    for stranger in ("minh", "tuan"):
        with pytest.raises(NotAllowed):
            step(report, Step.APPROVE, by=stranger, proposal=first.id)
    step(report, Step.SEND_BACK, "Trụ nào?", by="ngoc")
    step(report, Step.PROPOSE, "Đã thay bóng ở trụ 12")
    with pytest.raises(Stale):
        step(report, Step.APPROVE, by="ngoc", proposal=first.id)
    assert db.session.query(Message).count() == told, "until then the reporter hears nothing"
    lawful_step(report, Step.APPROVE, by="ngoc")
    approval = report.events[-1]
    assert (approval.note, approval.public, approval.account) == ("Đã thay bóng ở trụ 12", True, ngoc)
    assert (report.status, report.proposed_by_id) == ("resolved", None)
    assert db.session.query(Message).filter_by(kind="approve").count() == 1


def test_a_duplicate_names_another_report_and_of_a_duplicate_the_first(app: Flask) -> None:
    first, second, third = send_report(), send_report(), send_report()
    for wrong in ("", "không phải mã", "QT-2611-0000-0", second.code):
        with pytest.raises(OriginalRequired):
            step(second, Step.DUPLICATE, original=wrong)
    step(second, Step.DUPLICATE, original=first.code.lower())
    step(third, Step.DUPLICATE, original=second.code)
    assert second.duplicate_of is first and third.duplicate_of is first
    assert third.events[-1].details["original"] == first.code
    with pytest.raises(OriginalRequired):
        step(first, Step.DUPLICATE, original=third.code)
    step(second, Step.REOPEN, "Không phải một việc")
    assert second.duplicate_of is None


def test_what_nobody_objects_to_is_closed_after_thirty_days_once(
    app: Flask, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "BATCH", 2)
    old = [brought_to(Status.RESOLVED) for _ in range(3)]
    rejected = brought_to(Status.REJECTED)
    now.move_to(MONDAY_8AM + timedelta(days=5))
    fresh, confirmed = brought_to(Status.RESOLVED), brought_to(Status.CLOSED)
    told = db.session.query(Message).count()
    later = MONDAY_8AM + timedelta(days=30)
    assert closing.close_resolved(now=later) == 0, "to the second"
    later += timedelta(seconds=1)
    assert [closing.close_resolved(now=later) for _ in range(3)] == [2, 1, 0]
    end_reading()
    assert {report.status for report in old} == {"closed"} == {confirmed.status}
    assert (fresh.status, rejected.status) == ("resolved", "rejected")
    assert old[0].closed_at == MONDAY_8AM, "closed is the day of the result"
    events = db.session.query(Event).filter_by(step="close").all()
    assert {(event.actor, event.public, event.at) for event in events} == {("system", True, later)}
    assert len(events) == 3 and db.session.query(Message).count() == told
    now.move_to(later)
    with pytest.raises(NotAllowed):
        step(old[0], Step.REOPEN, "Lại tắt", by=None)
    step(old[0], Step.REOPEN, "Hỏng lại đúng chỗ cũ")
    step(confirmed, Step.REOPEN, "Tối qua lại tắt", by=None)
    assert old[0].status == confirmed.status == "in_progress"


def test_the_database_refuses_what_the_law_refuses(app: Flask) -> None:
    """For each status, every column that belongs to another one, and each of its own left out."""
    other = send_report()
    marks: dict[str, Any] = {
        "refusal_reason": "not_found",
        "pause_reason": "weather",
        "redirect_channel": "court",
        "duplicate_of_id": other.id,
        "proposed_by_id": hire("ngoc", "UBND_19333").id,
        "closed_at": MONDAY_8AM,
        "waiting_since": MONDAY_8AM,
        "next_due_at": MONDAY_8AM,
    }
    for status in Status:
        report = brought_to(status)
        now_ = {name: getattr(report, name) for name in marks}
        wrong = [{name: None if value is not None else marks[name]} for name, value in now_.items()]
        for change in [*wrong, {"status": "flying"}, {"times_returned": 3}, {"times_returned": 1, "hops": 0}]:
            with pytest.raises(IntegrityError), transaction():
                db.session.execute(update(Report).where(Report.id == report.id).values(**change))
    with pytest.raises(IntegrityError), transaction():
        itself = update(Report).where(Report.status == "duplicate").values(duplicate_of_id=Report.id)
        db.session.execute(itself)
