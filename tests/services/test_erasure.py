"""Erasing what is personal: by request, by age, never under legal hold; proved by a certificate, files and all."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from portal import worker
from portal.adapters.storage import Storage, StorageError
from portal.core.errors import Conflict, Held, NotAllowed, NoteRequired, Stale
from portal.core.privacy.durations import Kept
from portal.core.privacy.purposes import Purpose
from portal.core.workflow import Status, Step
from portal.models import (
    Certificate,
    DoomedFile,
    Event,
    LegalHold,
    Mention,
    Message,
    Report,
    RetentionRun,
    StaffSession,
    db,
    transaction,
)
from portal.services import accounts, handling, insights, reports
from portal.services.cooperation import tasks
from portal.services.privacy import (
    consents,
    durations,
    erasure,
    exports,
    holds,
    identity,
    masking,
    requests,
    retention,
)
from tests.conftest import MONDAY_8AM, NEVER
from tests.factories import brought_to, hire, seat, send_report, step
from tests.services.test_audit import faults, seal
from tests.web.resident_form import picture

SECRETS = ("Lan Anh", "912345678", "74A-123.45", "16.81", "Nhà 12 ngõ 3", "bóng đèn nhà tôi", "lan@vi.du.vn")


def now() -> datetime:
    return datetime.now(UTC)


def everything() -> str:
    """Every value of every row but the pack's."""
    db.session.rollback()
    tables = [
        table.name for table in db.metadata.sorted_tables if "report_id" in table.c or table.name == "report"
    ]
    rows = [str(db.session.execute(text(f"SELECT * FROM {name}")).all()) for name in tables]
    return "\n".join([*rows, str(db.session.execute(text("SELECT * FROM audit_entry")).all())])


def told(storage: Storage) -> Report:
    """A closed report with everything that a reporter can leave."""
    kept = reports.keep_photo(picture(), storage=storage, now=now())
    report = send_report(
        description="Xe 74A-123.45 chắn lối, bóng đèn nhà tôi hỏng",
        place="Nhà 12 ngõ 3",
        name="Lan Anh",
        email="lan@vi.du.vn",
        latitude=16.8163,
        longitude=107.1003,
        located="pin",
        photos=(kept.token,),
    )
    step(report, Step.RECEIVE)
    step(report, Step.NOTE, "Đã gọi 0912345678, hẹn chiều")
    step(report, Step.ASK, "Đèn nào?")
    step(report, Step.REPLY, "Ở bóng đèn nhà tôi", by=None)
    return report


def closed(storage: Storage) -> Report:
    report = told(storage)
    step(report, Step.RESOLVE, "Đã thay bóng số 7")
    return report


def request(report: Report, kind: str, words: str = "", key: str = "mot-khoa") -> requests.DataRequest:
    vault = current_app.extensions["vault"]
    return requests.ask(report, kind, words=words, request_key=f"{key}-{report.id}", vault=vault, now=now())


def decide(asked: requests.DataRequest, **how: object) -> None:
    requests.decide(asked.id, by=seat("ha"), vault=current_app.extensions["vault"], now=now(), **how)


