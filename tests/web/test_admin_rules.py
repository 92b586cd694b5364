"""Routing rules through the administrator's door, and the trial that says who would lead."""

import re
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from portal.models import RoutingRule, db
from tests.conftest import MONDAY_8AM
from tests.factories import routed
from tests.web.admin_form import error_at, typed

RULES = "/quan-tri/dieu-phoi"
NEW = f"{RULES}/them-moi"
TODAY = MONDAY_8AM.date()
BEFORE = 92  # rules of the pack

WARD_RULE = {
    "category_code": "den_duong",
    "area": "2025-07-01/19333",
    "lead": "MTDT_DH",
    "valid_from": "16/11/2026",
    "valid_until": "",
    "legal_basis": "Hợp đồng thử",
    "note": "",
}


def lamps() -> RoutingRule:
    return (
        db.session.query(RoutingRule)
        .filter_by(category_code="den_duong", conditions="", valid_until=None)
        .one()
    )


def made() -> RoutingRule:
    return db.session.query(RoutingRule).filter_by(legal_basis="Hợp đồng thử").one()


def leads(category: str, area: str) -> str:
    return routed(category, area, TODAY).unit.code


def change(client: FlaskClient, rule: RoutingRule, **changes: str) -> Any:
    address = f"{RULES}/{rule.id}"
    return client.post(address, data=typed(client.get(address).text) | changes)


