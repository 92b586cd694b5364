"""An officer writes down what somebody reports by telephone, at the counter, by Zalo or on paper."""

import re
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.privacy.purposes import Purpose
from portal.models import Contact, Event, Message, Report, db
from portal.services import routing
from portal.services.privacy import consents, identity
from tests.web.resident_form import error_at, page, picture

ADDRESS = "/can-bo/nhap-phan-anh"
PASTED = "Chị ơi đèn đường trước chợ tắt ba đêm nay rồi, có gì gọi em 0912.345.678 nhé"
FILLED = {
    "channel": "zalo",
    "description": "Rác chất đống trước chợ ba ngày nay rồi",
    "category": "rac_thai",
    "area": "19333",
    "point": "",
    "place": "Trước chợ",
    "name": "Lê Thị Lan",
    "phone": "0912 345 678",
    "email": "",
    "consent": "oral",
    "language": "vi",
    "client_key": "quay-tiep-nhan-1",
}


def enter(client: FlaskClient, **changes: object):
    data = {name: value for name, value in {**FILLED, **changes}.items() if value is not None}
    return client.post(ADDRESS, data=data, content_type="multipart/form-data")


def test_a_report_entered_at_the_counter_is_a_report_as_any_other(
    app: Flask, minh: FlaskClient, tuan: FlaskClient, lan: FlaskClient
) -> None:
    assert 'name="client_key"' in minh.get(ADDRESS).text
    locations = {enter(minh, photos=(BytesIO(picture()), "den.jpg")).location for _tap in range(2)}
    report = db.session.scalars(select(Report)).one()
    assert locations == {f"{ADDRESS}/{report.code}"}, "sent twice, kept once"
    assert (report.channel, report.lead_unit.code, len(report.photos)) == ("zalo", "UBND_19333", 1)
    told = identity.opened(report.id, vault=app.extensions["vault"])
    assert told and (told.name, told.phone) == ("Lê Thị Lan", "+84912345678")
    assert consents.in_force(report.id)[Purpose.FOLLOW].how == "oral"
    event = db.session.scalars(select(Event)).one()
    assert event.account and (event.actor, event.account.username) == ("officer", "minh")
    assert db.session.scalars(select(Message.channel)).all() == ["sms"]
    history = page(minh.get(f"/can-bo/phan-anh/{report.code}"))
    assert "Kênh: Zalo" in history and "Nguyễn Văn Minh, UBND phường Đông Hà" in history
    assert "Nguyễn Văn Minh" not in page(lan.get(f"/phan-anh/{report.code}"))
    assert report.code in minh.get("/can-bo/?channel=zalo").text
    receipt = page(minh.get(f"{ADDRESS}/{report.code}"))
    assert (
        report.code in receipt and "UBND phường Đông Hà" in receipt and "912" not in receipt.split("main")[1]
    )
    assert tuan.get(f"{ADDRESS}/{report.code}").status_code == 404
    assert lan.get(ADDRESS).status_code == 302 and enter(lan).status_code == 403


def test_a_report_for_another_unit_leaves_its_receipt_and_nothing_else(
    minh: FlaskClient, tuan: FlaskClient, ha: FlaskClient
) -> None:
    done = enter(minh, area="19351", channel="paper", consent="none", name="", phone="")
    report = db.session.scalars(select(Report)).one()
    assert done.status_code == 303 and report.lead_unit.code == "UBND_19351"
    assert db.session.get(Contact, report.id) is None
    receipt = page(minh.get(done.location))
    assert "UBND phường Nam Đông Hà" in receipt and f"/can-bo/phan-anh/{report.code}" not in receipt
    assert "Rác chất đống" not in receipt
    assert minh.get(f"/can-bo/phan-anh/{report.code}").status_code == 404
    assert "Giấy tờ" in page(tuan.get(f"/can-bo/phan-anh/{report.code}"))
    assert enter(ha).status_code == 403


def test_a_number_in_the_pasted_text_is_asked_about_and_never_taken_silently(minh: FlaskClient) -> None:
    pasted = enter(minh, description=PASTED, phone="", name="", consent="none")
    assert pasted.status_code == 422 and "0912.345.678" in error_at(pasted, "description")
    assert 'id="phone" inputmode="tel" name="phone" type="tel" value=""' in pasted.text
    taken = enter(minh, description=PASTED, phone="", take_phone="1")
    assert taken.status_code == 200 and 'value="0912.345.678"' in taken.text
    assert "0912.345.678" not in re.findall(r"<textarea.*?</textarea>", taken.text, re.DOTALL)[0]
    kept = enter(minh, description=PASTED, phone="", name="", consent="none", seen_phone="0912.345.678")
    assert kept.status_code == 303, "a number that belongs there, such as a shop's, may stay"
    assert db.session.query(Report).count() == 1 and db.session.query(Contact).count() == 0


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(minh: FlaskClient) -> None:
    for changes, field, sentence in (
        ({"channel": None}, "channel", "Xin chọn kênh"),
        ({"channel": "web"}, "channel", "Xin chọn kênh"),
        ({"description": "ngắn"}, "description", "ít nhất 10 ký tự"),
        ({"category": "lạ"}, "category", "trong danh sách"),
        ({"area": ""}, "area", "Xin chọn phường, xã"),
        ({"area": "", "point": "16.8166, 107.1003"}, "area", "Gần tọa độ này: Phường Đông Hà"),
        ({"area": "99999"}, "area", "trong danh sách"),
        ({"point": "ở chợ"}, "point", "không đọc được"),
        ({"point": "21.03, 105.85"}, "point", "ngoài"),
        ({"phone": "0233 123"}, "phone", "10 chữ số"),
        ({"consent": "none"}, "consent", "không lưu liên hệ"),
        ({"consent": None}, "consent", "đồng ý thế nào"),
        ({"language": "fr"}, "language", "ngôn ngữ"),
        ({"photos": (BytesIO(b"x"), "den.jpg")}, "photos", "không phải là ảnh"),
    ):
        wrong = enter(minh, **changes)
        assert wrong.status_code == 422 and sentence in error_at(wrong, field), (
            changes,
            error_at(wrong, field),
        )
        assert "Trước chợ" in page(wrong)
    assert db.session.query(Report).count() == 0


def test_a_category_with_questions_asks_them_before_it_is_routed(minh: FlaskClient) -> None:
    category, asked = "den_duong", list(routing.questions_of("den_duong").values())
    first = enter(minh, category=category)
    assert first.status_code == 422 and "hỏi thêm" in error_at(first, "category")
    names = [f"answer-{question.code}" for question in asked]
    assert all(f'name="{name}"' in first.text for name in names)
    chosen = next(iter(asked[0].choices))
    done = enter(minh, category=category, **dict.fromkeys(names, "") | {names[0]: chosen})
    assert done.status_code == 303
    assert db.session.scalars(select(Report)).one().answers == {asked[0].code: chosen}


def test_an_expired_form_loses_nothing(app_with_csrf: Flask, minh: FlaskClient) -> None:
    expired = enter(minh)
    assert expired.status_code == 400 and "Trước chợ" in page(expired) and "hết hạn" in page(expired)