def test_a_request_to_erase_takes_everything_and_proves_it(app: Flask) -> None:
    storage = app.extensions["storage"]
    report = told(storage)
    asked = request(report, "erase")
    assert request(report, "erase").id == asked.id, "sent twice, asked once"
    with pytest.raises(Conflict):
        request(report, "erase", key="khac")
    assert asked.reply_due_at == MONDAY_8AM + timedelta(days=2)
    assert asked.due_at == MONDAY_8AM + timedelta(days=20)
    with pytest.raises(NotAllowed):
        erasure.erase(report, because="request", now=now())
    step(report, Step.RESOLVE, "Đã thay bóng số 7")
    holds.place(report, reason="Vụ án 12/2026", until=now() + timedelta(days=9), by=seat("ha"), now=now())
    with pytest.raises(Held):
        decide(asked, grant=True)
    holds.end(report, by=seat("ha"), now=now())
    with pytest.raises(NoteRequired):
        decide(asked, grant=False)
    key, link = report.submission_key, report.reporter_key
    keys = [reports.photo_key(photo.token, "large") for photo in report.photos if photo.event_id is None]
    assert storage.get(keys[0])
    assert seal()
    decide(asked, grant=True)
    assert seal() and faults() == [], "the chain lets go of what is erased, and of nothing else"
    with pytest.raises(Stale):
        decide(asked, grant=True)
    left = everything()
    for secret in (*SECRETS, key, link):
        assert secret not in left, secret
    assert "Đã thay bóng số 7" in left and "[số điện thoại], hẹn chiều" in left, "the unit's work stays"
    db.session.refresh(report)
    assert (report.status, report.area_code, report.latitude) == ("resolved", "19333", None)
    assert len(report.photos) == 1, "the unit's proof stays"
    assert db.session.query(Message).filter_by(report_id=report.id).count() == 0
    worker.delete_files()
    with pytest.raises(StorageError):
        storage.get(keys[0])
    assert db.session.query(DoomedFile).count() == 0
    assert reports.steps_of_reporter(report, now=now()) == []
    with pytest.raises(NotAllowed):
        request(report, "correct", "Thêm lời", key="moi")
    again = {"seen": Status.RESOLVED, "note": "Chưa xong", "request_key": None, "now": now()}
    with pytest.raises(NotAllowed):
        reports.take_reporters_step(report, Step.REOPEN, vault=app.extensions["vault"], **again)
    kept = db.session.scalars(select(Certificate)).one()
    assert erasure.erase(report, because="request", now=now()).id == kept.id
    assert kept.says["erased"] == {"contact": 1, "sealed_texts": 1, "photos": 1, "texts": 2, "messages": 8}
    plain = json.dumps(kept.says, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert kept.digest == sha256(plain.encode()).hexdigest()
    assert erasure.is_whole(kept)
    with transaction():
        db.session.execute(update(Certificate).values(says=kept.says | {"because": "retention"}))
    db.session.refresh(kept)
    assert not erasure.is_whole(kept)


def test_an_open_report_is_withdrawn_before_it_is_erased(app: Flask) -> None:
    """Whatever its status; not while other reporters wait for its end, nor against a hold or the public interest."""
    for status in (Status.SUBMITTED, Status.WAITING, Status.AWAITING_APPROVAL):
        report = brought_to(status)
        in_charge, asked = report.assignee_id, request(report, "erase", key=status)
        decide(asked, grant=True)
        db.session.refresh(report)
        assert (report.status, report.refusal_reason) == ("rejected", "withdrawn"), status
        assert masking.is_erased(report) and report.next_due_at is None and erasure.certificate_of(report.id)
        (withdrawn,) = (event for event in report.events if event.step == "withdraw")
        assert withdrawn.account.username == "ha" and withdrawn.from_status == status
        told = select(Mention.account_id).filter_by(event_id=withdrawn.id)
        assert db.session.scalar(told) == in_charge, "who was in charge is told"
        with pytest.raises(NotAllowed):
            step(report, Step.REOPEN, "Vẫn làm")
    day = now().date()
    assert insights.response_times(day, day, "unit", now=now()).total.received == 0
    root, merged = send_report(), send_report()
    step(merged, Step.DUPLICATE, original=root.code)
    asked = request(root, "erase")
    with pytest.raises(NotAllowed):
        decide(asked, grant=True)
    db.session.refresh(root)
    assert (root.status, asked.state) == ("submitted", "open") and not masking.is_erased(root)
    decide(request(merged, "erase"), grant=True)
    assert masking.is_erased(merged) and not masking.is_erased(root)


def test_a_correction_is_decided_by_a_person(app: Flask) -> None:
    report = send_report(description="Xe 74A-123.45 chắn lối vào chợ")
    with pytest.raises(NoteRequired):
        request(report, "correct")
    asked = request(report, "correct", "Xe 74A-543.21 chắn lối vào trường")
    vault = app.extensions["vault"]
    assert "54321" not in everything().replace("-", "").replace(".", "")
    assert (
        requests.opened(asked, by=seat("ha"), vault=vault, now=now()) == "Xe 74A-543.21 chắn lối vào trường"
    )
    decide(asked, grant=True)
    db.session.refresh(report)
    assert report.description == "Xe [biển số xe] chắn lối vào trường"
    assert "truong" in report.words_folded
    again = request(report, "correct", "Nói xấu người khác", key="hai")
    decide(again, grant=False, reason="Nội dung mới không phải việc đã báo")
    assert again.reason and [one.state for one in requests.of_report(report.id)] == ["refused", "granted"]
    assert db.session.query(Event).filter_by(step="rectify", public=True).count() == 1


def test_a_hold_keeps_what_a_correction_or_a_withdrawal_would_take(app: Flask) -> None:
    report, ha, vault = closed(app.extensions["storage"]), seat("ha"), app.extensions["vault"]
    asked = request(report, "correct", "Không có xe nào cả")
    holds.place(report, reason="Vụ án 12/2026", until=now() + timedelta(days=9), by=ha, now=now())
    with pytest.raises(Held):
        decide(asked, grant=True)
    with pytest.raises(Held):
        identity.change(report, "Người khác", "", "", vault=vault, now=now())
    consents.withdraw(report, Purpose.FOLLOW, now=now())
    assert consents.in_force(report.id) == {} and identity.ways(report.id) == [], "nobody is told"
    kept = exports.held(report, vault=vault)
    assert "74A-123.45" in kept["report"]["description"] and kept["contact"]["name"] == "Lan Anh"
    holds.end(report, by=ha, now=now())
    erasure.erase(report, because="retention", now=now())
    with pytest.raises(Stale):
        decide(asked, grant=True)
    db.session.refresh(report)
    assert masking.is_erased(report) and (asked.state, asked.words) == ("refused", ""), (
        "void with what it was about"
    )


def test_who_erases_waits_for_who_seals(app: Flask) -> None:
    """Else the chain would hold the words of before, and name the erased event as tampered with for ever."""
    report = closed(app.extensions["storage"])
    if db.engine.dialect.name == "sqlite":
        return  # one writes at a time
    with db.engine.begin() as sealing:
        sealing.execute(text("LOCK TABLE audit_day IN SHARE ROW EXCLUSIVE MODE"))
        with pytest.raises(OperationalError, match="lock timeout"), transaction():
            db.session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            erasure.erase(report, because="request", now=now())
    asked = request(report, "correct", "Không có xe nào cả")
    with db.engine.begin() as erasing:
        erasing.execute(text("SELECT id FROM report FOR UPDATE"))
        with pytest.raises(OperationalError, match="lock timeout"), transaction():
            db.session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            decide(asked, grant=False, reason="Không phải việc đã báo")


def test_nothing_is_done_with_what_was_erased_since_it_was_read(app: Flask) -> None:
    report, _helper = send_report(), hire("so", "SXD")
    with pytest.raises(Stale), transaction():
        assert not masking.is_erased(report)
        erased = update(Report).where(Report.id == report.id).values(description=masking.ERASED)
        db.session.execute(erased.execution_options(synchronize_session=False))
        handling.move(report, report.lead_unit_id, Status(report.status), {})
    assert not masking.is_erased(report)
    with db.engine.begin() as erasing:
        erasing.execute(erased)
    for late in (
        lambda: request(report, "correct", "Nhà 12 ngõ 3"),
        lambda: tasks.note(report, "Nhà 12 ngõ 3", by=seat("so"), now=now()),
    ):
        with pytest.raises(NotAllowed):
            late()


def test_retention_erases_what_its_dry_run_lists(app: Flask, now: object) -> None:
    storage = app.extensions["storage"]
    old, held, category, young = (closed(storage) for _ in range(4))
    moment = datetime.now(UTC)
    waiting = send_report()
    ha = seat("ha")
    later = moment + timedelta(days=4000)
    with transaction():
        db.session.execute(update(Report).where(Report.id == category.id).values(category_code="rac_thai"))
        db.session.execute(
            update(Report).where(Report.id == young.id).values(closed_at=later - timedelta(days=200))
        )
    holds.place(held, reason="Vụ án 12/2026", until=later + timedelta(days=1), by=ha, now=moment)
    for key in (Kept.CONTACT, Kept.REPORT, Kept.PHOTOS, Kept.SEALED_TEXTS):
        durations.keep(key, "rac_thai", number=None, legal_basis="Lưu trữ", seen="", by=ha, now=moment)
    durations.keep(
        Kept.SEALED_TEXTS, None, number=100, legal_basis="Quyết định 1", seen="", by=ha, now=moment
    )
    assert not any(retention.plan(now=moment).values())
    planned = retention.plan(now=later)
    assert planned[Kept.CONTACT] == [old.id, young.id]
    assert planned[Kept.SEALED_TEXTS] == [old.id, young.id]
    assert planned[Kept.PHOTOS] == planned[Kept.REPORT] == [old.id]
    done: dict[Kept, list[int]] = {}
    kept = retention.run(now=later, progress=lambda what, rows: done.setdefault(what, []).extend(rows))
    assert done == {what: rows for what, rows in planned.items() if rows}
    assert kept.counts == {what: len(rows) for what, rows in planned.items()}
    assert not any(retention.plan(now=later).values())
    assert (retention.is_due(now=later), retention.is_due(now=later + timedelta(days=1))) == (False, True)
    vault = app.extensions["vault"]
    assert identity.opened(old.id, vault=vault) is identity.opened(young.id, vault=vault) is None
    assert identity.opened(held.id, vault=vault) and identity.opened(category.id, vault=vault)
    assert identity.opened(waiting.id, vault=vault)
    assert erasure.certificate_of(old.id) and not erasure.certificate_of(held.id)
    assert db.session.query(LegalHold).count() == db.session.query(RetentionRun).count() == 1
    run = app.test_cli_runner().invoke
    dry = run(args=["retention", "run", "--dry-run"]).output
    assert "contact" in dry and db.session.query(RetentionRun).count() == 1
    assert run(args=["retention", "run"]).exit_code == 0
    assert db.session.query(RetentionRun).count() == 2


def test_sessions_are_kept_as_long_as_the_province_says(app: Flask, minh: FlaskClient) -> None:
    later, ha = now() + timedelta(days=NEVER // 24 + 100), seat("ha")
    year = {"number": 365, "legal_basis": "Quy chế an toàn thông tin", "seen": "", "by": ha, "now": now()}
    durations.keep(Kept.SESSIONS, None, **year)
    accounts.forget(now=later)
    assert retention.counts(now=later)[Kept.SESSIONS] == 0 and db.session.query(StaffSession).count() == 1
    assert retention.run(now=later + timedelta(days=300)).counts[Kept.SESSIONS] == 1
