"""The calendar and the service levels through the administrator's door."""

from datetime import date, datetime
from threading import Event as Flag

from flask import Flask
from flask.testing import FlaskClient

from portal import worker
from portal.core.deadlines import VIETNAM
from portal.models import Holiday, Recount, ServiceLevel, db
from portal.services.clocks import calendar
from tests.factories import send_report
from tests.web.admin_form import error_at, typed

CALENDAR, LEVELS = "/quan-tri/lich-lam-viec", "/quan-tri/thoi-han"
STORM = {
    "day": "17/11/2026",
    "name": "Nghỉ tránh bão",
    "effect": "off",
    "status": "official",
    "legal_basis": "Công điện 12/CĐ-UBND",
}
LAMPS = {
    "priority": "",
    "category_code": "den_duong",
    "unit_code": "",
    "receive_hours": "2",
    "assign_hours": "2",
    "resolve_hours": "8",
    "legal_basis": "QĐ 1/2026",
}


def test_a_year_is_shown_with_its_days_and_sources(app: Flask, ha: FlaskClient) -> None:
    page = ha.get(CALENDAR).text
    for words in (
        "Lịch làm việc 2026",
        "249 ngày làm việc",
        "02/01/2026",
        "Ngày làm bù",
        "VB 12729/VPCP-KGVX",
    ):
        assert words in page
    assert "1 ngày còn dự kiến" in page
    assert "Chưa có ngày nghỉ nào trong năm 2035" in ha.get(f"{CALENDAR}?nam=2035").text
    for odd in ("?nam=x", "?nam=0000", "?nam=99999"):
        assert ha.get(f"{CALENDAR}{odd}").status_code == 200


def test_the_days_off_of_a_coming_year_are_foreseen_once_and_stay_projected(
    app: Flask, ha: FlaskClient
) -> None:
    in_2030 = datetime(2030, 6, 1, 9, tzinfo=VIETNAM)
    before = {day.day for day in db.session.query(Holiday)}
    for _ in range(2):
        calendar.foresee(now=in_2030)
    fresh = {day.day: day for day in db.session.query(Holiday) if day.day not in before}
    assert {day.year for day in fresh} == {2031} and db.session.query(Recount).count() == 1
    assert {date(2031, 1, 1), date(2031, 1, 23), date(2031, 4, 1), date(2031, 4, 30)} <= fresh.keys()
    assert {(day.effect, day.status) for day in fresh.values()} == {("off", "projected")}
    page = ha.get(f"{CALENDAR}?nam=2031").text
    assert "Tết Nguyên Đán" in page and "ngày còn dự kiến" in page
    assert "Thêm ngày nghỉ dự kiến của năm 2031" in page


def test_a_day_is_added_changed_and_removed_and_clocks_follow(app: Flask, ha: FlaskClient) -> None:
    report = send_report()
    answer = ha.post(f"{CALENDAR}/them-moi", data=STORM)
    assert (answer.status_code, answer.location) == (303, f"{CALENDAR}?nam=2026")
    assert "Chưa tính lại" in ha.get(CALENDAR).text
    worker.recount(Flag())
    page = ha.get(CALENDAR).text
    assert "2 hạn đã đổi" in page and "Đổi lịch ngày 17/11/2026" in page and "Trần Thị Thu Hà" in page
    moves = ha.get(f"{CALENDAR}/tinh-lai/1").text
    assert report.code in moves and "17/11/2026 08:00" in moves and "18/11/2026 08:00" in moves
    of = f"{CALENDAR}/2026-11-17"
    form = typed(ha.get(of).text)
    assert ha.post(of, data=form | {"name": "Nghỉ bão số 13"}).status_code == 303
    stale = ha.post(of, data=form | {"name": "Khác"})
    assert stale.status_code == 409 and "Nghỉ bão số 13" in stale.text
    assert ha.post(f"{of}/bo", data={"seen": form["seen"]}).status_code == 409
    assert ha.post(f"{of}/bo", data={"seen": typed(ha.get(of).text)["seen"]}).status_code == 303
    assert ha.get(of).status_code == 404
    worker.recount(Flag())
    db.session.expire_all()
    assert report.receive_due_at.hour == 1 and report.receive_due_at.day == 17


def test_what_a_day_may_not_say_is_told_at_its_field(app: Flask, ha: FlaskClient) -> None:
    new = f"{CALENDAR}/them-moi"
    for wrong, field, said in (
        ({"day": "32/11/2026"}, "day", "Ngày không đúng"),
        ({"day": ""}, "day", "Xin ghi ngày"),
        ({"day": "01/01/2026"}, "day", "đã có trong lịch: Tết Dương lịch"),
        ({"effect": "work"}, "effect", "là ngày làm việc trong tuần"),
        ({"legal_basis": " "}, "legal_basis", "Xin ghi căn cứ"),
        ({"status": "maybe"}, "status", "Xin chọn"),
    ):
        answer = ha.post(new, data=STORM | wrong)
        assert answer.status_code == 422, wrong
        assert said in error_at(answer.text, field), (wrong, error_at(answer.text, field))
    assert db.session.get(Holiday, date(2026, 11, 17)) is None
    for address in ("2026-11-17", "2026-13-01", "mai"):
        assert ha.get(f"{CALENDAR}/{address}").status_code == 404
    assert ha.get(f"{CALENDAR}/tinh-lai/9").status_code == 404


def test_a_service_level_is_added_changed_and_removed(app: Flask, ha: FlaskClient) -> None:
    assert "Mọi lĩnh vực" in ha.get(LEVELS).text
    assert ha.post(f"{LEVELS}/them-moi", data=LAMPS).status_code == 303
    level = db.session.query(ServiceLevel).filter_by(category_code="den_duong").one()
    assert (level.receive_minutes, level.resolve_minutes, level.priority) == (120, 480, None)
    page = ha.get(LEVELS).text
    assert "Đèn đường" in page and "2 giờ làm việc" in page
    of = f"{LEVELS}/{level.id}"
    form = typed(ha.get(of).text)
    assert ha.post(of, data=form).status_code == 303
    assert ha.post(of, data=form | {"resolve_hours": "16"}).status_code == 303
    assert ha.post(of, data=form | {"resolve_hours": "24"}).status_code == 409
    for wrong, field, said in (
        ({"resolve_hours": "1"}, "resolve_hours", "không được ngắn hơn"),
        ({"category_code": ""}, "category_code", "Xin chọn ít nhất"),
        ({"category_code": "dien_luc", "priority": "urgent"}, "category_code", "Đã có thời hạn"),
        ({"legal_basis": ""}, "legal_basis", "Xin ghi căn cứ"),
    ):
        answer = ha.post(of, data=typed(ha.get(of).text) | wrong)
        assert (answer.status_code, said in error_at(answer.text, field)) == (422, True), wrong
    seen = typed(ha.get(of).text)["seen"]
    assert ha.post(f"{of}/bo", data={"seen": "old"}).status_code == 409
    assert ha.post(f"{of}/bo", data={"seen": seen}).status_code == 303
    assert ha.get(of).status_code == 404
    assert ha.post(f"{of}/bo", data={"seen": seen}).status_code == 303
