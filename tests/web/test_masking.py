"""Personal data in what everybody reads: masked on every page, sealed beside it, and asked about where staff write."""

from html import unescape

from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from portal.core.workflow import Step
from portal.models import AuditEntry, Event, Message, Report, Screening, SealedText, db, transaction
from portal.web.letters import words
from tests.factories import send_report, step, unit
from tests.services.test_audit import faults, seal
from tests.web.resident_form import page, send

SECRETS = ("0912345678", "0912 345 678", "74A-123.45", "lan@vi.du.vn", "0987654321", "123.45")
WRITTEN = "Xe 74A-123.45 đỗ chắn cổng chợ, gọi 0912 345 678 không ai nghe"


def rows(*tables: str) -> str:
    """Everything that these tables hold, as a thief of the database would read it."""
    return "\n".join(str(db.session.execute(text(f"SELECT * FROM {table}")).all()) for table in tables)


def seen_by(client: FlaskClient, *addresses: str) -> str:
    return "\n".join(unescape(client.get(address).text) for address in addresses)


def unsealed() -> dict[str, str]:
    vault = current_app.extensions["vault"]
    return {row.field: vault.unseal(row.words) for row in db.session.scalars(select(SealedText))}


def post(client: FlaskClient, report: Report, taken: str, note: str, **typed: str) -> tuple[int, str]:
    data = {"seen": db.session.get_one(Report, report.id).status, "note": note, **typed}
    answer = client.post(f"/can-bo/phan-anh/{report.code}/{taken}", data=data)
    return answer.status_code, unescape(answer.text)


def test_everybody_reads_the_masked_text_and_the_vault_keeps_what_was_written(
    app: Flask, lan: FlaskClient, minh: FlaskClient
) -> None:
    place = "Nhà chị Lan, lan@vi.du.vn"
    told = page(lan.get(send(lan, description=WRITTEN, place=place).location))
    report = db.session.scalars(select(Report)).one()
    assert report.description == "Xe [biển số xe] đỗ chắn cổng chợ, gọi [số điện thoại] không ai nghe"
    assert report.place == "Nhà chị Lan, [thư điện tử]"
    assert "Đã che biển số xe, số điện thoại, thư điện tử trong nội dung công khai" in told
    assert unsealed() == {"description": WRITTEN, "place": place}
    step(report, Step.RECEIVE)
    step(report, Step.ASK, "Xe màu gì?")
    answered = {"seen": "waiting", "note": "Màu đỏ, biển 74A-123.45, gọi 0987654321", "request_key": "k" * 12}
    assert lan.post(f"/phan-anh/{report.code}/bo-sung", data=answered).status_code == 303
    assert lan.post(f"/phan-anh/{report.code}/bo-sung", data=answered).status_code == 303
    assert unsealed()["note"] == answered["note"]
    assert db.session.query(SealedText).count() == 3
    ticket = f"/can-bo/phan-anh/{report.code}"
    read = seen_by(lan, f"/phan-anh/{report.code}", "/toi/", "/")
    read += seen_by(minh, ticket, f"{ticket}/phieu-giao-viec", "/can-bo/", "/can-bo/")
    assert report.code not in seen_by(minh, "/can-bo/?q=0912345678")
    read += "\n".join(words(message) for message in db.session.scalars(select(Message)))
    read += rows("report", "event", "message", "sealed_text", "learned_word")
    assert "[biển số xe]" in read
    for secret in SECRETS:
        assert secret not in read, secret


def test_the_unit_sees_plates_by_one_press_and_persons_for_a_reason(
    app: Flask, lan: FlaskClient, minh: FlaskClient, tuan: FlaskClient
) -> None:
    send(lan, description=WRITTEN)
    report = db.session.scalars(select(Report)).one()
    ticket = f"/can-bo/phan-anh/{report.code}"
    address = f"{ticket}/phan-da-che"
    assert "Đã che: biển số xe, số điện thoại." in page(minh.get(ticket))
    plates = page(minh.post(address, data={"plates": "1"}))
    assert "74A-123.45" in plates and "gọi [số điện thoại]" in plates
    assert minh.post(address, data={"words": "ngắn"}).status_code == 422
    whole = page(minh.post(address, data={"words": "Cần gọi để hẹn chủ xe đến dời xe"}))
    assert WRITTEN in whole
    for method in ("GET", "POST"):
        assert tuan.open(address, method=method, data={"plates": "1"}).status_code == 404
    read = select(AuditEntry).where(AuditEntry.deed == "read").order_by(AuditEntry.id)
    entries = db.session.scalars(read).all()
    assert [entry.details["kinds"] for entry in entries] == [["plate"], ["plate", "phone"]]
    assert entries[1].reason == "Cần gọi để hẹn chủ xe đến dời xe"
    other = send_report(description="Chó nhà 0912345678 thả rông cả ngày")
    assert minh.post(f"/can-bo/phan-anh/{other.code}/phan-da-che", data={"plates": "1"}).status_code == 404
    assert minh.get(f"/can-bo/phan-anh/{send_report().code}/phan-da-che").status_code == 404


