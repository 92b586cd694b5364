"""The page of a reporter's own data: agree and take back, a copy of everything, put right, ask to erase."""

import json
from html import unescape
from io import BytesIO
from zipfile import ZipFile

from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select

from portal import worker
from portal.core.workflow import Step
from portal.models import AuditEntry, Certificate, Contact, DataRequest, Message, Report, db
from portal.services.privacy import identity, requests
from portal.services.privacy.identity import Identity
from tests.conftest import MONDAY_8AM
from tests.factories import seat, send_report, step
from tests.web.resident_form import page, picture, send

WRITTEN = "Xe 74A-123.45 chắn lối vào chợ từ sáng"


def opened(report: Report) -> Identity | None:
    return identity.opened(report.id, vault=current_app.extensions["vault"])


def test_a_reporter_sees_copies_changes_and_takes_back(
    app: Flask, lan: FlaskClient, tuan: FlaskClient
) -> None:
    told = {"phone": "0912 345 678", "name": "Trần Thị Lan", "email": "lan@vi.du.vn", "consent": "y"}
    send(lan, (picture(), "xe.jpg"), description=WRITTEN, **told)
    report = db.session.scalars(select(Report)).one()
    own = f"/phan-anh/{report.code}/du-lieu"
    assert own in page(lan.get(f"/phan-anh/{report.code}"))
    for method, address in (("GET", own), ("POST", f"{own}/ban-sao"), ("POST", f"{own}/yeu-cau/erase")):
        assert tuan.open(address, method=method).status_code == 403
    seen = page(lan.get(own))
    assert "họ và tên, số điện thoại, e-mail" in seen
    assert "nhận tin và câu hỏi về phản ánh này" in seen and "gọi điện hoặc viết thư" in seen
    assert not [secret for secret in ("0912", "Trần Thị Lan", "lan@vi") if secret in seen]

    assert lan.post(f"{own}/dong-y/contact").status_code == 303
    assert lan.post(f"{own}/dong-y/spam").status_code == 404
    wrong = lan.post(f"{own}/lien-he", data={"phone": "12"})
    assert (wrong.status_code, "10 chữ số" in page(wrong)) == (422, True)
    assert lan.post(f"{own}/lien-he", data={"phone": "0987654321"}).status_code == 303
    assert opened(report) == Identity("Trần Thị Lan", "+84987654321", "lan@vi.du.vn", "0987654321")

    answer = lan.post(f"{own}/ban-sao")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/zip", "no-store")
    packed = ZipFile(BytesIO(answer.data))
    assert packed.namelist() == ["du-lieu.json", "doc-toi.html", "anh/1.webp"]
    held = json.loads(packed.read("du-lieu.json"))
    assert held["report"]["description"] == WRITTEN
    assert held["report"]["description_shown"] == "Xe [biển số xe] chắn lối vào chợ từ sáng"
    assert held["contact"]["phone"] == "+84987654321"
    assert [one["purpose"] for one in held["consents"]] == ["follow", "contact"]
    assert "74A-123.45" in packed.read("doc-toi.html").decode()
    assert packed.read("anh/1.webp")[:4] == b"RIFF"

    for purpose in ("follow", "contact", "contact"):
        assert lan.post(f"{own}/dong-y/{purpose}", data={"withdraw": "1"}).status_code == 303
    assert db.session.get(Contact, report.id) is None
    assert lan.post(f"{own}/dong-y/follow").status_code == 403
    assert "Không giữ liên hệ nào" in page(lan.get(own))
    deeds = db.session.scalars(select(AuditEntry.deed).where(AuditEntry.subject_kind == "report")).all()
    assert deeds.count("export") == 1 and deeds.count("change") == 4


def test_what_nobody_has_received_its_reporter_takes_back(
    app: Flask, lan: FlaskClient, minh: FlaskClient, tuan: FlaskClient
) -> None:
    send(lan, description=WRITTEN, phone="0912345678", consent="y")
    report = db.session.scalars(select(Report)).one()
    address, taken_back = f"/phan-anh/{report.code}", {"seen": "submitted", "request_key": "lan-rut-lai"}
    assert "Gửi nhầm? Rút lại" in page(lan.get(address))
    assert tuan.post(f"{address}/rut-lai", data=taken_back).status_code == 403
    for _tap in range(2):
        assert lan.post(f"{address}/rut-lai", data=taken_back).status_code == 303
    seen = page(lan.get(address))
    assert (
        "Người phản ánh đã rút lại" in seen
        and "Gửi nhầm" not in seen
        and " lúc</dt>" not in seen.replace("Gửi lúc</dt>", "")
    )
    again = {"seen": "rejected", "request_key": "minh-mo-lai", "note": "Vẫn làm"}
    assert minh.post(f"/can-bo/phan-anh/{report.code}/reopen", data=again).status_code == 403
    db.session.refresh(report)
    assert (report.status, report.refusal_reason) == ("rejected", "withdrawn")
    assert db.session.query(Message).filter_by(report_id=report.id, kind="withdraw").count() == 1
    worker.deliver()
    other = send_report()
    step(other, Step.RECEIVE)
    lan.get(f"/phan-anh/{other.code}/theo-doi/{other.reporter_key}")
    late = lan.post(f"/phan-anh/{other.code}/rut-lai", data={"seen": "submitted", "request_key": "muon"})
    assert (late.status_code, other.status) == (409, "received")


def test_a_request_waits_with_its_days_and_ends_in_a_certificate(app: Flask, lan: FlaskClient) -> None:
    send(lan, description=WRITTEN)
    report = db.session.scalars(select(Report)).one()
    own = f"/phan-anh/{report.code}/du-lieu"
    assert lan.post(f"{own}/yeu-cau/correct", data={"request_key": "mot-khoa-dai"}).status_code == 422
    for key in ("mot-khoa-dai", "mot-khoa-dai", "hai-khoa-dai"):
        answer = lan.post(f"{own}/yeu-cau/erase", data={"request_key": key})
        assert answer.status_code == 303
    asked = db.session.scalars(select(DataRequest)).one()
    assert "đang chờ trả lời" in page(lan.get(own)) and "06/12/2026 08:00" in page(lan.get(own))
    for taken in (Step.RECEIVE, Step.RESOLVE):
        step(report, taken, "" if taken is Step.RECEIVE else "Đã nhắc chủ xe")
    requests.decide(asked.id, grant=True, by=seat("ha"), vault=app.extensions["vault"], now=MONDAY_8AM)
    seen = page(lan.get(own))
    kept = db.session.scalars(select(Certificate)).one()
    address = f"/chung-nhan-xoa/{kept.code}"
    assert address in seen and "đã làm" in seen
    shown = unescape(lan.get(address).text)
    assert kept.digest in shown and "còn nguyên" in shown and "123.45" not in shown
    said = lan.get(f"{address}.json").get_json()
    assert (said["says"], said["whole"]) == (kept.says, True)
    assert (
        lan.get("/chung-nhan-xoa/0000").status_code == lan.get("/chung-nhan-xoa/0000.json").status_code == 404
    )
    assert "Đã xóa theo quy định" in page(lan.get(f"/phan-anh/{report.code}"))
    assert "không hiển thị nội dung" in page(app.test_client().get(f"/phan-anh/{report.code}"))
