"""Conditions, helping units, dry runs, test cases and faults of rules, as an administrator meets them."""

import re
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from portal.core.permissions import Deed
from portal.models import RoutingCase, RoutingRule, db, transaction
from portal.services import records
from tests.conftest import MONDAY_8AM
from tests.factories import routed, send_report
from tests.web.admin_form import error_at, typed
from tests.web.test_admin_rules import NEW, RULES, TODAY, WARD_RULE, lamps, words

CASES = f"{RULES}/kiem-thu"
NEW_CASE = f"{CASES}/them-moi"
NATIONAL = WARD_RULE | {"area": "", "lead": "KQLDB2", "answer_road_class": "urban"}
NEW_LAMP = {
    "name": "Đèn trên phố",
    "category_code": "den_duong",
    "area": "2025-07-01/19333",
    "day": "16/11/2026",
    "clock": "9h05",
    "priority": "",
    "answer_road_class": "urban",
    "lead": "UBND_XA",
}


def boxes(page: str, name: str) -> list[str]:
    return re.findall(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)


def summary(page: str) -> str:
    found = re.search(r'id="error-summary".*?</div>', page, re.S)
    return unescape(found[0]) if found else ""


def made() -> RoutingRule:
    return db.session.query(RoutingRule).filter_by(legal_basis="Hợp đồng thử").one()


def state() -> list[str]:
    """Everything that a dry run must leave alone."""
    db.session.rollback()
    rules = db.session.query(RoutingRule).order_by(RoutingRule.id)
    return [records.version(rule) for rule in rules]


def test_the_questions_of_the_chosen_category_come_as_conditions(app: Flask, ha: FlaskClient) -> None:
    assert boxes(ha.get(NEW).text, "answer_road_class") == []
    shown = ha.post(NEW, data=WARD_RULE | {"do": "ask", "note": "nháp"})
    assert shown.status_code == 200 and typed(shown.text)["note"] == "nháp"
    assert boxes(shown.text, "answer_road_class") == ["national", "provincial", "urban", "village"]
    other = ha.post(NEW, data=WARD_RULE | {"do": "ask", "category_code": "vien_thong"})
    assert boxes(other.text, "answer_road_class") == [] and "viettel" in boxes(other.text, "answer_carrier")

    answers = MultiDict([*WARD_RULE.items(), ("hours", "outside"), ("priorities", "urgent")])
    for value in ("urban", "village"):
        answers.add("answer_road_class", value)
    for helper in ("CAT", "SXD"):
        answers.add("cooperating", helper)
    assert ha.post(NEW, data=answers).status_code == 303
    rule = made()
    assert (rule.conditions, rule.cooperating) == (
        "hours=outside;priority=urgent;road_class=urban,village",
        "CAT SXD",
    )
    page = ha.get(f"{RULES}/{rule.id}").text
    assert typed(page)["answer_road_class"] == ["urban", "village"] and "<details open>" in page
    listed = words(ha.get(f"{RULES}?category=den_duong").text)
    assert "Tuyến đường: Đường phố, đường đô thị hoặc Đường xã, đường thôn" in listed
    assert "gửi ngoài giờ làm việc" in listed and "mức độ ưu tiên: khẩn" in listed
    wrong = ha.post(NEW, data=WARD_RULE | {"answer_road_class": "moon"})
    assert wrong.status_code == 422
    assert error_at(wrong.text, "answer_road_class") == "Xin chọn một mục trong danh sách."


def test_a_dry_run_says_how_many_reports_would_move_and_writes_nothing(app: Flask, ha: FlaskClient) -> None:
    for _ in range(2):
        moved = send_report(answers={"road_class": "urban"})
    send_report(answers={"road_class": "village"})
    before = state()
    tried = ha.post(NEW, data=NATIONAL | {"do": "rehearse"})
    page = words(tried.text)
    assert tried.status_code == 200 and state() == before
    assert "Đã xem 3 phản ánh gần nhất. Chưa có gì được lưu." in page
    assert "2 phản ánh sẽ chuyển từ UBND phường Đông Hà sang Khu Quản lý đường bộ II" in page
    assert moved.code in page and typed(tried.text)["lead"] == "KQLDB2"
    assert moved.lead_unit.code == "UBND_19333"

    address = f"{RULES}/{lamps().id}"
    fields = typed(ha.get(address).text)
    for change, sentence in (
        ({"lead": "SXD"}, "3 phản ánh sẽ chuyển từ UBND phường Đông Hà sang Sở Xây dựng"),
        ({"cooperating": []}, "Không phản ánh nào đổi đơn vị chủ trì. 3 phản ánh chỉ đổi đơn vị phối hợp."),
    ):
        page = words(ha.post(address, data=fields | change | {"do": "rehearse"}).text)
        assert sentence in page and "Sai trường hợp kiểm thử “Đèn đường ở Đông Hà, 2025”" in page
    refused = ha.post(address, data=fields | {"lead": "", "do": "rehearse"})
    assert refused.status_code == 422 and "Kết quả chạy thử" not in refused.text
    assert state() == before


