"""People through the administrator's door: links shown once, sessions ended, nobody locked out by themself."""

import logging
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal import worker
from portal.models import Account, Appointment, AuditEntry, Unit, db, transaction
from portal.services import records
from tests.conftest import APPOINTED, PASSWORD
from tests.factories import hire, send_report, unit
from tests.mailbox import Mailbox, link_in
from tests.web.admin_form import error_at, typed

PEOPLE = "/quan-tri/nguoi-dung"
NEW = f"{PEOPLE}/them-moi"
CHOSEN = "bốn con vịt qua sông"
SEAT = "/dang-nhap/nhiem-vu"


def person(username: str) -> Account:
    return db.session.query(Account).filter_by(username=username).one()


def address(username: str) -> str:
    return f"{PEOPLE}/{person(username).id}"


def ward() -> Unit:
    return db.session.query(Unit).filter_by(code="UBND_19333", valid_until=None).one()


def new(**changes: str) -> dict[str, str]:
    form = {"name": "Võ Thị Lan", "username": "lan.vo", "role": "officer", "unit_id": str(ward().id)}
    return form | {"request_key": "a random key of this form"} | changes


def button(page: str, action: str) -> dict[str, str]:
    """What the one-button form of this action would send."""
    form = re.search(
        rf'<form class="post-button" method="post" action="[^"]*/{action}">.*?</form>', page, re.S
    )
    assert form, action
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))


def press(client: FlaskClient, username: str, action: str) -> Any:
    page = client.get(address(username)).text
    return client.post(f"{address(username)}/{action}", data=button(page, action))


def end(client: FlaskClient, username: str, day: str = "16/11/2026", number: int = 0) -> Any:
    """Of the appointments of that person the one of this number ends on that day."""
    held = person(username).appointments[number]
    data = {"seen": records.version(held), "until": day}
    return client.post(f"{address(username)}/nhiem-vu/{held.id}/thoi", data=data)


def shown_link(page: str) -> str:
    found = re.search(r"data-link>http://localhost([^<]+)<", page)
    assert found
    return found[1]


def choose(app: Flask, link: str, password: str) -> Any:
    client = app.test_client()
    assert client.get(link).location == "/dat-mat-khau"
    return client.post("/dat-mat-khau", data={"password": password, "password_again": password})


def enters(app: Flask, username: str, password: str) -> bool:
    answer = app.test_client().post("/dang-nhap", data={"username": username, "password": password})
    return answer.status_code == 303


def names(page: str) -> list[str]:
    return [
        unescape(name)
        for name in re.findall(r'class="row-link" href="/quan-tri/nguoi-dung/\d+">([^<]+)<', page)
    ]


def test_people_come_in_the_order_of_their_given_names(app: Flask, ha: FlaskClient) -> None:
    for username, name in (
        ("an.bui", "Bùi Thị Ân"),
        ("anh.do", "Đỗ Ánh"),
        ("dat.le", "Lê Đạt"),
        ("dung.vo", "Võ Dung"),
    ):
        assert ha.post(NEW, data=new(username=username, name=name)).status_code == 200
    assert names(ha.get(PEOPLE).text) == [
        "Đỗ Ánh", "Bùi Thị Ân", "Võ Dung", "Lê Đạt", "Trần Thị Thu Hà", "Nguyễn Văn Minh", "Lê Anh Tuấn",
    ]  # fmt: skip
    assert names(ha.get(f"{PEOPLE}?q=le+dat").text) == ["Lê Đạt"]
    assert names(ha.get(f"{PEOPLE}?q=nam+đông+hà").text) == ["Lê Anh Tuấn"]
    assert names(ha.get(f"{PEOPLE}?role=administrator").text) == ["Trần Thị Thu Hà"]
    assert "Không có người nào khớp." in ha.get(f"{PEOPLE}?state=closed").text
    assert ha.get(f"{PEOPLE}?q=%00'--&role=x&state=x").status_code == 200


