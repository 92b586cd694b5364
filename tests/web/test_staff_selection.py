"""Around the list: its map, news, filters under a name, and what of the same kind lies near a ticket."""

import re

from flask import Flask
from flask.testing import FlaskClient

from portal.core.workflow import Reason, Step
from portal.models import Report, SavedFilter, db
from tests.factories import hire, send_report, step
from tests.web.test_staff_inbox import at, codes, show

HERE = {"latitude": 16.8195, "longitude": 107.1028, "located": "pin"}


def pinned(north: float = 0.0, **changes: object) -> Report:
    """A report so many metres north of the market."""
    return send_report(**{**HERE, "latitude": HERE["latitude"] + north / 110_650, **changes})


def points(client: FlaskClient, **asked: str) -> list[str]:
    answer = client.get("/can-bo/ban-do.json", query_string=asked)
    assert answer.status_code == 200
    return [point["address"].rpartition("/")[2] for point in answer.json["points"]]


def test_the_map_has_the_selection_of_the_list_and_nothing_of_others(
    app: Flask, minh: FlaskClient, tuan: FlaskClient, now
) -> None:
    here, tree = pinned(), pinned(300, category="cay_xanh", description="Cây <b>gãy</b>")
    send_report()  # without a point
    other = send_report(area="19351", **{**HERE, "latitude": 16.79})
    assert sorted(points(minh)) == sorted([here.code, tree.code])
    assert points(minh, category="cay_xanh") == points(minh, q="cay gay") == [tree.code]
    assert points(minh, tab="done") == points(minh, tab="helping") == []
    assert points(tuan) == [other.code]
    now.move_to(at(30, 8))
    answer = minh.get("/can-bo/ban-do.json?tab=overdue").json
    assert [point["late"] for point in answer["points"]] == [True, True] and answer["more"] is False
    for wrong in ("category=x", "first=khong", "q=" + "a" * 101):
        assert minh.get(f"/can-bo/ban-do.json?{wrong}").status_code == 400
    assert minh.get("/can-bo/ban-do.json?tab=khac").status_code == 404


def test_news_counts_what_came_to_the_unit_since_the_page_was_made(
    app: Flask, minh: FlaskClient, tuan: FlaskClient, now
) -> None:
    send_report()
    now.move_to(at(16, 9))
    address = re.search(r'data-news="([^"]+)" data-since="([^"]+)"', show(minh, category="den_duong"))
    assert address
    asked = {"query_string": {"category": "den_duong", "since": address[2]}}
    assert minh.get("/can-bo/moi.json", **asked).json == {"words": ""}
    now.move_to(at(16, 10))
    send_report()
    send_report(category="rac_thai")
    send_report(area="19351")
    assert minh.get("/can-bo/moi.json", **asked).json == {"words": "Có 1 hồ sơ mới"}
    assert address[1].replace("&amp;", "&") == "/can-bo/moi.json?tab=todo&category=den_duong"
    for since in ("", "x", "0001-01-01T00:00:00+14:00", "=1+1", "9" * 3000):
        assert minh.get("/can-bo/moi.json", query_string={"since": since}).status_code == 400, since


def test_near_and_of_the_same_kind_within_250_metres_and_30_days(
    app: Flask, minh: FlaskClient, tuan: FlaskClient, now
) -> None:
    now.move_to(at(2, 8))
    old, lately = pinned(10, description="Đèn xưa"), pinned(20, description="Đèn vừa xong")
    step(old, Step.REJECT, "xong", reason=Reason.NOT_FOUND)
    now.move_to(at(20, 8))
    step(lately, Step.REJECT, "xong", reason=Reason.NOT_FOUND)
    pinned(245, description="Đèn cuối phố")
    pinned(256, description="Đèn quá xa")
    pinned(5, category="rac_thai", description="Rác cạnh đèn")
    foreign = pinned(5, area="19351", description="Đèn của phường kia")
    assert foreign.lead_unit_id != old.lead_unit_id
    ticket = pinned(0, description="Đèn ở chợ")
    now.move_to(at(20, 9).replace(month=12, day=3))
    page = minh.get(f"/can-bo/phan-anh/{ticket.code}").text
    alike = page.partition("Gần đây, cùng loại</h2>")[2].partition("</section>")[0]
    assert re.findall(r">(Đèn [^<]+)</a>", alike) == ["Đèn vừa xong", "Đèn cuối phố"]
    assert "cách 20 m" in alike and "cách 246 m" in alike
    assert "Gần đây, cùng loại" not in tuan.get(f"/can-bo/phan-anh/{foreign.code}").text


def test_filters_are_kept_shared_renamed_and_forgotten(
    app: Flask, minh: FlaskClient, tuan: FlaskClient, enter
) -> None:
    lamp, bin_ = send_report(), send_report(category="rac_thai")
    kept = {"name": "Đèn  đường", "query": "tab=todo&category=den_duong&at=x&evil=//x", "shared": "y"}
    for _twice in range(2):
        answer = minh.post("/can-bo/bo-loc", data=kept)
        assert (answer.status_code, answer.location) == (303, "/can-bo/?tab=todo&category=den_duong")
    saved = db.session.query(SavedFilter).one()
    assert (saved.name, saved.shared) == ("Đèn đường", True)
    assert 'href="/can-bo/?tab=todo&amp;category=den_duong">Đèn đường</a>' in show(minh)
    assert codes(minh.get(f"/can-bo/?{saved.query}").text) == [lamp.code] != [bin_.code]
    for wrong, sentence in (
        ({"name": " "}, "Xin đặt tên cho bộ lọc."),
        ({"name": "a" * 61}, "Tên dài quá 60 ký tự."),
        ({"query": "tab=done"}, "Bạn đã có một bộ lọc khác mang tên này."),
    ):
        answer = minh.post("/can-bo/bo-loc", data={**kept, **wrong})
        assert answer.status_code == 422 and sentence in answer.text
    address = f"/can-bo/bo-loc/{saved.id}"
    link = ">Đèn đường</a>"
    hire("hoa", "UBND_19333")
    assert link in show(enter("hoa")) and link in enter("hoa").get("/can-bo/bo-loc").text
    assert link not in show(tuan) + tuan.get("/can-bo/bo-loc").text
    assert enter("hoa").post(address, data={"name": "x"}).status_code == 404
    for stolen in ({"name": "x"}, {"forget": "1"}):
        assert tuan.post(address, data=stolen).status_code == 404
    minh.post("/can-bo/bo-loc", data={"name": "Rác", "query": "category=rac_thai"})
    assert minh.post(address, data={"name": "Rác"}).status_code == 422
    assert minh.post(address, data={"name": "=Đèn"}).status_code == 303
    db.session.rollback()
    assert (saved.name, saved.shared) == ("=Đèn", False)
    assert ">=Đèn</a>" not in show(enter("hoa"))
    for _twice in range(2):
        assert minh.post(address, data={"forget": "1"}).status_code == 303
    assert ">=Đèn</a>" not in minh.get("/can-bo/bo-loc").text
