"""The first of July 2025: what lay with the city goes to the new wards, and nobody's report is lost on the way."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal import worker
from portal.core.deadlines import VIETNAM
from portal.core.workflow import Step
from portal.models import (
    Cooperation,
    Message,
    Reform,
    Report,
    RoutingRule,
    Unit,
    db,
    end_reading,
    transaction,
)
from portal.services import reform as reforms
from tests import before_july
from tests.before_july import JULY_FIRST, REFORM_FILE
from tests.factories import seat, send_report, step
from tests.services.test_notifications import Gateway
from tests.web.test_admin_times import rows

Clock = time_machine.Traveller


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, month, day, hour, minute, tzinfo=VIETNAM)


def prepare(now: datetime) -> Reform:
    return reforms.prepare(
        REFORM_FILE.name, REFORM_FILE.read_bytes(), JULY_FIRST, "Sắp xếp 2025", by=None, now=now
    )


def promises(report: Report) -> tuple[Any, ...]:
    return report.status, report.received_at, report.receive_due_at, report.resolve_due_at, report.next_due_at


def counted(ha: FlaskClient, geography: str) -> dict[str, int]:
    """How many reports of June the statistics count in each area of that map."""
    asked = f"from=01/06/2025&to=30/06/2025&by=area&geo={geography}"
    table = rows(ha.get(f"/quan-tri/thoi-gian?{asked}").text)
    assert table.pop("Tất cả").startswith("5 |")
    return {name: int(figures.split(" | ")[0]) for name, figures in table.items()}


def test_a_report_to_the_city_goes_to_the_ward_of_its_place(
    app: Flask, lan: FlaskClient, enter: Callable[[str], FlaskClient], now: Clock, tmp_path: Path
) -> None:
    now.move_to(at(6, 20, 9), tick=False)
    before_july.load(tmp_path, at(6, 20, 9))
    chief = before_july.officer("cuong", "UBND_461")
    transport = before_july.officer("thao", "SGTVT")
    lamp = send_report(area="19348", email="lan@example.vn")
    waste = send_report(area="19351", category="rac_thai")
    sign = send_report(area="19333", category="bien_bao", phone="+84987654321")
    power = send_report(area="19333", category="dien_luc", phone="+84987654321")
    closed = send_report(area="19333", phone="", consent=False)
    step(sign, Step.RECEIVE, by="thao")
    step(closed, Step.RECEIVE, by="cuong")
    step(closed, Step.RESOLVE, "Đã thay bóng", by="cuong")
    with transaction():
        db.session.add(Cooperation(report_id=power.id, unit_id=seat("cuong").unit_id, since=at(6, 20, 9)))
    assert {each.lead_unit.code for each in (lamp, waste, closed)} == {"UBND_461"}
    kept = {each.code: promises(each) for each in (lamp, waste, sign, power)}
    sign_rule = db.session.query(RoutingRule).filter_by(category_code="bien_bao", lead="SGTVT").one()

    prepared = prepare(at(6, 25, 9))
    assert prepare(at(6, 26, 9)).id == prepared.id, "prepared twice is prepared once"
    plan = reforms.plan(prepared, now=at(6, 25, 9)).said
    assert plan["moved"] == 3 and plan["officers"] == 1 and plan["officers_unclear"] == [chief.id]
    gateway = Gateway()
    now.move_to(at(6, 30, 23, 59), tick=False)
    worker.carry_out_reforms()
    worker.deliver({"sms": gateway, "mail": gateway})
    gateway.sent.clear()
    assert db.session.get_one(Reform, prepared.id).state == "prepared"

    now.move_to(at(7, 1, 0, 1), tick=False)
    worker.carry_out_reforms()
    end_reading()
    done = db.session.get_one(Reform, prepared.id)
    assert done.state == "done", done.counts
    assert {key: done.counts[key] for key in plan} == plan, "what was planned is what was done"
    assert lamp.lead_unit.name == "UBND phường Nam Đông Hà" and lamp.lead_unit.valid_from == JULY_FIRST
    assert waste.lead_unit.name == "UBND phường Nam Đông Hà"
    assert sign.lead_unit.name == "Sở Xây dựng" and sign.assignee_id == transport.id, "the officer went along"
    assert (lamp.area_vintage, lamp.area_code) == ("2025-07-01", "19351")
    assert power.lead_unit.code == "PC_QT" and (power.area_vintage, power.area_code) == (
        "2025-07-01",
        "19333",
    )
    helpers = {(helper.unit.name, helper.unit.valid_from) for helper in power.cooperations}
    assert helpers == {("UBND phường Đông Hà", JULY_FIRST), ("Sở Công Thương", JULY_FIRST)}
    assert len(power.cooperations) == 2, "city and former ward are the same ward now"
    assert closed.lead_unit.code == "UBND_461" and closed.area_vintage == "2025-06-30", "history stays"
    assert {each.code: promises(each) for each in (lamp, waste, sign, power)} == kept
    assert done.counts["before"] == done.counts["after"]
    assert [event.step for event in power.events if event.public] == ["submit"], "nothing changed for people"

    assert sign_rule.valid_until == date(2025, 6, 30)
    after = db.session.query(RoutingRule).filter_by(category_code="bien_bao", valid_from=JULY_FIRST).all()
    assert {(rule.conditions, rule.lead) for rule in after} == {("", "SXD"), ("road_class=urban", "UBND_XA")}
    assert all(rule.cooperating == "CAT" and not rule.verified for rule in after)
    now.move_to(at(7, 1, 8), tick=False)
    assert send_report(area="19351", category="bien_bao").lead_unit.name == "Sở Xây dựng"

    worker.deliver({"sms": gateway, "mail": gateway})
    told = [(address, text) for address, text in gateway.sent if "sắp xếp đơn vị" in text]
    assert [address for address, _ in told] == ["+84912345678", "+84987654321", "lan@example.vn"]
    assert lamp.code in told[0][1] and waste.code in told[0][1], "one message for both"
    assert "Sở Xây dựng" in told[1][1] and "theo-doi" in told[1][1]
    assert lamp.reporter_key in told[2][1] and "NQ 1680" in told[2][1]
    ha = enter("ha")
    assert counted(ha, "2025-07-01/commune") == {"Phường Nam Đông Hà": 2, "Phường Đông Hà": 3}
    city = ", Thành phố Đông Hà"
    wards = {f"Phường 5{city}": 1, f"Phường Đông Lương{city}": 1, f"Phường 1{city}": 3}
    assert counted(ha, "2025-06-30/commune") == wards
    assert counted(ha, "2025-06-30/district") == {"Thành phố Đông Hà": 5}

    page = lan.get(f"/phan-anh/{lamp.code}").text
    assert "UBND thành phố Đông Hà → UBND phường Nam Đông Hà" in page and "NQ 1680/NQ-UBTVQH15" in page


def test_run_again_it_changes_nothing_and_late_it_repairs(app: Flask, now: Clock, tmp_path: Path) -> None:
    """The real pack has ended the districts long ago; what was left with them is found and given on."""
    now.move_to(at(6, 20, 9), tick=False)
    left = send_report(area="19348")
    assert left.lead_unit.code == "UBND_461"
    now.move_to(datetime(2026, 11, 16, 8, tzinfo=VIETNAM), tick=False)
    today = send_report(area="19333")
    moment = datetime.now(UTC)
    done = reforms.carry_out(prepare(moment).id, now=moment)
    assert done.counts["moved"] == 1 and left.lead_unit.name == "UBND phường Nam Đông Hà"
    assert today.lead_unit.code == "UBND_19333" and len(today.events) == 1, "nothing to do"
    late = send_report(area="19333")
    with transaction():  # as a report that was on its way while the reform was carried out
        late.lead_unit_id = db.session.query(Unit.id).filter_by(code="UBND_461").scalar()
    worker.carry_out_reforms()
    end_reading()
    assert late.lead_unit.name == "UBND phường Đông Hà" and late.events[-1].step == "reform"
    state = done.done_at, done.counts, db.session.query(Message).count(), len(left.events)
    now.shift(60)
    moment = datetime.now(UTC)
    again = reforms.carry_out(prepare(moment).id, now=moment)
    assert (again.done_at, again.counts, db.session.query(Message).count(), len(left.events)) == state
