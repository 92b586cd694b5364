"""A report about the people of an office: the one above it gets it, and the office never sees that there is one."""

import csv
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal import worker
from portal.core.errors import (
    ColleagueRequired,
    Conflict,
    NobodyElse,
    NotFound,
    OriginalRequired,
    Stale,
    UnitRequired,
)
from portal.core.permissions import Deed
from portal.core.workflow import Status, Step
from portal.models import Appointment, Cooperation, Event, Report, Unit, db, transaction
from portal.services import corrections, handling, insights, reach, routing, territory
from portal.services.cooperation import mentions, tasks
from portal.services.cooperation.tasks import Wish
from portal.services.corrections import Correction
from portal.services.privacy import holds, requests, ringing
from tests.conftest import MONDAY_8AM
from tests.factories import account, after_photo, hire, leading, seat, send_report, step, unit
from tests.house.test_doors import visits
from tests.mailbox import Mailbox
from tests.web.test_staff_correction import correct as corrected

WORDS = "Cán bộ một cửa của phường nói năng khó nghe"


@pytest.fixture
def report(app: Flask, enter: Any) -> Report:
    """About the people of phường Đông Hà, so that the province leads; beside one that the ward leads."""
    hire("chanh", "UBND_TINH"), hire("khac", "UBND_19333")
    send_report()
    return send_report(description=WORDS, about_officials=True)


def test_the_office_meets_it_on_no_page_of_staff(app: Flask, enter: Any, report: Report) -> None:
    """Officer and lead, who reads more: also as somebody of the area, and as who would be told of it."""
    assert (report.lead_unit.code, report.private) == ("UBND_TINH", True)
    assert report.decision["sentence"] == "phản ánh nói về cán bộ, công chức của UBND phường Đông Hà"
    hire("lanh", "UBND_19333", "unit_lead")
    after_photo(report)
    with transaction():  # as an old rule or a reform might leave it
        concerned = unit("UBND_19333")
        db.session.add(Cooperation(report_id=report.id, unit_id=concerned.id, since=MONDAY_8AM))
    tried = 0
    for username in ("minh", "lanh"):
        client = enter(username)
        for _page, method, address in visits(app, report, "staff") if username == "lanh" else ():
            answer = client.open(address, method=method, follow_redirects=True)
            seen = answer.text if "charset" in answer.content_type else ""
            assert WORDS not in seen, (method, address)
            if report.code not in address:
                assert report.code not in seen, (method, address)
            elif "nhap-phan-anh" not in address:
                assert answer.status_code == 404, (method, address)
                tried += 1
        for tab in ("todo", "helping", "overdue", "waiting", "done"):
            page = client.get(f"/can-bo/?tab={tab}&q=một cửa").text
            assert report.code not in page, tab
            assert not client.get(f"/can-bo/ban-do.json?tab={tab}&q=cửa").json["points"], tab
        assert re.search(r"Phối hợp\s*<span class=\"count\">0<", client.get("/can-bo/").text)
    assert tried > 10
    assert report.code in enter("chanh").get("/can-bo/").text


def test_who_holds_a_second_seat_there_meets_it_from_none(app: Flask, enter: Any, report: Report) -> None:
    """An officer of the province who works in the ward too: not in the inbox, by address, by name or in charge."""
    both, client = hire("hai-ghe", "UBND_TINH"), enter("hai-ghe")
    with transaction():
        since = MONDAY_8AM.date()
        both.appointments.append(Appointment(role="officer", unit=unit("UBND_19333"), since=since))
    assert report.code not in client.get("/can-bo/").text
    assert client.get(f"/can-bo/phan-anh/{report.code}").status_code == 404
    assert "hai-ghe" not in {person.username for person, _unit in mentions.nameable(report, now=MONDAY_8AM)}
    step(report, Step.RECEIVE, by="chanh")
    assert "Cán bộ hai-ghe" not in enter("chanh").get(f"/can-bo/phan-anh/{report.code}").text
    with pytest.raises(ColleagueRequired):
        step(report, Step.ASSIGN, by="chanh", to_account=both.id)
    vault = app.extensions["vault"]
    asked = requests.ask(report, requests.ERASE, request_key="xoa-di", vault=vault, now=MONDAY_8AM)
    holds.place(report, reason="Vụ án", until=datetime.now(UTC) + timedelta(days=1), by=None, now=MONDAY_8AM)
    for username, seen in (("hai-ghe", 0), ("ha", 1)):  # as an administrator would
        there = seat(username)
        assert len(requests.listed(there)) == len(holds.listed(there, MONDAY_8AM)) == seen
        assert ringing.counted(there, now=MONDAY_8AM + timedelta(days=21)).late == seen
    for attempt in (
        lambda: requests.found(asked.id, seat("hai-ghe")),
        lambda: holds.end(report, by=seat("hai-ghe"), now=MONDAY_8AM),
    ):
        with pytest.raises(NotFound):
            attempt()
    with transaction():
        both.appointments[-1].until = MONDAY_8AM.date()
    assert report.code in client.get("/can-bo/").text


