"""Another province is another folder: an invented one is loaded, a resident of it sends, its staff answer."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from portal.models import Report, Unit, db, transaction
from portal.services import accounts
from portal.services.accounts import Person
from tests.factories import after_photo
from tests.journeys.test_handling import send as take
from tests.packs import SONG_AO, written
from tests.test_cli import run
from tests.web.resident_form import page, send


@pytest.fixture
def song_ao(app: Flask) -> Flask:
    """The portal with the invented province and nothing else, loaded by its command."""
    with transaction():
        for table in reversed(db.metadata.sorted_tables):
            db.session.execute(delete(table))
    assert run(app, "territory", "check", str(SONG_AO)).exit_code == 0
    loaded = run(app, "territory", "load", str(SONG_AO))
    assert loaded.exit_code == 0, loaded.output
    areas = next(line.split() for line in loaded.output.splitlines() if line.startswith("areas.csv"))
    assert areas == ["areas.csv", str(written(SONG_AO, "areas.csv")), "0", "0", "0", "0"]
    assert run(app, "territory", "load", str(SONG_AO)).output == "unchanged\n"
    return app


@pytest.fixture
def officer_of(song_ao: Flask, enter: Callable[[str], FlaskClient]) -> Callable[[str], FlaskClient]:
    """Give the signed-in client of a new officer of the unit with that code."""

    def hired(code: str) -> FlaskClient:
        unit = db.session.scalars(select(Unit).filter_by(code=code, valid_until=None)).one()
        person = Person(name="Ảo Thị Sông", role="officer", unit_id=unit.id)
        accounts.create(code.lower(), person, code, language="vi", by=None, now=datetime.now(UTC))
        return enter(code.lower())

    return hired


def test_a_resident_of_another_province_is_served_by_its_own_people(
    song_ao: Flask, lan: FlaskClient, officer_of: Callable[[str], FlaskClient], now: Any
) -> None:
    home, form = lan.get("/"), lan.get("/phan-anh/moi")
    assert "Tỉnh Sông Ảo" in page(home) and "SA-2611-04F7-K" in page(home)
    assert "Phường Mây Trắng (Thị trấn Mây Trắng, Xã Mây Hồng, huyện Mây Trắng cũ)" in page(form)
    assert "trước ngày 01/03/2026" in page(form) and "Bến thuyền, cầu phao" in page(form)
    assert "SA-2611-04F7-K" in page(lan.get("/tra-cuu?ma=x"))

    sent = send(lan, area="99001", place="Cạnh chợ Mây", latitude="14.301", longitude="108.14")
    assert sent.status_code == 303
    report = db.session.scalars(select(Report)).one()
    assert report.code.startswith("SA-2611-")
    assert (report.area.name, report.lead_unit.code) == ("Phường Mây Trắng", "UBND_99001")

    ward, other = officer_of("UBND_99001"), officer_of("UBND_99003")
    assert report.code in page(ward.get("/can-bo/")) and report.code not in page(other.get("/can-bo/"))
    take(ward, report, "receive")
    take(
        ward,
        report,
        "resolve",
        note="Đã thay bóng đèn ở cột số 4, tối nay đèn sáng lại.",
        kept=after_photo(report),
    )
    shown = page(lan.get(f"/phan-anh/{report.code}"))
    assert "Đã thay bóng đèn ở cột số 4" in shown and "phường Mây Trắng" in shown
    for answer in (home, form, shown):
        text = answer if isinstance(answer, str) else page(answer)
        assert "Quảng Trị" not in text and "Đông Hà" not in text

    assert (
        send(lan, area="99001", latitude="16.8166", longitude="107.1003", client_key="k2").status_code == 422
    )
    sent = send(lan, category="khac", area="99006", client_key="k3")
    assert sent.status_code == 303
    unmatched = db.session.scalars(select(Report).filter_by(category_code="khac")).one()
    assert unmatched.lead_unit.code == "DIEU_PHOI"


def test_the_reform_of_another_province_is_known(song_ao: Flask) -> None:
    place = ("--category", "den_duong", "--lat", "14.3", "--lon", "108.15", "--json")
    for day, area, unit in (
        ("2026-02-28", "99002 Xã Mây Hồng", "UBND_991"),
        ("2026-03-01", "99001 Phường Mây Trắng", "UBND_99001"),
    ):
        answer = json.loads(run(song_ao, "routing", "explain", *place, "--at", day).output)
        assert answer["area"] == area and answer["unit"].startswith(unit + " ")
    refused = run(song_ao, "seed", "--reports", "1")
    assert refused.exit_code == 1 and "another province" in refused.output
