"""A broken clock is told to the unit above by rule, once, also after the worker was away."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import worker
from portal.core.deadlines import VIETNAM
from portal.core.workflow import Step
from portal.models import Cooperation, Escalation, EscalationRule, Event, Report, db, transaction
from tests.factories import empty, hire, send_report, step, unit
from tests.web.test_staff_tasks import ask


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


def told(report: Report) -> list[str]:
    query = db.session.query(Event.details).filter_by(report_id=report.id, step="escalate")
    return [details["unit"] for (details,) in query.order_by(Event.id)]


@pytest.fixture
def rules(app: Flask) -> None:
    empty(EscalationRule)
    with transaction():
        db.session.add_all(
            (
                EscalationRule(clock="receive", after_minutes=60, target=""),
                EscalationRule(clock="receive", after_minutes=0, target="IOC", category_code="rac_thai"),
                EscalationRule(clock="receive", after_minutes=120, target="SXD", unit_kind="police"),
                EscalationRule(clock="resolve", after_minutes=0, target="IOC", unit_kind="commune"),
            )
        )


def test_the_unit_above_is_told_once_and_may_read_note_and_demand(
    minh: FlaskClient, enter, rules: None, now
) -> None:
    late, taken = send_report(), send_report()
    step(taken, Step.RECEIVE)
    hire("son", "UBND_TINH")
    son = enter("son")
    now.move_to(late.receive_due_at + timedelta(minutes=30))
    worker.alarm()
    assert told(late) == [] and son.get(f"/can-bo/phan-anh/{late.code}").status_code == 404
    now.move_to(at(17, 10))
    for _twice in range(2):
        worker.alarm()
    superior = unit("UBND_TINH")
    assert told(late) == [superior.name] and told(taken) == []
    beside = db.session.get(Cooperation, (late.id, superior.id))
    assert beside.kind == "superior"
    assert late.code in son.get("/can-bo/?tab=helping").text
    page = son.get(f"/can-bo/phan-anh/{late.code}").text
    assert "Yêu cầu đơn vị chủ trì" in page and "Báo đơn vị cấp trên vì quá hạn" in page
    assert ask(son, late, "", "Nhận ngay hôm nay").status_code == 303
    assert son.post(f"/can-bo/phan-anh/{late.code}/receive", data={"seen": "submitted"}).status_code == 404


def test_after_downtime_only_what_is_broken_still_is_told(
    app: Flask, lan: FlaskClient, rules: None, now
) -> None:
    late, mended = send_report(category="rac_thai"), send_report(category="rac_thai")
    now.move_to(at(17, 8, 30))
    worker.alarm()
    assert told(late) == [unit("IOC").name] == told(mended)
    step(mended, Step.RECEIVE)
    now.move_to(at(30, 9))
    worker.alarm()
    above, centre = unit("UBND_TINH").name, unit("IOC").name
    assert told(late) == [centre, above, centre], "the other clock is broken too"
    assert told(mended) == [centre, centre]
    assert db.session.query(Escalation).filter_by(told_at=None).count() == 0
    assert "cấp trên" not in lan.get(f"/phan-anh/{late.code}").text


def test_rules_are_kept_by_administrators(ha: FlaskClient, minh: FlaskClient, app: Flask) -> None:
    empty(EscalationRule)
    url = "/quan-tri/bao-cap-tren"
    words = {
        "clock": "resolve",
        "category_code": "rac_thai",
        "unit_kind": "",
        "after_hours": "8",
        "target": "IOC",
    }
    assert "Chưa có quy tắc nào" in ha.get(url).text
    for _twice in range(2):
        assert ha.post(f"{url}/them-moi", data=words).status_code == 303
    kept = db.session.query(EscalationRule).one()
    assert (kept.after_minutes, kept.target, kept.unit_kind) == (480, "IOC", None)
    assert ha.post(f"{url}/them-moi", data=words | {"target": "KHONG_CO"}).status_code == 422
    assert ha.post(f"{url}/them-moi", data=words | {"after_hours": "-1"}).status_code == 422
    page = ha.get(f"{url}/{kept.id}").text
    seen = page.partition('name="seen" type="hidden" value="')[2].partition('"')[0]
    changed = words | {"target": "", "seen": seen}
    assert minh.post(f"{url}/{kept.id}", data=changed).status_code == 403
    assert ha.post(f"{url}/{kept.id}", data=changed).status_code == 303
    assert ha.post(f"{url}/{kept.id}", data=changed | {"after_hours": "16"}).status_code == 409
    assert "Đơn vị cấp trên của đơn vị chủ trì" in ha.get(url).text
    assert ha.post(f"{url}/{kept.id}/bo", data={"seen": seen}).status_code == 409
    page = ha.get(f"{url}/{kept.id}").text
    seen = page.partition('name="seen" type="hidden" value="')[2].partition('"')[0]
    assert ha.post(f"{url}/{kept.id}/bo", data={"seen": seen}).status_code == 303
    assert db.session.query(EscalationRule).count() == 0