def test_it_cannot_be_given_asked_merged_or_corrected_back(app: Flask, report: Report) -> None:
    concerned, other = unit("UBND_19333"), send_report(area="19351")
    for attempt, error in (
        (lambda: step(report, Step.FORWARD, "Của phường", by="chanh", to_unit=concerned.id), UnitRequired),
        (
            lambda: tasks.ask(report, Wish("Xem giúp", concerned.id), by=seat("chanh"), now=MONDAY_8AM),
            UnitRequired,
        ),
        (lambda: step(other, Step.DUPLICATE, by="tuan", original=report.code), OriginalRequired),
        (lambda: step(report, Step.DUPLICATE, by="chanh", original=other.code), OriginalRequired),
        (lambda: correct(report, visibility="public"), Conflict),
    ):
        with pytest.raises(error):
            attempt()
    correct(report, category="rac_thai")
    assert report.category_code == "rac_thai" and report.lead_unit.code == "UBND_TINH"
    assert concerned.id not in {each.unit_id for each in report.cooperations}
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(update(Report).where(Report.id == report.id).values(lead_unit_id=concerned.id))
    with pytest.raises(Stale), transaction():  # a colleague says so while somebody decides to forward it
        assert other.about_unit_id is None
        said = update(Report).where(Report.id == other.id).values(about_unit_id=concerned.id)
        db.session.execute(said.execution_options(synchronize_session=False))
        handling.move(other, other.lead_unit_id, Status.SUBMITTED, {})


def test_who_follows_the_office_gets_it_as_little(app: Flask, report: Report) -> None:
    """Its ward under a new row, after a reform: by hand, by a task, by the rules; nor does its code come up again."""
    former = unit("UBND_19333")
    columns = {
        column.name: getattr(former, column.name) for column in Unit.__table__.c if column.name != "id"
    }
    with transaction():
        former.valid_until = MONDAY_8AM.date() - timedelta(days=1)
        db.session.flush()
        db.session.add(heir := Unit(**columns | {"valid_from": MONDAY_8AM.date()}))
        territory.revise()
    for attempt in (
        lambda: step(report, Step.FORWARD, "Của phường", by="chanh", to_unit=heir.id),
        lambda: tasks.ask(report, Wish("Xem giúp", heir.id), by=seat("chanh"), now=MONDAY_8AM),
    ):
        with pytest.raises(UnitRequired):
            attempt()
    correct(report, category="rac_thai")
    assert report.lead_unit.code == "UBND_TINH"
    step(report, Step.RECEIVE, by="chanh")
    step(report, Step.RESOLVE, "Đã nhắc nhở", by="chanh")
    again = send_report(category="rac_thai")
    assert (again.lead_unit_id, again.recurrence_of_id) == (heir.id, None)
    ticked = send_report(client_key="mot-to-don", description="Lời lẽ khó nghe")
    assert send_report(client_key="mot-to-don", description="Lời lẽ khó nghe").id == ticked.id
    sent_again = send_report(client_key="mot-to-don", description="Lời lẽ khó nghe", about_officials=True)
    assert sent_again.lead_unit.code == "UBND_TINH"