def words(page: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def test_the_list_says_who_leads_where_since_when_and_by_what(app: Flask, ha: FlaskClient) -> None:
    page = words(ha.get(RULES).text)
    assert "40 quy tắc" in page
    assert (
        f"Đèn đường, chiếu sáng công cộng Quy tắc số {lamps().id} chưa xác minh Toàn tỉnh "
        "UBND phường, xã nơi xảy ra Phối hợp: Sở Xây dựng từ 01/07/2025 NĐ 79/2009/NĐ-CP; phân cấp của UBND tỉnh"
    ) in page
    ended = words(ha.get(f"{RULES}?state=ended&category=bien_bao").text)
    assert "3 quy tắc" in ended and "Tuyến đường: Đường phố, đường đô thị" in ended
    assert "Sở Giao thông vận tải" in ended and "đã kết thúc 30/06/2025" in ended
    islands = words(ha.get(f"{RULES}?state=all&category=khac").text)
    assert "Huyện đảo Cồn Cỏ" in islands and "UBND huyện đảo Cồn Cỏ" in islands
    assert ha.get(f"{RULES}?state=x&category=x").status_code == 200


def test_a_new_rule_is_added_once_and_leads(app: Flask, ha: FlaskClient) -> None:
    assert typed(ha.get(f"{NEW}?category=den_duong").text)["category_code"] == "den_duong"
    answers = [ha.post(NEW, data=WARD_RULE) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location == f"{RULES}/{made().id}"
    assert (leads("den_duong", "19333"), leads("den_duong", "19351")) == ("MTDT_DH", "UBND_19351")


def test_a_tie_is_refused_and_the_other_rule_named(app: Flask, ha: FlaskClient) -> None:
    refused = ha.post(NEW, data=WARD_RULE | {"area": ""})
    assert refused.status_code == 422
    assert f"Trùng với quy tắc số {lamps().id} (từ 01/07/2025)" in error_at(refused.text, "lead")
    assert typed(refused.text)["lead"] == "MTDT_DH"


def test_a_rule_is_edited_marked_as_verified_and_ended(app: Flask, ha: FlaskClient) -> None:
    rule = lamps()
    assert change(ha, rule, verified="y", note="Đã hỏi Sở").status_code == 303
    assert rule.verified and rule.note == "Đã hỏi Sở" and rule.edited_at == MONDAY_8AM
    assert leads("den_duong", "19333") == "UBND_19333"
    assert change(ha, rule, valid_until="15/11/2026").status_code == 303
    assert leads("den_duong", "19333") == "IOC"


def test_a_form_that_was_only_looked_at_changes_nothing(app: Flask, ha: FlaskClient) -> None:
    for rule in db.session.query(RoutingRule).order_by(RoutingRule.id).all()[::10]:
        assert change(ha, rule).status_code == 303, rule.id
    assert db.session.query(RoutingRule).filter(RoutingRule.edited_at.is_not(None)).count() == 0


def test_what_somebody_else_saved_meanwhile_is_shown(app: Flask, ha: FlaskClient) -> None:
    rule, address = lamps(), f"{RULES}/{lamps().id}"
    form = typed(ha.get(address).text)
    change(ha, rule, legal_basis="Văn bản mới", valid_until="31/12/2026")
    late = ha.post(address, data=form | {"note": "Ghi chú của tôi"})
    assert late.status_code == 409 and typed(late.text)["note"] == "Ghi chú của tôi"
    assert "Căn cứ pháp lý: Văn bản mới" in words(late.text)
    assert "Đến hết ngày: 31/12/2026" in words(late.text)
    assert rule.legal_basis == "Văn bản mới"


def test_wrong_fields_are_told_at_the_field(app: Flask, ha: FlaskClient) -> None:
    outside = "Xin chọn một mục trong danh sách."
    for field, value, sentence in (
        ("category_code", "khong_co", outside),
        ("area", "2025-07-01/00000", outside),
        ("area", "19333", outside),
        ("area", "/", outside),
        ("lead", "", "Xin chọn một mục."),
        ("lead", "UBND_461", outside),
        ("lead", "UBND_HUYEN", "Không còn cấp huyện"),
        ("valid_from", "", "Xin ghi ngày bắt đầu."),
        ("valid_from", "mai", "Ngày không đúng."),
        ("valid_from", "30/06/2025", "Địa bàn này chỉ có từ 01/07/2025."),
        ("valid_until", "15/11/2026", "Ngày kết thúc phải từ ngày bắt đầu trở đi."),
        ("legal_basis", "x" * 301, "Dài quá 300 ký tự."),
    ):
        answer = ha.post(NEW, data=WARD_RULE | {field: value})
        assert answer.status_code == 422, (field, value)
        assert sentence in error_at(answer.text, field), (field, error_at(answer.text, field))
    assert ha.post(NEW, data={}).status_code == 422
    assert db.session.query(RoutingRule).count() == BEFORE


def test_the_trial_says_who_would_lead_and_why(app: Flask, ha: FlaskClient) -> None:
    for area, day, lead, why in (
        ("2025-07-01/19333", "16/11/2026", "UBND phường Đông Hà", "quy tắc cho lĩnh vực này"),
        ("2025-07-01/19333", "", "UBND phường Đông Hà", "quy tắc cho lĩnh vực này"),
        ("2025-06-30/19351", "30/06/2025", "UBND thành phố Đông Hà", "NĐ 79/2009/NĐ-CP"),
    ):
        asked = {"try": "1", "category": "den_duong", "area": area, "day": day}
        answer = ha.get(RULES, query_string=asked)
        assert answer.status_code == 200, error_at(answer.text, "area")
        said = re.search(r'<div class="answer".*?</div>', answer.text, re.S)
        assert said and lead in said[0] and why in said[0]
    ha.post(NEW, data=WARD_RULE)
    asked = {"try": "1", "category": "den_duong", "area": "2025-07-01/19333", "day": "16/11/2026"}
    page = words(ha.get(RULES, query_string=asked).text)
    assert f"Vì sao: quy tắc riêng cho lĩnh vực này tại địa bàn này (quy tắc số {made().id})" in page


def test_the_trial_asks_again_where_the_day_has_another_map(app: Flask, ha: FlaskClient) -> None:
    asked = {"try": "1", "category": "den_duong", "area": "2025-07-01/19351", "day": "30/06/2025"}
    answer = ha.get(RULES, query_string=asked)
    assert answer.status_code == 422
    assert "Ngày 30/06/2025 có địa giới khác" in error_at(answer.text, "area")
    assert 'value="2025-06-30/19351"' in answer.text and 'value="2025-07-01/19351"' not in answer.text
    for wrong in (
        {"day": "31/02/2026"},
        {"day": "01/01/1990"},
        {"area": ""},
        {"area": "x"},
        {"category": "x"},
    ):
        answer = ha.get(RULES, query_string=asked | {"day": "16/11/2026"} | wrong)
        assert answer.status_code == 422 and '<div class="answer"' not in answer.text, wrong
        assert "Các quy tắc" in answer.text


def test_a_rule_that_does_not_exist_is_unknown(app: Flask, ha: FlaskClient) -> None:
    for number in ("0", "2147483647"):
        assert ha.get(f"{RULES}/{number}").status_code == ha.post(f"{RULES}/{number}").status_code == 404
    assert ha.post(RULES).status_code == 405
