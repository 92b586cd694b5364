"""Units and categories: what may be changed, what would leave reports without anyone, and who was first."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.deadlines import VIETNAM
from portal.core.errors import Conflict, NotAllowed, NotFound, Stale
from portal.core.workflow import Step
from portal.models import (
    AuditEntry,
    Category,
    Cooperation,
    Question,
    RoutingCase,
    RoutingRule,
    Seat,
    Unit,
    db,
    transaction,
)
from portal.services import directory, duties, records
from portal.services.directory import CategoryWords, NewUnit, UnitWords
from tests.conftest import MONDAY_8AM
from tests.factories import leading, routed, seat, send_report, step

TODAY = MONDAY_8AM.date()
LAST_DAY = date(2026, 12, 31)
NEW_YEAR = date(2027, 1, 1)

COMPANY = NewUnit(
    name="Công ty Cây xanh",
    name_en="Tree Company",
    phone="0233 3555 666",
    email="cay.xanh@example.vn",
    address="12 Lê Lợi",
    office_hours="mon-sat 06:00-18:00",
    needs_approval=True,
    note="",
    valid_until=None,
    successor_code=None,
    legal_basis="Quyết định thử",
    verified=True,
    code="CAY_XANH",
    kind="utility",
    area_code=None,
    parent_code="UBND_TINH",
    valid_from=date(2026, 1, 1),
)


@pytest.fixture
def admin(app: Flask) -> Seat:
    return seat("ha")


def unit(code: str, **more: Any) -> Unit:
    return db.session.query(Unit).filter_by(code=code, valid_until=None, **more).one()


def words(unit: Unit, **changes: Any) -> UnitWords:
    kept = {name: getattr(unit, name) for name in UnitWords.__dataclass_fields__}
    return UnitWords(**kept | changes)


def change(admin: Seat, unit: Unit, **changes: Any) -> Unit:
    seen = records.version(unit)
    return directory.change_unit(unit.id, words(unit, **changes), seen=seen, by=admin, now=datetime.now(UTC))


def refusal(admin: Seat, unit: Unit, **changes: Any) -> tuple[object, object]:
    with pytest.raises(Conflict) as refused:
        change(admin, unit, **changes)
    return refused.value.details["field"], refused.value.details["reason"]


def found(**asked: Any) -> list[str]:
    return [unit.code for unit in directory.units(1, TODAY, **asked).items]


def test_units_are_found_without_marks_by_name_and_code(app: Flask) -> None:
    assert "UBND_19351" in found(search="nam dong ha")
    assert "UBND_19351" in found(search="Nam Đông Hà")
    assert found(search="SXD") == ["SXD"]
    assert found(search="sxd", state="all") == ["SXD", "SXD"]
    assert found(search="không có đơn vị này") == []


def test_units_are_filtered_by_state_and_kind_and_come_in_pages(app: Flask) -> None:
    ended = directory.units(1, TODAY, state="ended")
    assert ended.total > 300 and all(unit.valid_until < TODAY for unit in ended.items)
    assert {unit.kind for unit in directory.units(1, TODAY, kind="utility").items} == {"utility"}
    last = directory.units(ended.pages, TODAY, state="ended")
    assert 1 <= len(last.items) <= records.PAGE_SIZE and last.has_prev and not last.has_next
    for page in (0, ended.pages + 1, 10**9):
        with pytest.raises(records.NoSuchPage):
            directory.units(page, TODAY, state="ended")


def test_a_change_is_kept_and_signed(app: Flask, admin: Seat) -> None:
    sxd = change(admin, unit("SXD"), phone="0233 3852 111", name="Sở Xây dựng Quảng Trị")
    db.session.expire_all()
    assert (sxd.phone, sxd.name_folded, sxd.edited_at) == (
        "0233 3852 111",
        "so xay dung quang tri",
        MONDAY_8AM,
    )
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.deed, entry.account_id, entry.subject_kind) == ("change", admin.account_id, "unit")
    assert entry.subject_id == str(sxd.id) and entry.details["phone"][1] == "0233 3852 111"


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(app: Flask, admin: Seat) -> None:
    sxd = unit("SXD")
    seen, wanted = records.version(sxd), words(sxd, note="của tôi")
    change(admin, sxd, note="của người kia")
    with pytest.raises(Stale):
        directory.change_unit(sxd.id, wanted, seen=seen, by=admin, now=MONDAY_8AM)
    db.session.expire_all()
    assert unit("SXD").note == "của người kia"


def test_the_same_form_sent_twice_is_no_conflict(app: Flask, admin: Seat) -> None:
    sxd = unit("SXD")
    seen, wanted = records.version(sxd), words(sxd, note="một lần")
    for _ in range(2):
        directory.change_unit(sxd.id, wanted, seen=seen, by=admin, now=MONDAY_8AM)
    assert unit("SXD").note == "một lần"


def test_a_unit_that_nothing_points_at_may_end(app: Flask, admin: Seat) -> None:
    assert change(admin, unit("MTDT_QB"), valid_until=LAST_DAY).valid_until == LAST_DAY


def test_a_unit_with_open_reports_ends_only_with_a_successor(app: Flask, admin: Seat) -> None:
    report = send_report()
    ward = unit("UBND_19333")
    assert refusal(admin, ward, valid_until=LAST_DAY) == ("successor_code", "still_needed")
    assert refusal(admin, ward, valid_until=LAST_DAY, successor_code="KHONG_CO") == (
        "successor_code",
        "not_there",
    )
    ended = change(admin, ward, valid_until=LAST_DAY, successor_code="UBND_19351")
    assert ended.successor_code == "UBND_19351" and report.lead_unit is ended


def test_a_unit_whose_reports_are_closed_may_end_unless_it_serves_a_ward(app: Flask, admin: Seat) -> None:
    step(send_report(), Step.REJECT, "Không thấy sự việc", reason="not_found")
    assert refusal(admin, unit("UBND_19333"), valid_until=LAST_DAY) == ("successor_code", "still_needed")
    directory.create_unit(COMPANY, by=admin, now=MONDAY_8AM)
    report = send_report()
    with transaction():
        report.lead_unit = unit("CAY_XANH")
    assert refusal(admin, unit("CAY_XANH"), valid_until=LAST_DAY) == ("successor_code", "still_needed")
    step(report, Step.REJECT, "Không thấy sự việc", by=leading(report), reason="not_found")
    assert change(admin, unit("CAY_XANH"), valid_until=LAST_DAY).valid_until == LAST_DAY


def test_a_unit_that_rules_name_ends_only_with_a_successor_who_then_leads(app: Flask, admin: Seat) -> None:
    sxd = unit("SXD")
    assert refusal(admin, sxd, valid_until=LAST_DAY) == ("successor_code", "still_needed")
    change(admin, sxd, valid_until=LAST_DAY, successor_code="SNNMT")
    assert routed("bien_bao", "19333", LAST_DAY).unit.code == "SXD"
    assert routed("bien_bao", "19333", NEW_YEAR).unit.code == "SNNMT"


def test_the_successor_of_a_ward_leads_in_its_area(app: Flask, admin: Seat) -> None:
    change(admin, unit("UBND_19333"), valid_until=LAST_DAY, successor_code="UBND_19351")
    assert routed("den_duong", "19333", LAST_DAY).unit.code == "UBND_19333"
    assert routed("den_duong", "19333", NEW_YEAR).unit.code == "UBND_19351"


def test_the_unit_for_reports_without_a_rule_does_not_end(app: Flask, admin: Seat) -> None:
    wanted = {"valid_until": LAST_DAY, "successor_code": "VP_UBND"}
    assert refusal(admin, unit("IOC"), **wanted) == ("valid_until", "fallback")


def test_a_unit_does_not_end_before_it_began_nor_have_a_successor_without_an_end(
    app: Flask, admin: Seat
) -> None:
    sxd = unit("SXD")
    assert refusal(admin, sxd, valid_until=date(2025, 6, 30)) == ("valid_until", "before_start")
    assert refusal(admin, sxd, successor_code="SNNMT") == ("valid_until", "successor_without_end")


def test_an_ended_unit_cannot_come_back_beside_its_own_next_life(app: Flask, admin: Seat) -> None:
    old = db.session.query(Unit).filter_by(code="SXD", valid_until=date(2025, 6, 30)).one()
    assert refusal(admin, old, valid_until=None, successor_code=None) == ("valid_until", "taken")


def test_the_words_of_an_ended_unit_may_still_be_corrected(app: Flask, admin: Seat) -> None:
    old = db.session.query(Unit).filter_by(code="UBND_461").one()
    assert change(admin, old, note="Sáp nhập vào hai phường").note == "Sáp nhập vào hai phường"


def test_a_new_unit_is_added_once(app: Flask, admin: Seat) -> None:
    first, again = (directory.create_unit(COMPANY, by=admin, now=MONDAY_8AM) for _ in range(2))
    assert first.id == again.id and first.edited_at == MONDAY_8AM
    assert first.code in {open_.code for open_ in directory.open_units(TODAY)}
    assert found(search="cong ty cay xanh") == ["CAY_XANH"]


def test_open_units_are_those_of_the_day(app: Flask) -> None:
    assert not any(unit.kind == "district" for unit in directory.open_units(TODAY))
    assert any(unit.kind == "district" for unit in directory.open_units(TODAY - timedelta(days=600)))


def test_a_new_unit_that_contradicts_another_is_refused_at_the_field(app: Flask, admin: Seat) -> None:
    contradictions: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"code": "SXD"}, ("code", "taken")),
        ({"code": "UBND_XA"}, ("code", "placeholder")),
        ({"code": "UBND_HUYEN"}, ("code", "placeholder")),
        ({"kind": "commune", "area_code": "19333"}, ("area_code", "area_taken")),
        ({"valid_until": date(2025, 12, 31)}, ("valid_until", "before_start")),
        ({"successor_code": "SXD"}, ("valid_until", "successor_without_end")),
    ]
    for changes, where in contradictions:
        with pytest.raises(Conflict) as refused:
            directory.create_unit(replace(COMPANY, **changes), by=admin, now=MONDAY_8AM)
        assert (refused.value.details["field"], refused.value.details["reason"]) == where
        assert found(search="cong ty cay xanh") == []


def test_a_unit_that_only_helps_or_stands_in_a_test_ends_only_with_a_successor(
    app: Flask, admin: Seat
) -> None:
    company = directory.create_unit(COMPANY, by=admin, now=MONDAY_8AM)
    report, needed = send_report(), ("successor_code", "still_needed")
    rule = (
        db.session.query(RoutingRule)
        .filter_by(category_code="den_duong", conditions="", valid_until=None)
        .one()
    )
    case = RoutingCase(
        name="thử",
        category_code="den_duong",
        area_vintage="2025-07-01",
        area_code="19333",
        at=datetime(2027, 1, 2, tzinfo=VIETNAM),
        lead="UBND_XA",
        cooperating="SXD CAY_XANH",
    )
    with transaction():
        db.session.add(case)
    assert refusal(admin, company, valid_until=LAST_DAY) == needed, "a test beside the rules"
    with transaction():
        db.session.delete(case)
        rule.cooperating = "SXD CAY_XANH"
    assert refusal(admin, company, valid_until=LAST_DAY) == needed, "a rule in which it helps"
    assert duties.of_unit(company, TODAY).rules == [rule]
    with transaction():
        rule.cooperating = "SXD CAY_XANH_2"
        report.cooperations = [Cooperation(unit_id=company.id, since=MONDAY_8AM)]
    assert refusal(admin, company, valid_until=LAST_DAY) == needed, "an open report with which it helps"
    step(report, Step.REJECT, "Không thấy sự việc", by=leading(report), reason="not_found")
    assert change(admin, company, valid_until=LAST_DAY).valid_until == LAST_DAY


def test_duties_are_what_points_at_the_unit(app: Flask, admin: Seat) -> None:
    send_report()
    ward, sxd = unit("UBND_19333"), unit("SXD")
    assert duties.of_unit(ward, TODAY).open_reports == 1
    assert [person.username for person in duties.of_unit(ward, TODAY).people] == ["minh"]
    assert {rule.category_code for rule in duties.of_unit(sxd, TODAY).rules} >= {"bien_bao", "den_tin_hieu"}


def test_only_an_active_administrator_writes(app: Flask, admin: Seat) -> None:
    with pytest.raises(NotAllowed):
        change(seat("minh"), unit("SXD"), note="x")
    db.session.expire_all()
    assert unit("SXD").note != "x"


def category_words(category: Category, **changes: Any) -> CategoryWords:
    kept = {name: getattr(category, name) for name in CategoryWords.__dataclass_fields__}
    return CategoryWords(**kept | changes)


def change_category(admin: Seat, code: str, **changes: Any) -> Category:
    kept = directory.category(code)
    return directory.change_category(
        code, category_words(kept, **changes), seen=records.version(kept), by=admin, now=MONDAY_8AM
    )


def test_categories_come_in_the_order_of_the_form(app: Flask, admin: Seat) -> None:
    assert [category.position for category in directory.categories()] == list(range(1, 24))
    change_category(admin, "khac", position=0)
    assert directory.active_categories()[0].code == "khac"


def refused_category(admin: Seat, code: str, **changes: Any) -> tuple[Any, Any]:
    with pytest.raises(Conflict) as refused:
        change_category(admin, code, **changes)
    return refused.value.details["field"], refused.value.details["reason"]


def test_a_closed_category_keeps_its_reports_and_gives_new_ones_to_its_successor(
    app: Flask, admin: Seat
) -> None:
    report = send_report()
    change_category(admin, "den_duong", active=False, successor_code="dien_luc")
    assert "den_duong" not in {category.code for category in directory.active_categories()}
    assert report.category.name == "Đèn đường, chiếu sáng công cộng"
    late = send_report(client_key="mo-truoc-khi-ngung")
    assert (late.category_code, late.lead_unit.code) == ("dien_luc", taken_by("dien_luc")), (
        "its own rules count no more"
    )
    assert send_report(client_key="mo-truoc-khi-ngung").id == late.id, "the same form is the same report"
    change_category(admin, "dien_luc", active=False, successor_code="khac")
    assert send_report().category_code == "khac", "a chain"
    assert refused_category(admin, "khac", active=False, successor_code="den_duong") == (
        "successor_code",
        "no_category_left",
    )
    change_category(admin, "den_duong", active=True, successor_code=None)
    assert send_report().category_code == "den_duong"


def taken_by(category: str) -> str:
    return routed(category, "19333", TODAY).unit.code


def test_a_category_closes_without_a_successor_only_where_nothing_points_at_it(
    app: Flask, admin: Seat
) -> None:
    needed = ("successor_code", "category_needed")
    new = category_words(directory.category("khac"), name="Bến đò", name_en="Ferries", position=22)
    directory.create_category("ben_do", new, by=admin, now=MONDAY_8AM)
    report = send_report(category="ben_do")
    assert refused_category(admin, "ben_do", active=False) == needed, "an open report"
    step(report, Step.REJECT, "Không thấy sự việc", by=leading(report), reason="not_found")
    with transaction():
        db.session.add(Question(category_code="ben_do", code="song", label="Sông?", label_en="", position=1))
    assert refused_category(admin, "ben_do", active=False) == needed, "a question"
    with transaction():
        db.session.delete(db.session.get_one(Question, ("ben_do", "song")))
    change_category(admin, "den_duong", active=False, successor_code="ben_do")
    assert refused_category(admin, "ben_do", active=False) == needed, "a closed category that it follows"
    change_category(admin, "den_duong", active=True, successor_code=None)
    assert refused_category(admin, "den_duong", active=False) == needed, "a rule"
    assert not change_category(admin, "ben_do", active=False).active
    with pytest.raises(NotFound):
        send_report(category="ben_do")


def test_only_a_category_that_takes_reports_or_leads_to_one_is_a_successor(app: Flask, admin: Seat) -> None:
    wrong = (
        ({"active": True, "successor_code": "khac"}, "category_in_use"),
        ({"active": False, "successor_code": "den_duong"}, "no_category_left"),
        ({"active": False, "successor_code": "khong_co"}, "no_category_left"),
    )
    for changes, reason in wrong:
        assert refused_category(admin, "den_duong", **changes) == ("successor_code", reason)


def test_a_new_clock_is_for_reports_from_now_on(app: Flask, admin: Seat) -> None:
    before = send_report()
    promised = before.resolve_due_at
    change_category(admin, "den_duong", receive_minutes=60, resolve_minutes=120)
    after = send_report()
    db.session.refresh(before)
    assert before.resolve_due_at == promised
    assert (after.resolve_due_at - after.submitted_at).total_seconds() == 120 * 60


def test_the_last_category_stays(app: Flask, admin: Seat) -> None:
    codes = [category.code for category in directory.active_categories()]
    for code in codes[1:]:
        change_category(admin, code, active=False, successor_code=codes[0])
    with pytest.raises(Conflict) as refused:
        change_category(admin, codes[0], active=False)
    assert refused.value.details == {"field": "active", "reason": "last"}
    assert [category.code for category in directory.active_categories()] == codes[:1]


def test_a_new_category_is_added_once_and_its_code_only_once(app: Flask, admin: Seat) -> None:
    new = category_words(directory.category("khac"), name="Bến đò", name_en="Ferries", position=24)
    for _ in range(2):
        directory.create_category("ben_do", new, by=admin, now=MONDAY_8AM)
    assert [category.code for category in directory.active_categories()][-1] == "ben_do"
    with pytest.raises(Conflict) as refused:
        directory.create_category("ben_do", replace(new, name="Khác"), by=admin, now=MONDAY_8AM)
    assert refused.value.details["field"] == "code"


def test_what_does_not_exist_is_not_found(app: Flask) -> None:
    for look in (lambda: directory.unit(2147483647), lambda: directory.category("khong\x00co")):
        with pytest.raises(NotFound):
            look()


def test_a_word_is_looked_for_at_its_beginning_and_marks_that_were_typed_come_first(app: Flask) -> None:
    assert found(search="ha dong") == found(search="dong ha")
    assert "UBND_450" not in found(search="dong ha", state="all"), "ha inside thành"
    as_typed = ["Đồng" in unit.name for unit in directory.units(1, TODAY, search="Đồng").items]
    assert as_typed == sorted(as_typed, reverse=True) and {True, False} <= set(as_typed)
    assert found(search="19333") == ["UBND_19333"]
    assert found(search="%") != [], "nothing to look for shows all"