def test_what_is_kept_from_the_public_reaches_helpers_by_a_person_alone(app: Flask, report: Report) -> None:
    """Nobody ticked the box: by a rule the ward would help with public order, a department with what reads so."""
    bribe = "Tôi tố cáo ông trưởng phòng nhận hối lộ để bỏ qua trụ đèn xây sai"
    noise = send_report(category="tieng_on", description="Hát karaoke quá nửa đêm", area="19351")
    gambling, denounced, lamp = send_report(category="an_ninh"), send_report(description=bribe), send_report()
    assert (gambling.private, denounced.private, lamp.private) == (False, True, False)
    for sent, helping in ((gambling, []), (denounced, []), (noise, ["SNNMT"]), (lamp, ["SXD"])):
        assert helpers(sent) == helping, sent.category_code
        assert sent.decision["cooperating"] == helping
    assert "UBND phường Đông Hà" in gambling.decision["sentence"]
    hire("cong-an", "CAT"), hire("so", "SXD")
    assert reach_of("minh", gambling) is False
    tasks.ask(gambling, Wish("Xác minh giúp", unit("UBND_19333").id), by=seat("cong-an"), now=MONDAY_8AM)
    assert helpers(gambling) == ["UBND_19333"] and reach_of("minh", gambling)
    correct(gambling, by="cong-an", place="Gần chợ")
    assert helpers(gambling) == ["UBND_19333"]
    tasks.ask(asked := send_report(), Wish("Xem giúp", unit("SXD").id), by=seat("minh"), now=MONDAY_8AM)
    for hidden in (lamp, asked):
        correct(hidden, by="minh", visibility="private")
    assert (helpers(lamp), helpers(asked)) == ([], ["SXD"])  # whom a person asked goes on helping


def test_an_officer_sees_that_it_is_about_an_office(app: Flask, enter: Any, minh: FlaskClient) -> None:
    """About a unit that helps, and about one's own: it goes up, and colleagues are not told where it went."""
    ward, gambling, done = unit("UBND_19333"), send_report(category="an_ninh"), send_report()
    step(done, Step.RECEIVE), step(done, Step.RESOLVE, "Đã thay bóng")
    lamp = send_report()
    hire("cong-an", "CAT"), hire("dong-nghiep", "UBND_19333")
    tasks.ask(gambling, Wish("Xác minh giúp", ward.id), by=seat("cong-an"), now=MONDAY_8AM)
    with pytest.raises(UnitRequired):
        correct(gambling, by="cong-an", about=unit("SXD").id)
    both = hire("hai-ghe", "CAT")
    with transaction():
        both.appointments.append(Appointment(role="officer", unit=ward, since=MONDAY_8AM.date()))
    step(gambling, Step.RECEIVE, by="cong-an", to_account=both.id)
    correct(gambling, by="cong-an", about=ward.id)
    assert (gambling.lead_unit.code, gambling.about_unit_id, helpers(gambling)) == ("CAT", ward.id, [])
    assert gambling.assignee_id is None, "nobody is in charge who may not read it"
    assert gambling.private and not reach_of("minh", gambling) and reach_of("cong-an", gambling)
    assert [task.state for task in tasks.of_report(gambling)] == ["withdrawn"]
    assert gambling.code not in minh.get("/can-bo/?tab=helping").text

    with transaction():
        account("dong-nghiep").email = "dong-nghiep@quangtri.example.vn"
    step(lamp, Step.NOTE, "Nhờ @dong-nghiep xem giúp")
    preview = unescape(corrected(minh, lamp, about_unit=ward.id, preview="1").text)
    assert "Khi lưu, phản ánh sẽ chuyển đến Ủy ban nhân dân tỉnh Quảng Trị." in preview
    assert "vì phản ánh nói về cán bộ, công chức của UBND phường Đông Hà." in preview
    assert "UBND phường Đông Hà không xem được phản ánh này nữa." in preview and lamp.about_unit_id is None
    wrong = unescape(corrected(minh, lamp, about_unit="999").text)
    assert "Xin chọn đơn vị chủ trì hoặc một đơn vị đang phối hợp." in wrong
    assert lamp.code in minh.get(f"/can-bo/phan-anh/{done.code}").text, "what came back"
    assert corrected(minh, lamp, about_unit=ward.id).location == "/can-bo/"
    assert lamp.code in minh.get("/can-bo/").text, "where it went is said once, to who knows"
    assert lamp.code not in minh.get(f"/can-bo/phan-anh/{done.code}").text
    assert (lamp.lead_unit.code, lamp.about_unit_id, lamp.private) == ("UBND_TINH", ward.id, True)
    worker.deliver({"sms": Mailbox(), "mail": (box := Mailbox())})
    assert "dong-nghiep@quangtri.example.vn" not in dict(box.sent), (
        "a mail that was on its way does not arrive"
    )
    assert minh.get(f"/can-bo/phan-anh/{lamp.code}").status_code == 404
    assert handling.passed_on(lamp.code, seat("minh")) and not handling.passed_on(
        lamp.code, seat("dong-nghiep")
    )
    stranger = app.test_client()
    seen = stranger.get(f"/phan-anh/{lamp.code}").text
    assert lamp.description not in stranger.get("/phan-anh/").text + seen
    assert lamp.code in seen and "Ủy ban nhân dân tỉnh" not in seen, "nor where it went"
    with pytest.raises(Conflict):
        correct(lamp, by=leading(lamp), visibility="public")


