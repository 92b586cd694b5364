"""Both geographies of Quảng Trị: what a place was called, and where an old code lies today."""

from datetime import date
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core import former as old
from portal.core.errors import NotFound
from portal.models import Area, Report, db
from portal.services import former, places
from tests.conftest import MONDAY_8AM
from tests.factories import send_report

TODAY = MONDAY_8AM.date()
WARD_5 = {"latitude": 16.80641, "longitude": 107.099068}


def codes(raw: str, day: date = TODAY) -> list[str]:
    return [area.code for area in former.today(raw, day)]


def test_a_commune_that_only_went_on_has_no_former_name(app: Flask) -> None:
    before = {
        vintage: db.session.get_one(Area, (vintage, "19348")) for vintage in ("2023-11-10", "2025-06-30")
    }
    assert [former.of(area) for area in before.values()] == [(), ()]
    co = db.session.get_one(Area, ("2025-06-30", "19654"))
    assert [known.name for known in former.of(co)] == ["Xã Triệu Lăng", "Xã Triệu Sơn"]
    island = next(place for place in places.choices(TODAY) if place.name == "Đặc khu Cồn Cỏ")
    assert old.said(former.in_vintage_of(TODAY)[island.code]) == "Huyện đảo Cồn Cỏ"


def test_every_place_of_today_has_its_old_names(app: Flask) -> None:
    known = former.in_vintage_of(TODAY)
    assert {place.code for place in places.choices(TODAY)} == set(known)
    assert sum(len(formers) for formers in known.values()) == 265, "264 communes and an island without any"


def test_an_old_code_leads_to_todays_place(app: Flask) -> None:
    assert codes("19348") == codes("2023-11-10/19348") == codes("19351") == ["19351"]
    assert codes("2023-11-10/19630") == codes("2025-06-30/19639") == ["19639"], "through two reforms"
    assert codes("461") == ["19333", "19351"], "the communes of a district"
    assert codes("19351", date(2025, 6, 30)) == ["19351"]
    assert former.today("19351", date(2025, 6, 30))[0].name == "Phường Đông Lương", (
        "another place on that day"
    )
    for unknown in ("45", "00000", "2025-07-01/19348", "2025-07-01", ""):
        with pytest.raises(NotFound):
            codes(unknown)


def test_a_report_shows_both_geographies_and_is_found_by_both(
    app: Flask, lan: FlaskClient, tuan: FlaskClient
) -> None:
    exact, named = send_report(area="19351", **WARD_5), send_report(area="19351", phone="", consent=False)
    both = "Phường Nam Đông Hà (Phường 5, TP Đông Hà cũ)"
    everything = "Phường Nam Đông Hà (Phường 2, Phường 5, Phường Đông Lễ, Phường Đông Lương, TP Đông Hà cũ)"
    for report, said in ((exact, both), (named, everything)):
        for page in (lan.get(f"/phan-anh/{report.code}"), tuan.get(f"/can-bo/phan-anh/{report.code}")):
            assert said in unescape(page.text)

    def found(words: str) -> set[str]:
        page = tuan.get("/can-bo/", query_string={"q": words}).text
        return {report.code for report in db.session.query(Report) if report.code in page}

    assert found("phuong 5 tp dong ha") == found("Nam Đông Hà") == {exact.code, named.code}
    assert found("dong luong") == {named.code}, "the point says that it was not there"
    assert found("gio linh") == set()
