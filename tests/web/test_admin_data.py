"""Personal data for administrators: requests by their due time, decisions, how long things are kept, legal holds."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.workflow import Step
from portal.models import AuditEntry, Certificate, DataRequest, LegalHold, db
from portal.services.privacy import durations, requests, retention
from tests.conftest import MONDAY_8AM
from tests.factories import send_report, step
from tests.web.resident_form import page

DOOR = "/quan-tri/du-lieu-ca-nhan"


def now() -> datetime:
    return datetime.now(UTC)


def test_requests_are_decided_in_their_order_and_once(app: Flask, ha: FlaskClient, now: object) -> None:
    report, vault = send_report(), app.extensions["vault"]
    for kind, words in (("correct", "Đèn đường trước trường tắt"), ("erase", "")):
        requests.ask(report, kind, words=words, request_key=f"khoa-{kind}", vault=vault, now=MONDAY_8AM)
    now.move_to(MONDAY_8AM + timedelta(days=11))  # type: ignore[attr-defined]
    listed = page(ha.get(DOOR))
    assert listed.index("Sửa nội dung") < listed.index("Xóa dữ liệu")
    assert "quá hạn" in listed and "quá hạn phản hồi" in listed
    correct, erase = db.session.scalars(select(DataRequest).order_by(DataRequest.id)).all()
    assert "trước trường" not in page(ha.get(f"{DOOR}/{correct.id}"))
    assert "trước trường" in page(ha.post(f"{DOOR}/{correct.id}/noi-dung"))
    assert db.session.query(AuditEntry).filter_by(deed="read", subject_kind="data_request").count() == 1
    refused = ha.post(f"{DOOR}/{correct.id}", data={"refuse": "1"})
    assert (refused.status_code, "nêu lý do" in page(refused)) == (422, True)
    assert ha.post(f"{DOOR}/{erase.id}", data={"later": "1"}).status_code == 422
    later = {"later": "1", "reason": "Cần hỏi đơn vị xử lý"}
    assert [ha.post(f"{DOOR}/{erase.id}", data=later).status_code for _tap in range(2)] == [303, 409]
    db.session.expire_all()
    assert erase.due_at == MONDAY_8AM + timedelta(days=40)
    assert ha.post(f"{DOOR}/{correct.id}", data={"grant": "1"}).status_code == 303
    assert ha.post(f"{DOOR}/{correct.id}", data={"grant": "1"}).status_code == 409
    assert "Rút lại và xóa dữ liệu" in page(ha.get(f"{DOOR}/{erase.id}"))
    step(merged := send_report(), Step.DUPLICATE, original=report.code)
    early = ha.post(f"{DOOR}/{erase.id}", data={"grant": "1"})
    assert (early.status_code, "được gộp vào phản ánh này" in page(early)) == (403, True)
    step(merged, Step.SEPARATE)
    hold = {"code": report.code, "reason": "Công văn 15/CAT", "until": "30/11/2026"}
    wrongs = (
        (hold | {"code": "QT-1"}, 422),
        (hold | {"until": "01/11/2026"}, 422),
        (hold | {"reason": ""}, 422),
    )
    for data, status in (*wrongs, (hold, 303)):
        assert ha.post(f"{DOOR}/giu", data=data).status_code == status, data
    held = ha.post(f"{DOOR}/{erase.id}", data={"grant": "1"})
    assert (held.status_code, "đang được giữ" in page(held)) == (409, True)
    assert "Công văn 15/CAT" in page(ha.get(f"{DOOR}/luu"))
    for _tap in range(2):
        assert ha.post(f"{DOOR}/giu/{report.code}/bo").status_code == 303
    assert db.session.scalars(select(LegalHold.ended_at)).one() is not None
    assert ha.post(f"{DOOR}/{erase.id}", data={"grant": "1"}).status_code == 303
    kept = db.session.scalars(select(Certificate)).one()
    assert kept.code in page(ha.get(f"{DOOR}/{erase.id}"))
    assert ha.get(f"{DOOR}/999").status_code == 404


def test_durations_are_set_by_category_and_seen(app: Flask, ha: FlaskClient) -> None:
    assert "(chưa đối chiếu)" in page(ha.get(f"{DOOR}/luu"))
    address = f"{DOOR}/luu/photos"
    assert 'value="1825"' in ha.get(address).text
    wrong = ha.post(address, data={"category": "", "days": "0", "legal_basis": ""})
    assert (wrong.status_code, "nêu căn cứ" in page(wrong)) == (422, True)
    first = {"category": "", "days": "700", "legal_basis": "Quyết định 5/QĐ"}
    assert ha.post(address, data=first).status_code == 303
    assert ha.post(address, data=first | {"days": "800"}).status_code == 409, "a colleague was faster"
    assert ha.post(address, data=first | {"category": "rac_thai", "days": ""}).status_code == 303
    assert durations.days("photos") == {None: 700, "rac_thai": None}
    shown = page(ha.get(f"{DOOR}/luu"))
    assert "Quyết định 5/QĐ" in shown and "không hết hạn" in shown
    assert ha.get(f"{DOOR}/luu/khong-co").status_code == ha.post(f"{DOOR}/luu/khong-co").status_code == 404
    retention.run(now=datetime.now(UTC))
    assert "không có gì hết hạn" in page(ha.get(f"{DOOR}/luu"))