def test_somebody_always_leads(app: Flask, report: Report) -> None:
    """The unit above, the centre, what stands above that, any authority; and without another unit a plain refusal."""
    today = MONDAY_8AM.date()
    routed = routing.route("den_duong", report.area, MONDAY_8AM, priority="normal")
    for concerned, above in (
        ("UBND_19333", "UBND_TINH"),
        ("UBND_TINH", "IOC"),
        ("IOC", "SKHCN"),
        ("CAT", "IOC"),
    ):
        to = replace(routed, unit=unit(concerned))
        assert routing.away_from(to.unit, to, now=MONDAY_8AM).unit.code == above, concerned
    with transaction():
        for each in db.session.scalars(select(Unit)):
            each.parent_code = None
        territory.revise()
    to = replace(routed, unit=unit("IOC"))
    assert routing.away_from(to.unit, to, now=MONDAY_8AM).unit.code == "UBND_TINH"
    with transaction():
        db.session.execute(
            update(Unit).where(Unit.id != to.unit.id).values(valid_until=today - timedelta(days=1))
        )
        territory.revise()
    with pytest.raises(NobodyElse):
        routing.away_from(to.unit, to, now=MONDAY_8AM)


def test_its_figures_and_the_centre(app: Flask, enter: Any, report: Report) -> None:
    """The centre reads everything but what is about its own people; figures leave out what one may not read."""
    hire("phoi", "IOC", "coordinator"), hire("lanh", "UBND_19333", "unit_lead")
    assert enter("phoi").get(f"/can-bo/phan-anh/{report.code}").status_code == 200
    with transaction():
        centre = db.session.scalars(select(Unit.id).filter_by(code="IOC", valid_until=None)).one()
        db.session.execute(update(Report).where(Report.id == report.id).values(about_unit_id=centre))
    assert enter("phoi").get(f"/can-bo/phan-anh/{report.code}").status_code == 404
    with transaction():
        db.session.execute(
            update(Report).where(Report.id == report.id).values(about_unit_id=unit("UBND_19333").id)
        )
    counted = next(csv.reader([enter("lanh").get("/quan-tri/thoi-gian.csv").text.splitlines()[-1]]))
    assert counted[1] == "1", counted
    assert (
        insights.response_times(MONDAY_8AM.date(), MONDAY_8AM.date(), "unit", now=MONDAY_8AM).total.received
        == 2
    )


def test_a_resident_says_so_and_nobody_reads_it_in_public(app: Flask, lan: FlaskClient) -> None:
    page = lan.get("/phan-anh/moi").text
    assert 'name="about_officials"' in page and "checked" not in page.split('name="about_officials"')[1][:80]
    report = send_report(description=WORDS, about_officials=True)
    stranger = app.test_client()
    assert WORDS not in stranger.get("/phan-anh/").text + stranger.get(f"/phan-anh/{report.code}").text
    assert db.session.query(Event).filter_by(report_id=report.id).one().unit_id == report.lead_unit_id


def helpers(report: Report) -> list[str]:
    return [each.unit.code for each in report.cooperations]


def reach_of(username: str, report: Report) -> bool:
    allowed = reach.of(seat(username), Deed.READ_REPORTS)
    return db.session.scalar(select(Report.id).where(Report.id == report.id, allowed)) is not None


def correct(report: Report, by: str = "chanh", **changes: Any) -> None:
    kept = {"category": "", "area": "", "point": corrections.point_of(report), "place": report.place}
    wanted = Correction(**kept | {"seen": corrections.version(report)} | changes)
    corrections.correct(
        report, wanted, seen=Status(report.status), by=seat(by), request_key=None, now=MONDAY_8AM
    )
