"""What residents and officers see once boundaries are imported: certain wards, and lines with their source."""

import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.places import Point
from portal.models import Report, db
from portal.services import places
from tests.polygons import middle, ring_of, save, strips
from tests.web.resident_form import FILLED, error_at, page, send

SOURCE = "Sở <b>Thử</b> nghiệm"
DONG_HA = {"latitude": "16.819500", "longitude": "107.102800"}


@pytest.fixture
def drawn(app: Flask, tmp_path: Path) -> dict[str, Any]:
    """Imported strips for the wards of today."""
    wards = places.smallest("2025-07-01")
    collection = strips((area.code, area.name, area.area_km2 or 0) for area in wards)
    options = ("--vintage", "2025-07-01", "--code-field", "ma", "--source", SOURCE, "--licence", "CC0 & <i>")
    file = str(save(collection, tmp_path))
    result = app.test_cli_runner().invoke(args=["boundaries", "import", file, *options])
    assert result.exit_code == 0, result.output
    db.session.rollback()
    return collection


def at(latitude: float, longitude: float) -> dict[str, str]:
    return {"latitude": f"{latitude:.6f}", "longitude": f"{longitude:.6f}"}


def sent() -> list[Report]:
    return list(db.session.scalars(select(Report).order_by(Report.id)))


def test_a_ward_that_surrounds_the_point_needs_no_confirmation(
    drawn: dict[str, Any], lan: FlaskClient
) -> None:
    point = at(*middle(drawn, "19333"))
    piece = lan.get("/phan-anh/moi/dia-ban", query_string=point)
    assert "Phường, xã tại vị trí này" in piece.text and "Ước lượng" not in piece.text
    assert re.findall(r'value="(\d+)" checked', piece.text) == ["19333"]
    answer = send(lan, area="", located="device", **point)
    assert answer.status_code == 303
    assert "ước lượng" not in lan.get(answer.location).text
    latitude, longitude = middle(drawn, "19333")
    day = date(2026, 11, 16)
    other = next(  # not so far away, by its known points, that it would be a contradiction
        ward["properties"]["ma"]
        for ward in drawn["features"]
        if 0 < places.metres_to(ward["properties"]["ma"], Point(latitude, longitude), day) < 40_000
    )
    assert other != "19333" and send(lan, area=other, client_key="hai", **point).status_code == 303
    assert [(report.area_code, report.known_by) for report in sent()] == [
        ("19333", "inside"),
        (other, "resident"),
    ]


def test_a_sliver_beside_a_ward_is_confirmed(drawn: dict[str, Any], lan: FlaskClient) -> None:
    latitude, _longitude = middle(drawn, "18859")
    point = at(latitude, ring_of(drawn, "18859")[0][0] - 0.002)
    asked = send(lan, area="", **point)
    assert asked.status_code == 422 and "Xin xác nhận phường, xã." in error_at(asked, "area")
    assert re.search(r"cách ranh giới khoảng 21\d m", page(asked))
    assert send(lan, area="18859", **point).status_code == 303
    assert sent()[0].known_by == "near"


def test_a_point_outside_is_refused_with_the_neighbours_name_and_keeps_what_was_typed(
    drawn: dict[str, Any], lan: FlaskClient
) -> None:
    for point, sentence in (
        (at(16.4904, 107.24), "nằm ngoài địa bàn tỉnh, gần Phường Phong Điền, thành phố Huế."),
        (at(10.8, 106.7), "nằm ngoài địa bàn tỉnh. Xin chọn"),
    ):
        answer = send(lan, **point)
        assert answer.status_code == 422 and sentence in error_at(answer, "area")
        assert FILLED["description"] in page(answer) and '<option value="19333" selected>' in answer.text
    assert sent() == []


def test_how_a_place_is_known_is_kept_and_shown(app: Flask, lan: FlaskClient, minh: FlaskClient) -> None:
    """Without boundaries: an estimate that the resident confirmed, or the resident's word."""
    address = send(lan, area="19333", **DONG_HA).location
    send(lan, area="19333", client_key="hai")
    assert [report.known_by for report in sent()] == ["estimate", "resident"]
    assert "ước lượng" in lan.get(address).text
    ticket = minh.get(f"/can-bo/phan-anh/{sent()[0].code}").text
    assert "Địa bàn ước lượng" in ticket and "data-boundaries" not in ticket


def test_boundaries_are_public_compressed_and_lasting_under_their_own_address(
    drawn: dict[str, Any], lan: FlaskClient
) -> None:
    form = lan.get("/phan-anh/moi").text
    address = re.search(r'data-boundaries="([^"]+)"', form)
    assert address and "/ban-do/dia-gioi/2025-07-01.geojson?v=" in address[1]
    answer = lan.get(address[1], headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.mimetype) == (200, "application/geo+json")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert (
        "max-age=31536000" in answer.headers["Cache-Control"] and "public" in answer.headers["Cache-Control"]
    )
    collection = lan.get(address[1]).json
    assert {one["properties"]["code"] for one in collection["features"]} == {
        one["properties"]["ma"] for one in drawn["features"]
    }
    plain = lan.get(address[1].partition("?")[0])
    assert "max-age=60" in plain.headers["Cache-Control"]
    again = lan.get(address[1], headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for unknown in ("2023-11-10", "1999-01-01", "x"):
        assert lan.get(f"/ban-do/dia-gioi/{unknown}.geojson").status_code == 404


def test_every_map_names_whose_boundaries_it_draws(
    drawn: dict[str, Any], lan: FlaskClient, minh: FlaskClient
) -> None:
    send(lan, located="device", area="19333", **at(*middle(drawn, "19333")))
    ticket = minh.get(f"/can-bo/phan-anh/{sent()[0].code}").text
    assert "Địa bàn theo ranh giới." in ticket
    for html in (lan.get("/phan-anh/moi").text, ticket, send(lan, description="").text):
        assert SOURCE not in html
        assert f'data-boundaries-credit="Ranh giới: {SOURCE} (CC0 & <i>)"' in unescape(html)
