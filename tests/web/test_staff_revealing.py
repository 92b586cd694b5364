"""Who reported is shown once, for a reason, to whoever may know it; it leaves a trace that the reporter can read."""

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.adapters.vault import Vault
from portal.core.privacy.purposes import Purpose
from portal.models import AuditEntry, Cooperation, Event, Report, db, end_reading, transaction
from portal.services.privacy import consents, exports
from portal.web import context
from tests.conftest import MONDAY_8AM
from tests.factories import account, hire, send_report, unit
from tests.web.resident_form import error_at, page

WORDS = "Gọi để hỏi số trụ đèn trong ngõ, đội sửa đang ở chợ"
SECRETS = ("0912 345 678", "+84912345678", "lan@example.vn", "Trần Thị Lan")


def of_lan(**changes: object) -> Report:
    report = send_report(**{"name": "Trần Thị Lan", "email": "lan@example.vn", **changes})
    consents.give(report, Purpose.CONTACT, now=MONDAY_8AM)
    return report


def address(report: Report) -> str:
    return f"/can-bo/phan-anh/{report.code}/danh-tinh"


def ask(client: FlaskClient, report: Report, why: str | None = "verify", words: str = WORDS):
    return client.post(address(report), data={"why": why, "words": words} if why else {"words": words})


def noted(deed: str) -> list[AuditEntry]:
    end_reading()
    return list(db.session.scalars(select(AuditEntry).filter_by(deed=deed).order_by(AuditEntry.id)))


def shows(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_who_reported_is_shown_once_and_the_reporter_sees_to_whom(
    minh: FlaskClient, lan: FlaskClient
) -> None:
    report = of_lan(description="Đèn trước nhà tắt ba đêm nay, cần thì gọi 0905 111 222")
    ticket = minh.get(f"/can-bo/phan-anh/{report.code}").text
    assert address(report) in ticket and not shows(ticket)
    assert not shows(minh.get(address(report)).text) and noted("reveal") == []
    answer = ask(minh, report)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert shows(page(answer)) == ["0912 345 678", "+84912345678", "lan@example.vn", "Trần Thị Lan"]
    history = page(minh.get(f"/can-bo/phan-anh/{report.code}"))
    assert "Xem người phản ánh là ai" in history and "Xác minh điều" in history and not shows(history)
    (entry,) = noted("reveal")
    assert (entry.account.username, entry.subject_id, entry.reason) == ("minh", str(report.id), WORDS)
    assert entry.details == {"why": "verify"}
    assert not shows(str(db.session.scalars(select(Event.details)).all()))

    masked = f"/can-bo/phan-anh/{report.code}/phan-da-che"
    assert "0905 111 222" in minh.post(masked, data={"words": WORDS}).text

    watching = f"/phan-anh/{report.code}/ai-da-xem"
    assert lan.get(watching).status_code == 404, "nobody else asks"
    public = lan.get(f"/phan-anh/{report.code}").text
    assert "Xem người phản ánh" not in public and watching not in public
    own = lan.get(f"/phan-anh/{report.code}/theo-doi/{report.reporter_key}", follow_redirects=True)
    assert watching in own.text and "Xem người phản ánh" not in own.text
    told = page(lan.get(watching))
    assert "UBND phường Đông Hà" in told and "16/11/2026 08:00" in told and "Xác minh điều" in told
    assert "Xem phần đã che: số điện thoại" in told
    assert "Minh" not in told and WORDS not in told
    seen, _masked = exports.held(db.session.get_one(Report, report.id), vault=context.vault())["seen_by"]
    assert (seen["unit"], seen["why"]) == ("UBND phường Đông Hà", "verify"), "the copy says the same"


def test_a_reason_is_needed_and_calling_needs_a_consent(minh: FlaskClient) -> None:
    report = of_lan()
    for why, words, field in (
        (None, WORDS, "why"),
        ("curious", WORDS, "why"),
        ("verify", "", "words"),
        ("verify", "tò mò", "words"),
        ("verify", "x" * 501, "words"),
    ):
        answer = ask(minh, report, why, words)
        assert answer.status_code == 422 and error_at(answer, field), (why, words)
        assert not shows(answer.text)
    consents.withdraw(report, Purpose.CONTACT, now=MONDAY_8AM)
    assert "chưa đồng ý" in page(minh.get(address(report)))
    assert ask(minh, report, "visit").status_code == 422
    assert noted("reveal") == []
    assert shows(ask(minh, report, "danger", "Cột điện sắp đổ vào nhà").text)
    consents.withdraw(report, Purpose.FOLLOW, now=MONDAY_8AM)
    assert ask(minh, report, "danger").status_code == 404, "nothing is left to show"
    assert "Không để lại" in page(minh.get(f"/can-bo/phan-anh/{report.code}"))


def test_only_the_lead_and_the_unit_above_are_shown_it(
    app: Flask, minh: FlaskClient, tuan: FlaskClient, ha: FlaskClient, lan: FlaskClient, enter
) -> None:
    report = of_lan()
    hire("son", "UBND_TINH")
    hire("hoa", "UBND_19333", "unit_lead")
    hire("kiem", None, "auditor")
    son, hoa, kiem = (enter(name) for name in ("son", "hoa", "kiem"))
    with transaction():
        for code, kind in (("UBND_19351", "asked"), ("UBND_TINH", "superior")):
            db.session.add(
                Cooperation(report_id=report.id, unit_id=unit(code).id, kind=kind, since=MONDAY_8AM)
            )
    assert tuan.get(f"/can-bo/phan-anh/{report.code}").status_code == 200
    assert address(report) not in tuan.get(f"/can-bo/phan-anh/{report.code}").text
    for client, status in ((tuan, 403), (ha, 403), (lan, 403), (kiem, 403)):
        answer = ask(client, report)
        assert answer.status_code == status and not shows(answer.text)
    for client in (son, hoa):
        assert shows(ask(client, report).text)
    other = of_lan(area="19351")
    assert minh.get(address(other)).status_code == ask(minh, other).status_code == 404
    assert [entry.account.username for entry in noted("reveal")] == ["son", "hoa"]
    assert "UBND tỉnh" in page(minh.get(f"/can-bo/phan-anh/{report.code}"))


def test_no_page_opens_anything_but_that_one(
    app: Flask, minh: FlaskClient, lan: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the key everything is read as before; only who reported cannot be shown, and no look is noted."""
    report = of_lan()
    monkeypatch.setitem(app.extensions, "vault", Vault([Fernet.generate_key().decode()], "index"))
    follow = f"/phan-anh/{report.code}/theo-doi/{report.reporter_key}"
    assert lan.get(follow, follow_redirects=True).status_code == 200
    for path in ("/can-bo/", f"/can-bo/phan-anh/{report.code}", address(report)):
        assert minh.get(path).status_code == 200, path
    assert ask(minh, report).status_code == 503 and noted("reveal") == []


def test_nobody_is_shown_a_hundred_people(app_with_limits: Flask, minh: FlaskClient) -> None:
    report = of_lan()
    for _other_report in range(19):
        app_with_limits.extensions["limits"].spend("identity", str(account("minh").id))
    assert shows(ask(minh, report).text)
    answer = ask(minh, report)
    assert answer.status_code == 429 and not shows(answer.text) and WORDS in answer.text
    assert (len(noted("reveal")), len(noted("reveal_refused"))) == (1, 1)
