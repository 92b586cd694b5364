"""The auditors' pages: who did what is read freely, from where and why for a reason, and every file is harmless."""

import ast
import csv
import json
import re
from datetime import UTC, datetime, timedelta
from io import StringIO

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.models import AuditEntry, db, transaction
from portal.services import audit
from portal.web.admin.audit import words
from tests.conftest import MONDAY_8AM
from tests.factories import account, seat, send_report
from tests.house.test_floors import tree, under

WHY = {"why": "Kiểm tra định kỳ"}


def note(deed: str, days_ago: int = 0, **said: object) -> None:
    with transaction():
        audit.note(deed, by=seat("minh"), now=datetime.now(UTC) - timedelta(days=days_ago), **said)


def newest() -> AuditEntry:
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


def test_the_audit_is_searched_opened_and_taken_along(
    app: Flask, ha: FlaskClient, minh: FlaskClient, lan: FlaskClient
) -> None:
    report = send_report()
    note("change", subject=("unit", 7), details={"phone": ["0233 1", "0233 2"], "password_hash": []})
    said = {"kinds": ["plate", "phone"], "held_until": "2027-03-01", "active": [True, False], "why": "law"}
    note("read", 40, subject=("unit", 8), details=said)
    note("reveal", 40, address="198.51.100.9")
    for number in range(51):
        note("reveal", address="203.0.113.7", reason="=HYPERLINK('x')", details={"n": number})
    note("forget", subject=("report", report.id), address="203.0.113.8")
    for address in ("/quan-tri/nhat-ky", "/quan-tri/nhat-ky/ngay"):
        assert minh.get(address).status_code == 403 and lan.get(address).status_code == 302
    page = ha.get("/quan-tri/nhat-ky").text
    assert (
        f"Phản ánh {report.code}" in page
        and "Cán bộ xử lý, UBND phường Đông Hà" in page
        and "Nguyễn Văn Minh" in page
        and "203.0.113" not in page
        and " required" not in page.partition("</form>")[0].partition('role="search"')[2]
        and "HYPERLINK" not in page
    )
    older = ha.get(page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")).text
    assert "Điện thoại: 0233 1 → 0233 2" in older and "Đơn vị 7" in older and "Cũ hơn" not in older
    assert "Mật khẩu" in older and "Xem người phản ánh là ai</td>" in older

    read = ha.get("/quan-tri/nhat-ky", query_string={"to": "2026-10-20", "deed": "read"}).text
    for sentence in (
        "Đã xem: biển số xe, số điện thoại<",
        "Giữ đến: 01/03/2027<",
        "Còn dùng: có → không<",
        "Mục đích: Cơ quan có thẩm quyền yêu cầu bằng văn bản<",
    ):
        assert sentence in read, sentence

    def found(**asked: str) -> int:
        return ha.get("/quan-tri/nhat-ky", query_string=asked).text.count('<th scope="row"')

    assert found(deed="change") == found(kind="unit", key="7") == found(kind="report", key=report.code) == 1
    assert found(person="tuan", deed="reveal") == 0 and found(person="minh") == 50
    assert found(deed="reveal", to="2026-10-20") == 1
    for wrong in (
        {"person": "khong-co"},
        {"kind": "report", "key": "QT"},
        {"from": "17/11/2026", "to": "16/11/2026"},
    ):
        assert ha.get("/quan-tri/nhat-ky", query_string=wrong).status_code == 422
    assert newest().deed == "forget"

    assert ha.post("/quan-tri/nhat-ky", data={"address": "203.0.113.8"}).status_code == 422
    opened = ha.post("/quan-tri/nhat-ky", data={"address": "203.0.113.8", **WHY}).text
    assert opened.count('<th scope="row"') == 1 and "203.0.113.8" in opened
    assert (newest().deed, newest().account_id) == ("read_audit", account("ha").id)
    assert newest().reason == "203.0.113.8: Kiểm tra định kỳ" and "203" not in json.dumps(newest().details)
    opened = ha.post("/quan-tri/nhat-ky", data={"deed": "reveal", **WHY}).text
    assert "HYPERLINK" in opened and 'name="sau"' in opened

    assert ha.post("/quan-tri/nhat-ky.csv", data={"deed": "reveal"}).status_code == 422
    taken = ha.post("/quan-tri/nhat-ky.csv", data={"deed": "reveal", **WHY})
    lines = list(csv.reader(StringIO(taken.text.removeprefix("\ufeff"))))
    assert len(lines) == 52 and lines[1][7:] == ["203.0.113.7", "'=HYPERLINK('x')"]
    assert (newest().deed, newest().details["deed"]) == ("export_audit", "reveal")


def test_every_deed_and_subject_that_is_noted_has_a_word() -> None:
    noted, subjects = set(), set()
    for path in under("services", "web", "cli"):
        subjects |= set(re.findall(r'\bsubject(?:, \w+)? ?= ?\("(\w+)"', path.read_text(encoding="utf-8")))
        for call in ast.walk(tree(path)):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ("audit.note", "note"):
                noted |= {part.value for part in call.args[:1] if isinstance(part, ast.Constant)}
    assert len(noted) > 9 and noted <= audit.DEEDS == set(words.DEEDS)
    assert len(subjects) > 9 and subjects <= set(words.SUBJECTS)


def test_each_day_says_whether_it_verified_and_gives_its_proof(app: Flask, ha: FlaskClient) -> None:
    assert "Chưa có dòng nào" in ha.get("/quan-tri/nhat-ky/ngay").text
    note("sign_in")
    audit.seal(audit.beginning(), now=MONDAY_8AM)
    assert "Chưa kiểm tra" in ha.get("/quan-tri/nhat-ky/ngay").text
    assert list(audit.verify(now=MONDAY_8AM)) == []
    page = ha.get("/quan-tri/nhat-ky/ngay").text
    assert "Khớp, lúc" in page and audit.days()[0].head in page
    proof = ha.post("/quan-tri/nhat-ky/ngay/2026-11-16")
    assert json.loads(proof.text.splitlines()[0])["head"] == audit.days()[0].head
    assert newest().deed == "export_proof"
    for wrong in ("2026-11-15", "hom-nay"):
        assert ha.post(f"/quan-tri/nhat-ky/ngay/{wrong}").status_code == 404
    with transaction():
        audit.days()[0].fault = "changed: audit_entry 1 (2026-11-16/1)"
    assert "audit_entry 1" in ha.get("/quan-tri/nhat-ky/ngay").text
    assert "1 ngày không còn khớp" in ha.get("/quan-tri/nhat-ky").text
