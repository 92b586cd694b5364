"""A note names a colleague by `@username`: told in the inbox as long as they may read the ticket."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import worker
from portal.core.workflow import Step
from portal.models import Event, Mention, Report, db, transaction
from tests.factories import account, hire, move, send_report, step, unit
from tests.mailbox import Mailbox

LIST = "/can-bo/nhac-den"


@pytest.fixture
def lamp(app: Flask) -> Report:
    """A ticket of Minh's ward, where Nga is his colleague, beside one that they may not read."""
    hire("nga", "UBND_19333")
    noise = send_report(area="19351")
    step(noise, Step.RECEIVE, by="tuan")
    step(noise, Step.NOTE, "Xem giúp @tuan @nga", by="tuan")
    assert db.session.query(Mention).count() == 0, "nobody tells oneself, nor who may not read it"
    report = send_report()
    step(report, Step.RECEIVE)
    return report


def note(client: FlaskClient, report: Report, words: str, key: str = "ghi-chu-mot-lan"):
    data = {"seen": report.status, "note": words, "request_key": key}
    return client.post(f"/can-bo/phan-anh/{report.code}/note", data=data, follow_redirects=True)


def beside(client: FlaskClient, report: Report, words: str):
    data = {"words": words, "request_key": "ghi-chu-phoi-hop"}
    url = f"/can-bo/phan-anh/{report.code}/phoi-hop/ghi-chu"
    return client.post(url, data=data, follow_redirects=True)


def last_note() -> int:
    return db.session.query(Event.id).filter_by(step="note").order_by(Event.id.desc()).limit(1).scalar()


def test_who_is_named_reads_it_and_marks_it_as_seen(
    enter, minh: FlaskClient, tuan: FlaskClient, lamp: Report
) -> None:
    nga = enter("nga")
    assert "Chưa có ghi chú nào nhắc đến bạn" in nga.get(LIST).text
    words = "Nhờ @Nga, @nga xem. @tuan và nga@minh.vn không liên quan; @khong.ai."
    for _twice in range(2):
        saved = note(minh, lamp, words)
        assert "Không có ai tên @tuan, @khong.ai trong các đơn vị của hồ sơ này" in saved.text
    assert "<code>@nga</code> Cán bộ nga" in saved.text and "<code>@tuan</code>" not in saved.text
    event_id = last_note()
    kept = [(mention.event_id, mention.account_id) for mention in db.session.query(Mention)]
    assert kept == [(event_id, account("nga").id)]
    assert "Được nhắc đến: 1" in nga.get("/can-bo/").text
    listed = nga.get(LIST).text
    assert words in listed and "Nguyễn Văn Minh" in listed and lamp.code in listed and ">Đã xem<" in listed
    for client in (tuan, minh):
        assert "Được nhắc đến:" not in client.get("/can-bo/").text and lamp.code not in client.get(LIST).text
        assert client.post(f"{LIST}/{event_id}").status_code == 404
    for _twice in range(2):
        assert nga.post(f"{LIST}/{event_id}").location == LIST
    assert "Được nhắc đến:" not in nga.get("/can-bo/").text
    listed = nga.get(LIST).text
    assert words in listed and "Đã xem lúc 16/11/2026 08:00" in listed and ">Đã xem<" not in listed


def test_who_is_named_gets_one_mail_that_tells_only_which_ticket_it_is(
    app: Flask, minh: FlaskClient, tuan: FlaskClient, lamp: Report
) -> None:
    hire("son", "UBND_19333")
    with transaction():
        for name in ("nga", "minh", "tuan"):
            account(name).email = f"{name}@quangtri.example.vn"
    words = "Nhờ @nga @son gọi 0912345678, việc này @minh đã báo @tuan"
    for _twice in range(2):
        note(minh, lamp, words)
    box, again = Mailbox(), Mailbox()
    worker.deliver({"sms": Mailbox(), "mail": box})
    [(address, letter)] = box.sent
    assert address == "nga@quangtri.example.vn"
    subject, _empty, said = letter.split("\n", 2)
    assert subject == f"Bạn được nhắc đến trong hồ sơ {lamp.code}"
    assert "Chào Cán bộ nga," in said and "“Đèn đường" in said
    assert f"http://localhost/can-bo/phan-anh/{lamp.code}\n" in said
    assert not [word for word in ("gọi", "0912345678", "Minh", "chợ", lamp.reporter_key) if word in letter]
    note(minh, lamp, "@nga nhắc lại", "nhac-lai")
    with transaction():
        account("nga").active = False
    worker.deliver({"sms": Mailbox(), "mail": again})
    assert again.sent == [], "who has left gets none"