def test_an_officer_is_asked_and_decides(app: Flask, lan: FlaskClient, minh: FlaskClient) -> None:
    report = send_report()
    step(report, Step.RECEIVE)
    note = "Mời gọi tổ trực 0987654321 khi cần, đã thay bóng số 7"
    status, asked = post(minh, report, "answer", note)
    assert status == 422
    assert "gọi tổ trực [số điện thoại] khi cần" in asked
    assert note in asked
    assert db.session.query(Event).filter_by(step="answer").count() == 0
    assert post(minh, report, "answer", note, personal="gibberish")[0] == 422
    status, preview = post(minh, report, "answer", note, preview="1")
    assert (status, note in preview, "tổ trực [số điện thoại]" in preview) == (200, True, True)
    assert post(minh, report, "answer", note, personal="mask")[0] == 303
    assert post(minh, report, "answer", f"{note} nhé", personal="keep", repeated="Nhắc lại")[0] == 303
    assert post(minh, report, "note", f"Đã gọi 0912345678, {note}")[0] == 303
    masked, left, internal = db.session.scalars(select(Event).order_by(Event.id)).all()[-3:]
    assert masked.note == "Mời gọi tổ trực [số điện thoại] khi cần, đã thay bóng số 7"
    assert (left.details["left_personal"], "0987654321" in left.note) == (["phone"], True)
    assert "0912345678" in internal.note
    assert "0987654321" in page(lan.get(f"/phan-anh/{report.code}"))
    assert not db.session.query(SealedText).count()
    assert "0 masked" in app.test_cli_runner().invoke(args=["privacy", "screen"]).output, "left is left"
    chosen = {
        "report": f"{report.code}.received",
        "unit": unit("UBND_19351").id,
        "note": "Xin gọi 0912345678",
    }
    together = minh.post("/can-bo/nhieu/forward", data=chosen)
    assert (together.status_code, "Xin gọi [số điện thoại]" in unescape(together.text)) == (422, True)


def test_texts_of_before_are_screened_once(app: Flask, lan: FlaskClient) -> None:
    report, other = send_report(), send_report(description="Đèn ở cột số 12345 tắt ba đêm nay")
    step(report, Step.RECEIVE)
    with transaction():
        plain = {"description": WRITTEN, "place": "74A-123.45", "words_folded": "xe 74a 123 45"}
        db.session.execute(update(Report).where(Report.id == report.id).values(**plain))
        db.session.execute(update(Event).where(Event.step == "receive").values(note="Gọi 0912345678"))
    assert seal()
    run = app.test_cli_runner().invoke
    assert "5 texts looked at, 2 masked" in run(args=["privacy", "screen"]).output
    db.session.expire_all()
    assert (report.description.count("["), report.place) == (2, "[biển số xe]")
    assert "74a" not in report.words_folded
    assert "dong ha" in report.words_folded
    assert "12345" in other.description
    assert unsealed() == {"description": WRITTEN, "place": "74A-123.45", "note": "Gọi 0912345678"}
    assert seal() and faults() == []
    assert "0 texts looked at" in run(args=["privacy", "screen"]).output
    with transaction():
        db.session.execute(update(Screening).values(version=0))
    assert " 0 masked" in run(args=["privacy", "screen"]).output
    with transaction():  # as rules of before had left it
        half = report.description.replace("[số điện thoại]", "0912345678")
        db.session.execute(update(Screening).values(version=0))
        db.session.execute(update(Report).where(Report.id == report.id).values(description=half))
    assert " 1 masked" in run(args=["privacy", "screen"]).output
    db.session.expire_all()
    assert "0912345678" not in report.description and unsealed()["description"] == WRITTEN