def test_a_rule_that_breaks_a_case_is_refused_with_the_cases_name(app: Flask, ha: FlaskClient) -> None:
    assert ha.post(NEW_CASE, data=NEW_LAMP).location == CASES
    before = state()
    refused = ha.post(NEW, data=NATIONAL)
    assert refused.status_code == 422 and state() == before
    assert "“Đèn trên phố” (UBND phường Đông Hà → Khu Quản lý đường bộ II)" in summary(refused.text)
    address = f"{RULES}/{lamps().id}"
    refused = ha.post(address, data=typed(ha.get(address).text) | {"lead": "SXD"})
    assert refused.status_code == 422 and "“Đèn đường ở Đông Hà, 2025”" in summary(refused.text)
    assert state() == before and routed("den_duong", "19333", TODAY).unit.code == "UBND_19333"


def test_cases_are_added_changed_and_removed_beside_the_rules(app: Flask, ha: FlaskClient) -> None:
    listed = words(ha.get(CASES).text)
    assert "Đèn trên quốc lộ qua Cam Lộ, 2025" in listed and "Tuyến đường: Quốc lộ" in listed
    assert "Sở Xây dựng + UBND xã Cam Lộ" in listed, "names, not codes"
    asked = ha.post(NEW_CASE, data=NEW_LAMP | {"do": "ask"})
    assert asked.status_code == 200 and typed(asked.text)["answer_road_class"] == "urban"
    for field, value in (
        ("name", ""),
        ("area", ""),
        ("day", "31/02/2026"),
        ("clock", "25:00"),
        ("lead", "x"),
    ):
        answer = ha.post(NEW_CASE, data=NEW_LAMP | {field: value})
        assert answer.status_code == 422 and error_at(answer.text, field), field
    assert ha.post(NEW_CASE, data=NEW_LAMP).status_code == 303
    assert "Đã thêm trường hợp kiểm thử." in ha.get(CASES).text
    again = ha.post(NEW_CASE, data=NEW_LAMP | {"clock": "10:00"})
    assert again.status_code == 422 and error_at(again.text, "name")

    address = f"{CASES}/{NEW_LAMP['name']}"
    fields = typed(ha.get(address).text)
    assert (fields["clock"], fields["answer_road_class"], fields["lead"]) == ("09:05", "urban", "UBND_XA")
    assert ha.post(address, data=fields | {"cooperating": "SXD"}).status_code == 303
    assert db.session.query(RoutingCase).filter_by(name=NEW_LAMP["name"]).one().cooperating == "SXD"
    assert ha.post(address, data=fields | {"clock": "11:00"}).status_code == 409, "an older page"
    removal = f"{CASES}/xoa/{NEW_LAMP['name']}"
    assert ha.post(removal, data={"seen": fields["seen"]}).status_code == 409
    seen = typed(ha.get(address).text)["seen"]
    assert ha.post(removal, data={"seen": seen}).status_code == 303
    assert (
        ha.get(address).status_code == 404
        and "Đèn trên phố" not in ha.get(CASES).text.split("<main")[-1][2000:]
    )


def test_a_rule_with_a_fault_is_shown_until_it_is_mended(app: Flask, ha: FlaskClient) -> None:
    page = ha.get(RULES).text
    assert "quy tắc có lỗi, đã bị bỏ qua" not in page
    assert "Không có quy tắc nào khớp" in ha.get(f"{RULES}?state=faulty").text
    with transaction():
        lamps().lead = "KHONG_CO"
        records.queue(None, Deed.KEEP_SETTINGS, now=MONDAY_8AM)
    report = send_report()
    assert report.lead_unit.code == "IOC" and report.decision["faults"]
    page = unescape(ha.get(RULES).text)
    assert "1 quy tắc có lỗi, đã bị bỏ qua khi điều phối" in page and f"{RULES}?state=faulty" in page
    listed = words(ha.get(f"{RULES}?state=faulty").text)
    assert "1 quy tắc" in listed and "không có đơn vị nào mang mã KHONG_CO" in listed
    address = f"{RULES}/{lamps().id}"
    shown = ha.get(address)
    assert "Quy tắc này có lỗi và đã bị bỏ qua" in shown.text and "1 phản ánh, gần nhất" in shown.text
    assert ha.post(address, data=typed(shown.text) | {"lead": "UBND_XA"}).status_code == 303
    assert "quy tắc có lỗi, đã bị bỏ qua" not in ha.get(RULES).text