def test_a_step_of_the_one_who_is_named_says_that_it_was_seen(enter, minh: FlaskClient, lamp: Report) -> None:
    hire("son", "UBND_19333")
    other = send_report()
    step(other, Step.RECEIVE)
    note(minh, other, "@nga xem trước", "ho-so-khac")
    note(minh, lamp, "@nga @son")
    nga, son = enter("nga"), enter("son")
    assert "Được nhắc đến: 2" in nga.get("/can-bo/").text
    note(nga, lamp, "Đã xem, @minh", "nga-tra-loi")
    assert "Được nhắc đến: 1" in nga.get("/can-bo/").text, "only of this ticket"
    assert "Được nhắc đến: 1" in son.get("/can-bo/").text and "Được nhắc đến: 1" in minh.get("/can-bo/").text


def test_units_beside_name_and_are_named_until_they_help_no_longer(
    minh: FlaskClient, tuan: FlaskClient, lamp: Report
) -> None:
    minh.post(
        f"/can-bo/phan-anh/{lamp.code}/phoi-hop", data={"unit": unit("UBND_19351").id, "asked": "Cắt điện"}
    )
    note(minh, lamp, "Nhờ @tuan sang xem")
    assert "Được nhắc đến: 1" in tuan.get("/can-bo/").text
    for _twice in range(2):
        saved = beside(tuan, lamp, "@minh: mai làm, hỏi @ha")
        assert "Không có ai tên @ha trong" in saved.text and "<code>@minh</code>" in saved.text
    assert "Được nhắc đến: 1" in minh.get("/can-bo/").text
    assert "Được nhắc đến:" not in tuan.get("/can-bo/").text, "who answers has seen it"
    note(minh, lamp, "@tuan cảm ơn", "noi-cam-on")
    assert "Được nhắc đến: 1" in tuan.get("/can-bo/").text and lamp.code in tuan.get(LIST).text
    minh.post(f"/can-bo/phan-anh/{lamp.code}/phoi-hop/{unit('UBND_19351').id}/thoi")
    assert "Được nhắc đến:" not in tuan.get("/can-bo/").text and lamp.code not in tuan.get(LIST).text
    assert tuan.post(f"{LIST}/{last_note()}").status_code == 404


def test_who_has_left_is_told_nothing(enter, minh: FlaskClient, lamp: Report) -> None:
    note(minh, lamp, "@nga xem")
    nga = enter("nga")
    move("nga", "UBND_19351")
    assert "Được nhắc đến:" not in nga.get("/can-bo/").text and lamp.code not in nga.get(LIST).text
    move("nga", "UBND_19333")
    with transaction():
        account("nga").active = False
    assert nga.get(LIST).status_code == 302
    saved = note(minh, lamp, "@nga xem lại", "nho-xem-lai")
    assert "Không có ai tên @nga trong" in saved.text and db.session.query(Mention).count() == 1


def test_what_is_sent_wrongly_changes_nothing(app_with_csrf: Flask, minh: FlaskClient, lamp: Report) -> None:
    step(lamp, Step.NOTE, "@nga " + " ".join(f"@ai{n:056}" for n in range(30)))
    assert minh.post(f"{LIST}/{last_note()}").status_code == 400, "without its token"
    app_with_csrf.config["WTF_CSRF_ENABLED"] = False
    for address in ("0", "999999", "2147483648", "x"):
        assert minh.post(f"{LIST}/{address}").status_code == 404
    long = note(minh, lamp, "@nga " + "x" * 2000)
    assert "Nội dung dài quá" in long.text and db.session.query(Mention).count() == 1
    many = note(minh, lamp, " ".join(f"@ai{n:057}" for n in range(30))).text
    assert many.count("@ai0") >= 5 and "Không có ai tên" in many
    assert [one.seen_at for one in db.session.query(Mention)] == [None]
