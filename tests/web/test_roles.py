"""What each role does with reports: how far it reads, what it may do there, and what it may not."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from portal.core import permissions
from portal.core.errors import NotAllowed, NotFound
from portal.core.permissions import Deed, Place, Role
from portal.core.workflow import Status, Step
from portal.models import Cooperation, Report, db, transaction
from portal.services import handling, reach
from portal.services.clocks import extensions
from tests.conftest import MONDAY_8AM
from tests.factories import hire, lawful_step, seat, send_report, step, unit, want_approval


@pytest.fixture
def people(app: Flask) -> None:
    for username, code, role in (
        ("lanh", "UBND_19333", "unit_lead"),
        ("chutich", "UBND_TINH", "unit_lead"),
        ("chuyenvien", "UBND_TINH", "officer"),
        ("phoi", "IOC", "coordinator"),
        ("kiem", None, "auditor"),
        ("bien", None, "editor"),
    ):
        hire(username, code, role)


def codes(username: str, *deeds: Deed) -> set[str]:
    return set(db.session.scalars(select(Report.code).where(reach.of(seat(username), *deeds))))


def test_every_role_has_its_places_for_every_deed() -> None:
    for deed in Deed:
        for role in Role:
            assert permissions.may(deed, role) == bool(permissions.places(deed, role))
    assert not any(permissions.may(deed, Role.AUDITOR) for deed in Deed if not deed.startswith("read_"))
    assert permissions.places(Deed.READ_REPORTS, Role.ADMINISTRATOR) == frozenset()
    assert permissions.places(Deed.DISTRIBUTE, Role.COORDINATOR) == {Place.OWN, Place.UNDECIDED}


def test_how_far_each_role_reads(app: Flask, people: None, enter: Any) -> None:
    ward = send_report()
    in_ward = send_report(category="dien_luc", area="19333")  # the power company leads it
    other = send_report(area="19351")
    department = send_report(category="bien_bao", area="19351")
    assert department.lead_unit.parent_code == "UBND_TINH"
    everything = {ward.code, in_ward.code, other.code, department.code}
    read = Deed.READ_REPORTS
    mine = {ward.code, *({in_ward.code} if in_ward.cooperations else set())}
    assert codes("minh", read) == mine
    assert codes("lanh", read) == {ward.code, in_ward.code} and codes("lanh", Deed.HANDLE) == {ward.code}
    assert codes("chutich", read) >= {ward.code, other.code, department.code}
    assert codes("chuyenvien", read) == codes("bien", read) == codes("ha", read) == set()
    assert codes("phoi", read) == codes("kiem", read) == everything
    unseen = send_report(category="vien_thong", description="Tôi tố cáo Chủ tịch phường nhận hối lộ")
    with transaction():
        db.session.execute(delete(Cooperation).where(Cooperation.report_id == unseen.id))
    assert unseen.private and unseen.lead_unit.code != "UBND_19333"
    assert codes("lanh", read) == {ward.code, in_ward.code}, "who denounces a ward writes past its lead"
    everything |= {unseen.code}
    assert codes("phoi", Deed.HANDLE) == codes("kiem", Deed.HANDLE) == set()
    auditor, coordinator = enter("kiem"), enter("phoi")
    page = auditor.get("/can-bo/").text
    assert all(code in page for code in everything) and 'action="/can-bo/phan-anh' not in page
    assert "Đơn vị khác" in coordinator.get("/can-bo/").text
    assert (
        auditor.get("/can-bo/?tab=todo").status_code
        == enter("minh").get("/can-bo/?tab=wider").status_code
        == 404
    )
    assert f'action="/can-bo/phan-anh/{ward.code}' not in auditor.get(f"/can-bo/phan-anh/{ward.code}").text


def test_a_coordinator_forwards_what_nobody_has_received_and_nothing_else(
    app: Flask, people: None, enter: Any
) -> None:
    report, phoi, to = send_report(), enter("phoi"), unit("UBND_19351").id
    address = f"/can-bo/phan-anh/{report.code}"
    page = phoi.get(address).text
    assert 'id="forward-unit"' in page and 'name="reason"' not in page
    given = phoi.post(
        f"{address}/forward", data={"seen": "submitted", "unit": to, "note": "Thuộc phường Nam Đông Hà"}
    )
    assert given.status_code == 303
    db.session.expire_all()
    assert (report.lead_unit_id, report.events[-1].unit.code) == (to, "IOC")
    with pytest.raises(NotAllowed):
        step(report, Step.RECEIVE, by="phoi")
    step(report, Step.RECEIVE, by="tuan")
    with pytest.raises(NotFound):
        handling.ticket(report.code, seat("phoi"))
    late = phoi.post(f"{address}/forward", data={"seen": "received", "unit": to})
    assert late.status_code == 409 and report.code in late.text


def test_where_a_unit_has_a_lead_nobody_else_approves(app: Flask, people: None, now: Any) -> None:
    hire("ngoc", "UBND_19333")
    want_approval()
    report = send_report()
    for taken in (Step.RECEIVE, Step.PROPOSE):
        lawful_step(report, taken)
    with pytest.raises(NotAllowed):
        lawful_step(report, Step.APPROVE, by="ngoc")
    lawful_step(report, Step.APPROVE, by="lanh")
    assert report.status == Status.RESOLVED
    late = step(send_report(), Step.RECEIVE)
    day = (late.resolve_due_at).date().replace(day=27)
    extensions.ask(late, day, "Chờ vật tư", by=seat("minh"), now=MONDAY_8AM)
    asked = extensions.waiting(late)
    assert not extensions.may_decide(asked, seat("ngoc"), now=MONDAY_8AM)
    assert not extensions.may_decide(asked, seat("chuyenvien"), now=MONDAY_8AM), "their unit has a lead too"
    for lead in ("lanh", "chutich"):
        assert [one.id for one in extensions.to_decide(seat(lead), now=MONDAY_8AM)] == [asked.id]


def test_a_lead_sees_the_people_and_figures_of_the_unit(app: Flask, people: None, enter: Any) -> None:
    lead = enter("lanh")
    page = lead.get("/quan-tri/nguoi-dung").text
    assert "Nguyễn Văn Minh" in page and "Lê Anh Tuấn" not in page and "Thêm người dùng" not in page
    nav = page.split('aria-label="Chính"')[1].split("</nav>")[0]
    assert "Người dùng" in nav and "Điều phối" not in nav and "Hộp việc" in nav
    send_report(), send_report(area="19351")
    assert lead.get("/quan-tri/thoi-gian.csv").text.splitlines()[-1].split(",")[1] == "1"
    assert enter("bien").get("/quan-tri/mau-tra-loi").status_code == 200