def test_a_new_colleague_gets_a_link_that_is_shown_once_and_chooses_the_password(
    app: Flask, ha: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    blank = typed(ha.get(f"{NEW}?unit={ward().id}").text)
    assert blank["unit_id"] == str(ward().id) and len(blank["request_key"]) > 20
    form = blank | {"name": "Võ Thị Lan", "username": "Lan.Vo"}
    answer, again = (ha.post(NEW, data=form) for _ in range(2))
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    link = shown_link(answer.text)
    assert shown_link(again.text) == link and db.session.query(Account).count() == 4
    assert "chưa đặt mật khẩu" in ha.get(address("lan.vo")).text
    assert not enters(app, "lan.vo", "")
    assert choose(app, link, CHOSEN).location == "/dang-nhap" and enters(app, "lan.vo", CHOSEN)
    assert link not in ha.get(address("lan.vo")).text
    assert link not in caplog.text and CHOSEN not in caplog.text and "Võ Thị Lan" not in caplog.text
    other = ha.post(NEW, data=new(request_key="another form"))
    assert other.status_code == 422 and "Tên đăng nhập này đã có người dùng." in error_at(
        other.text, "username"
    )


def test_a_colleague_with_an_address_gets_the_link_by_mail(app: Flask, ha: FlaskClient) -> None:
    assert ha.post(NEW, data=new(email="Lan@Example.VN")).location == address("lan.vo")
    for _ in range(2):
        page = ha.post(f"{address('lan.vo')}/moi", follow_redirects=True).text
        assert "đang được gửi đến l…@example.vn" in page and "lan@example.vn" not in page
    box = Mailbox()
    worker.deliver({"mail": box})
    assert [to for to, _letter in box.sent] == ["lan@example.vn"]
    letter = box.sent[0][1]
    assert letter.startswith("Mời đặt mật khẩu cho tài khoản lan.vo\n\n") and "Chào Võ Thị Lan" in letter
    assert choose(app, link_in(letter), CHOSEN).location == "/dang-nhap" and enters(app, "lan.vo", CHOSEN)
    assert ha.post(f"{address('minh')}/moi").status_code == 404, "there is no address"
    taken = ha.post(NEW, data=new(username="lan.vu", email="lan@example.vn", request_key="2"))
    assert taken.status_code == 422 and "đã có người dùng" in error_at(taken.text, "email")


def test_an_address_is_read_for_a_reason_and_changed_unseen(app: Flask, ha: FlaskClient, enter: Any) -> None:
    """The page shows it masked; in full it is on one answer, which is written down. Auditors see no way to it."""
    assert ha.post(f"{address('minh')}/dia-chi", data={"why": "Gọi lại"}).status_code == 404
    ha.post(address("minh"), data=typed(ha.get(address("minh")).text) | {"email": "minh@example.vn"})
    hire("kiem", None, "auditor")
    for client in (ha, auditor := enter("kiem")):
        page = client.get(address("minh")).text
        assert "minh@" not in page and "m…@example.vn" in page
    assert '/dia-chi"' not in page and '<fieldset class="only-read" disabled>' in page
    assert auditor.post(f"{address('minh')}/dia-chi", data={"why": "Xem"}).status_code == 403
    unsaid = ha.post(f"{address('minh')}/dia-chi", data={"why": " "})
    assert unsaid.status_code == 422 and "Xin ghi lý do" in error_at(unsaid.text, "why")
    asked = select(AuditEntry).filter_by(
        deed="read", subject_kind="account", subject_id=str(person("minh").id)
    )
    assert "minh@" not in unsaid.text and db.session.scalar(asked) is None
    shown = ha.post(f"{address('minh')}/dia-chi", data={"why": "Thư bị trả về"})
    assert "minh@example.vn" in shown.text and shown.headers["Cache-Control"] == "no-store"
    entry = db.session.scalars(asked).one()
    assert (entry.account_id, entry.reason, entry.address) == (person("ha").id, "Thư bị trả về", "127.0.0.1")

    for changes, kept in (
        ({"name": "Nguyễn Minh"}, "minh@example.vn"),
        ({"email": "moi@example.vn"}, "moi@example.vn"),
        ({"without_email": "y"}, None),
    ):
        form = typed(ha.get(address("minh")).text)
        assert ha.post(address("minh"), data=form | changes).status_code == 303
        assert person("minh").email == kept


def test_a_fresh_link_leaves_the_password_until_it_is_used_and_then_ends_every_session(
    app: Flask, ha: FlaskClient, minh: FlaskClient
) -> None:
    page = ha.get(address("minh")).text
    first, again = (ha.post(f"{address('minh')}/duong-dan", data=button(page, "duong-dan")) for _ in range(2))
    assert shown_link(first.text) == shown_link(again.text)
    assert minh.get("/can-bo/").status_code == 200 and enters(app, "minh", PASSWORD)
    later = shown_link(press(ha, "minh", "duong-dan").text)
    assert choose(app, shown_link(first.text), CHOSEN).status_code == 410, "a later one took its place"
    with transaction():
        person("minh").email = "minh@example.vn"
    app.test_client().post("/quen-mat-khau", data={"who": "minh"})
    worker.deliver({"mail": Mailbox()})
    assert choose(app, later, CHOSEN).location == "/dang-nhap"
    assert minh.get("/can-bo/").status_code == 302
    assert enters(app, "minh", CHOSEN) and not enters(app, "minh", PASSWORD)


def test_an_administrator_ends_every_session_of_a_person(
    app: Flask, ha: FlaskClient, minh: FlaskClient, tuan: FlaskClient
) -> None:
    assert "Đang đăng nhập ở 1 nơi." in ha.get(address("minh")).text
    press(ha, "minh", "ket-thuc-phien")
    assert minh.get("/can-bo/").status_code == 302 and tuan.get("/can-bo/").status_code == 200
    assert "Đang đăng nhập ở" not in ha.get(address("minh")).text


def test_a_closed_account_is_out_and_can_be_opened_again(
    app: Flask, ha: FlaskClient, minh: FlaskClient
) -> None:
    link = shown_link(press(ha, "minh", "duong-dan").text)
    page = ha.get(address("minh")).text
    for _ in range(2):
        answer = ha.post(f"{address('minh')}/trang-thai", data=button(page, "trang-thai"))
        assert (answer.status_code, answer.location) == (303, address("minh"))
    assert minh.get("/can-bo/").status_code == 302 and not enters(app, "minh", PASSWORD)
    assert "đã khóa" in ha.get(f"{PEOPLE}?state=closed").text
    assert choose(app, link, CHOSEN).status_code == 410 and "duong-dan" not in ha.get(address("minh")).text
    stale = ha.post(f"{address('minh')}/trang-thai", data=button(page, "trang-thai") | {"active": "yes"})
    assert stale.status_code == 409 and "Có người vừa sửa tài khoản này." in stale.text
    assert press(ha, "minh", "trang-thai").status_code == 303
    assert enters(app, "minh", PASSWORD)


def test_nobody_closes_or_demotes_themself(app: Flask, ha: FlaskClient) -> None:
    closed = press(ha, "ha", "trang-thai")
    assert closed.status_code == 422 and "Bạn không thể tự khóa" in closed.text
    ended = end(ha, "ha")
    assert ended.status_code == 422 and "tự thôi vai trò quản trị" in ended.text
    assert person("ha").active and person("ha").appointments[0].until is None


def test_a_colleague_is_renamed_moved_and_promoted(app: Flask, ha: FlaskClient, tuan: FlaskClient) -> None:
    """What ended or has not begun gives nothing, at once, also in a session that is open."""
    renamed = ha.post(address("tuan"), data=typed(ha.get(address("tuan")).text) | {"name": "Lê Anh Tuấn B"})
    assert (renamed.status_code, renamed.location) == (303, address("tuan"))
    blank = typed(ha.get(f"{address('tuan')}/nhiem-vu").text)
    posts = {
        "lead": {"role": "unit_lead", "unit_id": str(ward().id)},
        "later": {"role": "administrator", "since": "17/11/2026", "until": "20/11/2026"},
    }
    for post in posts.values():
        for _ in range(2):
            given = ha.post(f"{address('tuan')}/nhiem-vu", data=blank | post)
            assert (given.status_code, given.location) == (303, address("tuan"))
    assert len(person("tuan").appointments) == 3
    wrong = ha.post(f"{address('tuan')}/nhiem-vu", data=blank | {"role": "officer", "unit_id": ""})
    assert "Vai trò này phải thuộc một đơn vị." in error_at(wrong.text, "unit_id")

    assert tuan.get(PEOPLE).status_code == 403
    assert end(ha, "tuan", "hôm nay").status_code == 422 == end(ha, "tuan", "15/11/2026").status_code
    for _ in range(2):
        assert end(ha, "tuan", number=0).status_code == 303
    page = tuan.get("/can-bo/").text
    assert "Lãnh đạo đơn vị · UBND phường Đông Hà" in page and 'name="appointment"' not in page
    end(ha, "tuan", number=1)
    assert tuan.get("/can-bo/").status_code == 302
    refused = app.test_client().post("/dang-nhap", data={"username": "tuan", "password": PASSWORD})
    assert refused.status_code == 403 and "không được giao nhiệm vụ nào" in refused.text
    assert "không giữ nhiệm vụ nào" in ha.get(f"{PEOPLE}?q=tuan").text
    other = person("tuan").appointments[0].id
    assert ha.post(f"{address('minh')}/nhiem-vu/{other}/thoi", data={}).status_code == 404


def test_a_person_with_several_appointments_works_in_one_at_a_time(
    app: Flask, enter: Callable[[str], FlaskClient]
) -> None:
    hire("nga", "UBND_19333", "unit_lead")
    with transaction():
        nga, ward_of_tuan = person("nga"), unit("UBND_19351")
        nga.appointments.append(Appointment(role="administrator", since=APPOINTED))
        nga.appointments.append(Appointment(role="officer", unit=ward_of_tuan, since=APPOINTED))
    nga, here, there = enter("nga"), send_report(), send_report(area="19351")
    _lead, administers, officer = person("nga").appointments
    minhs = person("minh").appointments[0]
    assert here.code in (page := nga.get("/can-bo/").text) and there.code not in page
    assert 'name="appointment"' in page and nga.get(address("nga")).status_code == 403
    chosen = nga.post(SEAT, data={"appointment": officer.id})
    assert (chosen.status_code, chosen.location) == (303, "/can-bo/")
    assert there.code in (page := nga.get("/can-bo/").text) and here.code not in page
    assert nga.post(SEAT, data={"appointment": minhs.id}).status_code == 404
    assert nga.post(SEAT, data={"appointment": administers.id}).location == "/quan-tri/thoi-gian"
    assert nga.get(PEOPLE).status_code == 200 and nga.get("/can-bo/").status_code == 403
    assert app.test_client().post(SEAT, data={"appointment": officer.id}).status_code == 404


def test_what_somebody_else_saved_meanwhile_is_shown(app: Flask, ha: FlaskClient) -> None:
    form = typed(ha.get(address("tuan")).text)
    ha.post(address("tuan"), data=form | {"name": "Lê Anh Tuấn B"})
    late = ha.post(address("tuan"), data=form | {"name": "Tên tôi gõ"})
    assert late.status_code == 409 and typed(late.text)["name"] == "Tên tôi gõ"
    assert "Họ và tên: <strong>Lê Anh Tuấn B</strong>" in late.text
    assert person("tuan").name == "Lê Anh Tuấn B"


def test_wrong_fields_are_told_at_the_field(app: Flask, ha: FlaskClient) -> None:
    gone = db.session.query(Unit).filter_by(code="UBND_461").one()
    outside = "Xin chọn một mục trong danh sách."
    for field, value, sentence in (
        ("name", "", "Xin nhập họ và tên."),
        ("name", "x" * 101, "Dài quá 100 ký tự."),
        ("username", "", "Xin nhập tên đăng nhập."),
        ("username", "võ lan", "Tên đăng nhập gồm"),
        ("username", "-lan", "Tên đăng nhập gồm"),
        ("username", "x" * 61, "Tên đăng nhập gồm"),
        ("username", "minh", "Tên đăng nhập này đã có người dùng."),
        ("email", "lan@", "E-mail cần có dạng ten@example.vn."),
        ("role", "chairman", outside),
        ("role", "", "Xin chọn một mục"),
        ("unit_id", "", "Vai trò này phải thuộc một đơn vị."),
        ("unit_id", str(gone.id), outside),
        ("unit_id", "abc", outside),
    ):
        answer = ha.post(NEW, data=new(**{field: value}))
        assert answer.status_code == 422, (field, value)
        assert sentence in error_at(answer.text, field), (field, value, error_at(answer.text, field))
        assert "data-link" not in answer.text
    assert ha.post(NEW, data={}).status_code == 422
    assert db.session.query(Account).count() == 3


def test_deeds_are_no_links_and_unknown_people_are_unknown(app: Flask, ha: FlaskClient) -> None:
    for action in ("duong-dan", "moi", "ket-thuc-phien", "trang-thai"):
        assert ha.get(f"{address('minh')}/{action}").status_code == 405
        assert ha.post(f"{PEOPLE}/2147483647/{action}").status_code == 404
    assert ha.get(f"{PEOPLE}/2147483647").status_code == ha.post(f"{PEOPLE}/0").status_code == 404


def test_whoever_is_no_longer_an_administrator_saves_nothing(app: Flask, ha: FlaskClient) -> None:
    form = typed(ha.get(address("minh")).text)
    with transaction():
        person("ha").appointments[0].role = "auditor"
    assert ha.post(address("minh"), data=form | {"name": "x"}).status_code == 403
    assert person("minh").name == "Nguyễn Văn Minh"


def test_every_form_of_the_door_needs_its_token(app_with_csrf: Flask, ha: FlaskClient) -> None:
    for room in ("don-vi", "linh-vuc", "dieu-phoi", "nguoi-dung"):
        page = ha.get(f"/quan-tri/{room}/them-moi").text
        assert re.search(r'name="csrf_token" type="hidden" value="[^"]{20,}"', page)
        answer = ha.post(f"/quan-tri/{room}/them-moi", data={"name": "x"})
        assert answer.status_code == 400 and "Biểu mẫu đã hết hạn" in answer.text
    assert button(ha.get(address("minh")).text, "duong-dan")["csrf_token"]
