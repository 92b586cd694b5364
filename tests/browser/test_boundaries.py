"""Maps in a real browser: the boundaries are drawn, and credited as text."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.models import db
from portal.services import places
from portal.web import files
from tests.polygons import save, strips

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.skipif(files.FOREIGN is None, reason="the map is not installed: pip install ./assets"),
]


def test_a_map_draws_boundaries_and_says_whose_they_are(
    app: Flask, phone: Callable[..., Page], tmp_path: Path
) -> None:
    wards = places.smallest("2025-07-01")
    file = save(strips((area.code, area.name, area.area_km2 or 0) for area in wards), tmp_path)
    options = (
        "--vintage",
        "2025-07-01",
        "--code-field",
        "ma",
        "--source",
        "Sở <b>Thử</b>",
        "--licence",
        "CC0",
    )
    assert app.test_cli_runner().invoke(args=["boundaries", "import", str(file), *options]).exit_code == 0
    db.session.rollback()
    form = phone("/phan-anh/moi")
    wrong: list[str] = []
    form.on("pageerror", lambda error: wrong.append(str(error)))
    form.get_by_role("button", name="Chọn trên bản đồ").click()
    expect(form.locator("#map path.boundary")).to_have_count(78)
    credit = form.locator(".leaflet-control-attribution")
    expect(credit).to_contain_text("© OpenStreetMap")
    expect(credit).to_contain_text("Ranh giới: Sở <b>Thử</b> (CC0)")
    form.locator("#map").click(position={"x": 170, "y": 130})
    near = form.locator(".near").get_by_role("radio")
    expect(near).to_have_count(1)
    expect(near).to_be_checked()
    assert wrong == []
