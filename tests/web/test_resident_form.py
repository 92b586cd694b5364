"""The report form: what is right is kept as typed, what is wrong comes back with a sentence at its field."""

import re
import unicodedata
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import func, select
from time_machine import Traveller

from portal.models import Category, Contact, Message, Report, db, transaction
from portal.services import territory
from portal.services.privacy import identity
from portal.services.privacy.identity import Identity
from tests.web.resident_form import FILLED, error_at, page, picture, send

WRONG: dict[str, list[tuple[dict[str, Any], str]]] = {
    "category": [
        ({"category": None}, "Xin chọn một lĩnh vực"),
        ({"category": ""}, "Xin chọn một lĩnh vực"),
        ({"category": "boi_lo"}, "trong danh sách"),
        ({"category": "x" * 5000}, "trong danh sách"),
        ({"category": "' OR 1=1 --"}, "trong danh sách"),
    ],
    "description": [
        ({"description": None}, "Xin mô tả sự việc"),
        ({"description": "   \n\t "}, "Xin mô tả sự việc"),
        ({"description": "\u200b\u0007" * 20}, "Xin mô tả sự việc"),
        ({"description": "quá ngắn"}, "ít nhất 10 ký tự"),
        ({"description": "a    b    c    d"}, "ít nhất 10 ký tự"),
        ({"description": "đ" * 2001}, "2.000 ký tự"),
        ({"description": "đ" * 200_000}, "2.000 ký tự"),
    ],
    "place": [
        ({"place": "x" * 201}, "200 ký tự"),
    ],
    "name": [
        ({"name": "x" * 101, "consent": "y"}, "100 ký tự"),
    ],
    "phone": [
        ({"phone": "123", "consent": "y"}, "10 chữ số"),
        ({"phone": "0212 345 678", "consent": "y"}, "10 chữ số"),
        ({"phone": "không có", "consent": "y"}, "10 chữ số"),
        ({"phone": "9" * 4000, "consent": "y"}, "10 chữ số"),
    ],
    "email": [
        ({"email": "lan", "consent": "y"}, "ten@example.vn"),
        ({"email": "lan@chợ", "consent": "y"}, "ten@example.vn"),
        ({"email": "a@b.vn, c@d.vn", "consent": "y"}, "ten@example.vn"),
        ({"email": f"{'x' * 250}@b.vn", "consent": "y"}, "254 ký tự"),
    ],
    "consent": [
        ({"phone": "0912345678"}, "đánh dấu đồng ý"),
        ({"email": "lan@example.vn"}, "đánh dấu đồng ý"),
        ({"name": "Lan"}, "đánh dấu đồng ý"),
        ({"name": "Lan", "consent": "0"}, "đánh dấu đồng ý"),
    ],
    "area": [
        ({"area": None}, "Xin chọn phường, xã"),
        ({"area": ""}, "Xin chọn phường, xã"),
        ({"area": "99999"}, "trong danh sách"),
        ({"area": "45"}, "trong danh sách"),
        ({"area": "'; DROP TABLE report"}, "trong danh sách"),
    ],
}

STRANGE = [
    '=HYPERLINK("http://xau.vn") hố sâu',
    "+84 lý do, đường ngập",
    "-1 điểm cho con đường",
    "@chinhquyen đường hỏng",
    "<script>alert('xss')</script><b>",
    "Robert'); DROP TABLE report;--",
    "Ngập quá rồi 😭🌊👨‍👩‍👧 cứu với",
    "{{ 7*7 }} {% raw %} %(name)s",
    "dòng một\n\ndòng hai",
]


def reports() -> list[Report]:
    return list(db.session.scalars(select(Report).order_by(Report.id)))


def test_the_empty_form_asks_without_presuming(lan: FlaskClient) -> None:
    form = lan.get("/phan-anh/moi").text
    names = set(re.findall(r'name="(\w+)"', form)) - {"viewport", "description"} | {"description"}
    wanted = {"photos", "category", "description", "latitude", "longitude", "area", "place", "name", "phone"}
    assert wanted | {"email", "consent", "client_key"} <= names
    assert "checked" not in form
    order = [form.index(f'name="{name}"') for name in ("photos", "category", "area", "phone", "consent")]
    assert order == sorted(order)


def test_each_form_has_a_key_of_its_own(lan: FlaskClient) -> None:
    keys = {re.search(r'name="client_key"[^>]*value="(\w+)"', lan.get("/phan-anh/moi").text)[1] for _ in "12"}
    assert len(keys) == 2


def test_a_category_can_be_chosen_on_the_way_in(lan: FlaskClient) -> None:
    form = lan.get("/phan-anh/moi?category=ho_ga").text
    assert re.findall(r'value="(\w+)" checked', form) == ["ho_ga"]
    assert "checked" not in lan.get("/phan-anh/moi?category=<b>").text


def test_a_ward_and_words_are_enough(lan: FlaskClient) -> None:
    answer = send(lan)
    (report,) = reports()
    assert answer.status_code == 303
    assert answer.location == f"/phan-anh/{report.code}"
    assert (report.category_code, report.area_code, report.located) == ("den_duong", "19333", "area")
    assert (report.description, report.place) == (FILLED["description"], FILLED["place"])
    assert report.lead_unit.code == "UBND_19333"
    assert report.latitude is None


@pytest.mark.parametrize("field", WRONG)
def test_what_is_wrong_comes_back_at_its_field(lan: FlaskClient, field: str) -> None:
    for changes, sentence in WRONG[field]:
        answer = send(lan, **changes)
        assert answer.status_code == 422, changes
        assert sentence in error_at(answer, field), changes
        assert sentence in page(answer).partition("error-summary")[2].partition("</ul>")[0]
        for kept in {"description", "place"} - changes.keys():
            assert FILLED[kept] in page(answer)
    assert not reports()


def test_every_mistake_is_told_at_once(lan: FlaskClient) -> None:
    answer = send(lan, category="", description="", area="", phone="12")
    assert all(error_at(answer, field) for field in ("category", "description", "area", "phone", "consent"))


def test_strange_text_is_only_text(lan: FlaskClient) -> None:
    for text in STRANGE:
        answer = send(lan, description=text, place=text.replace("\n", " "))
        assert answer.status_code == 303, text
        shown = lan.get(answer.location)
        assert text in page(shown)
        assert "<script>alert" not in shown.text
    assert [report.description for report in reports()] == STRANGE


def test_text_is_kept_composed_and_without_control_signs(lan: FlaskClient) -> None:
    typed = unicodedata.normalize("NFD", "Đường Lê Lợi ngập sâu") + "\u0000\u0008\u202e lắm"
    assert send(lan, description=typed, place="Cạnh\u0000 chợ\r\nĐông Hà").status_code == 303
    (report,) = reports()
    assert report.description == "Đường Lê Lợi ngập sâu lắm"
    assert report.place == "Cạnh chợ Đông Hà"


def test_a_field_sent_as_a_file_counts_as_empty(lan: FlaskClient) -> None:
    data = {**FILLED, "description": (BytesIO(b"tep"), "mo-ta.txt")}
    answer = lan.post("/phan-anh/moi", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Xin mô tả sự việc" in error_at(answer, "description")


def test_a_contact_is_kept_only_with_consent(lan: FlaskClient) -> None:
    send(lan, phone="84 912-345-678", email="lan@example.vn", name="Trần Thị  Lan", consent="y")
    contact = db.session.scalars(select(Contact)).one()
    told = identity.opened(contact.report_id, vault=current_app.extensions["vault"])
    assert told == Identity("Trần Thị Lan", "+84912345678", "lan@example.vn", "84 912-345-678")
    assert db.session.scalar(select(func.count(Message.id))) == 2
    send(lan, client_key="another", consent="y")
    assert db.session.scalar(select(func.count(Contact.report_id))) == 1


def close(code: str, successor: str | None = None) -> None:
    with transaction():
        territory.revise()
        category = db.session.get_one(Category, code)
        category.active, category.successor_code = False, successor


def test_a_category_that_was_closed_is_refused(lan: FlaskClient) -> None:
    close("den_duong")
    assert "den_duong" not in lan.get("/phan-anh/moi").text
    assert "trong danh sách" in error_at(send(lan), "category")


def test_a_form_opened_before_its_category_was_closed_loses_nothing(lan: FlaskClient) -> None:
    close("den_duong", "dien_luc")
    assert 'value="dien_luc" checked' in lan.get("/phan-anh/moi?category=den_duong").text
    assert 'value="dien_luc" checked' in send(lan, description="").text
    answers = [send(lan) for _ in range(2)]
    assert {answer.location for answer in answers} == {f"/phan-anh/{reports()[0].code}"} and len(
        reports()
    ) == 1
    assert "nay thuộc “Sự cố điện" in page(lan.get(answers[0].location))
    assert reports()[0].category_code == "dien_luc"


def test_a_form_opened_yesterday_is_taken(app_with_csrf: Flask, now: Traveller) -> None:
    client = app_with_csrf.test_client()
    opened = token(client.get("/phan-anh/moi").text)
    now.shift(25 * 3600)
    assert send(client, csrf_token=opened).status_code == 303


def test_an_expired_form_comes_back_whole_and_can_be_sent_again(app_with_csrf: Flask) -> None:
    client = app_with_csrf.test_client()
    stale = token(client.get("/phan-anh/moi").text)
    client.delete_cookie("portal")
    answer = send(client, (picture(), "den.jpg"), csrf_token=stale, phone="0912345678", consent="y")
    assert answer.status_code == 400
    assert "Biểu mẫu đã hết hạn" in page(answer).partition("error-summary")[2].partition("</ul>")[0]
    assert FILLED["description"] in page(answer) and "0912345678" in answer.text
    kept = re.findall(r'name="kept" value="([\w-]+)"', answer.text)
    assert len(kept) == 1
    assert not reports()
    again = send(client, csrf_token=token(answer.text), kept=kept[0])
    assert again.status_code == 303
    assert len(reports()[0].photos) == 1


def test_a_form_without_a_valid_token_is_never_taken(app_with_csrf: Flask) -> None:
    client = app_with_csrf.test_client()
    for sent in (None, "", "khong-phai", "a.b.c"):
        answer = send(client, csrf_token=sent)
        assert answer.status_code == 400
        assert FILLED["description"] in page(answer)
    assert not reports()


def token(form: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert found
    return found[1]


def test_another_method_is_refused_in_words(lan: FlaskClient) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        answer = lan.open("/phan-anh/moi", method=method)
        assert answer.status_code == 405
        assert {"GET", "POST"} <= answer.allow and "không nhận cách gửi" in page(answer)


def test_the_form_speaks_english(lan: FlaskClient) -> None:
    lan.set_cookie("language", "en")
    assert "Street lighting" in lan.get("/phan-anh/moi").text
    send(lan)
    assert reports()[0].language == "en"
