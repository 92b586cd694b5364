"""The demonstration tells the same believable stories every time, through the true use cases."""

import csv
import shutil
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from portal.adapters import passwords
from portal.adapters.pictures.scenes import SCENES
from portal.core.deadlines import VIETNAM, day_of
from portal.core.errors import WrongCredentials
from portal.core.workflow import REASONS, Channel, Step
from portal.models import Account, Appointment, Category, Event, Message, Photo, Report, db, transaction
from portal.services import accounts, clocks, demonstration, reports
from portal.services.demonstration import stories
from portal.services.privacy import identity
from tests.conftest import CAST, PASSWORD, build

NOW = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
REFORM = datetime(2025, 7, 1, tzinfo=VIETNAM)
TABLES = stories.Tables()
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "sample_reports.csv"


def seed(app: Flask, number: int, **changes: Any) -> demonstration.Seeded:
    return demonstration.seed(
        **{"reports": number, "now": NOW, "random_seed": 2672}
        | {name: app.extensions[name] for name in ("storage", "vault")}
        | changes
    )


def told() -> list[tuple[Any, ...]]:
    """All that a reader could see of every report, in order."""
    return [
        (
            report.code,
            report.reporter_key,
            report.category_code,
            report.description,
            report.place,
            report.latitude,
            report.area_code,
            report.status,
            report.lead_unit.code,
            report.handled_minutes,
            report.submitted_at,
            report.next_due_at,
            [(photo.width, photo.height) for photo in report.photos],
            [
                (event.step, event.note, event.at, event.account and event.account.name)
                for event in report.events
            ],
            identity.opened(report.id, vault=current_app.extensions["vault"]),
        )
        for report in db.session.scalars(select(Report).order_by(Report.id))
    ]


def count(table: Any, *where: Any) -> int:
    return db.session.scalars(select(func.count()).select_from(table).where(*where)).one()


def test_whether_interrupted_or_not_two_runs_tell_the_same(
    app: Flask, sqlite_template: Path, tmp_path: Path
) -> None:
    """Also where one run is on PostgreSQL and the other on SQLite."""
    done: list[int] = []

    def interrupt(number: int) -> None:
        done.append(number)
        if len(done) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seed(app, 8, progress=interrupt)
    assert count(Report) == 3
    assert seed(app, 8) == demonstration.Seeded(added=5, total=8)
    assert count(Report) == 8 == count(Event, Event.step == "submit")
    once = told()
    assert len({code for code, *_ in once}) == 8
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(sqlite_template, other / "portal.sqlite")
    fresh = build("", other)
    with fresh.app_context():
        assert seed(fresh, 8) == demonstration.Seeded(added=8, total=8)
        assert told() == once
        db.session.remove()
        db.engine.dispose()
    assert seed(app, 10, now=NOW + timedelta(days=2)) == demonstration.Seeded(added=2, total=10)
    assert told()[:8] == once


# Both engines tell the same, as the test before shows.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_reports_are_believable(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    seed(app, 40)
    office = clocks.timetable().calendar("")
    for report in db.session.scalars(select(Report)):
        moments = [event.at for event in report.events]
        assert moments == sorted(moments) and moments[-1] < NOW
        assert NOW - timedelta(days=549) < report.submitted_at
        day = day_of(report.submitted_at)
        assert report.lead_unit.valid_from <= report.area.valid_from or not report.lead_unit.valid_until
        assert report.area.valid_from <= day <= (report.area.valid_until or day)
        if report.submitted_at < REFORM:
            assert report.closed_at is not None and report.closed_at < REFORM
        for event in report.events:
            if event.actor == "officer" and not report.category.round_the_clock:
                at = event.at.astimezone(VIETNAM)
                assert any(begin <= at <= end for begin, end in office.spans(at.date())), event.step
                assert event.account is not None and event.account.demonstration
    statuses = set(db.session.scalars(select(Report.status)))
    assert {"submitted", "resolved", "rejected"} <= statuses
    assert count(Report, Report.submitted_at < REFORM) >= 1
    assert count(Report, Report.submitted_at > NOW - timedelta(days=60)) >= 15
    assert count(Report, Report.submitted_at > NOW - timedelta(hours=3)) >= 3
    assert count(Report, Report.next_due_at < NOW) >= 1
    assert 10 <= count(Photo) == count(Photo, Photo.report_id.is_not(None))
    kept = db.session.scalars(select(Photo)).first()
    assert kept is not None
    assert app.extensions["storage"].get(reports.photo_key(kept.token, "small")).startswith(b"RIFF")
    _were_told_in_the_past_and_nobody(caplog.text)
    _left_real_people_alone()
    before = told()
    assert seed(app, 40, now=NOW + timedelta(days=2)) == demonstration.Seeded(added=0, total=40)
    assert told() == before


def _were_told_in_the_past_and_nobody(log: str) -> None:
    """No message goes out: each was sent when it would have been, to a number that nobody has."""
    assert count(Message) > 5
    for message in db.session.scalars(select(Message)):
        assert (message.state, message.sent_at) == ("sent", message.event.at)
    assert "message to" not in log
    vault = current_app.extensions["vault"]
    people = [identity.opened(id, vault=vault) for id in db.session.scalars(select(Report.id))]
    assert all(one.phone.startswith("+84900000") for one in people if one and one.phone)


def _left_real_people_alone() -> None:
    """The cast of the tests has the same names as people of the demonstration; its passwords stay."""
    for username, *_ in CAST:
        account = db.session.scalars(select(Account).filter_by(username=username)).one()
        assert passwords.matches(PASSWORD, account.password_hash) and not account.demonstration
    assert count(Event, Event.account_id.in_(select(Account.id).where(~Account.demonstration))) == 0


def test_its_people_can_sign_in_but_not_in_production(app: Flask) -> None:
    with transaction():
        db.session.query(Appointment).delete()
        db.session.query(Account).delete()
    seed(app, 1)
    sign_in = partial(accounts.sign_in, address="", limits=app.extensions["limits"], now=NOW)
    for person in demonstration.SIGN_INS:
        account = sign_in(person.username, person.password, demonstration_allowed=True)
        assert (account.name, account.demonstration) == (person.name, True)
        held = account.appointments[0]
        assert (held.role, held.unit and held.unit.code) == (person.role, person.unit)
        with pytest.raises(WrongCredentials):
            sign_in(person.username, person.password, demonstration_allowed=False)


def test_every_category_has_texts_and_words_of_its_officers(app: Flask) -> None:
    categories = set(db.session.scalars(select(Category.code).where(Category.active)))
    assert {text.category for text in TABLES.texts} == categories == set(TABLES.work)


def test_the_texts_are_many_and_sound() -> None:
    descriptions = [text.description for text in TABLES.texts]
    assert len(set(descriptions)) == len(descriptions) >= 90
    assert sum(description.isascii() for description in descriptions) >= 15
    refusals = {text.refusal for text in TABLES.texts}
    assert {"", "duplicate", *REASONS[Step.REJECT]} < refusals
    assert refusals <= {"", "duplicate", *REASONS[Step.REJECT], *Channel}
    assert {work.pause for work in TABLES.work.values()} <= {"", *REASONS[Step.PAUSE]}
    for text in TABLES.texts:
        assert unicodedata.is_normalized("NFC", text.description + text.answer) and text.answer
        assert text.picture in {"", *SCENES}
        assert text.setting in stories.SETTINGS
        assert bool(text.reply) <= bool(text.question)
        assert (
            stories.place_for(text, TABLES.places, stories.Random(1)).setting
            in stories.SETTINGS[text.setting]
        )


def test_words_without_marks_name_places_without_marks() -> None:
    place = next(place for place in TABLES.places if place.place == "chợ Đông Hà")
    plain = next(t for t in TABLES.texts if "{near}" in t.description and t.description.isascii())
    marked = next(t for t in TABLES.texts if "{near}" in t.description and not t.description.isascii())
    assert "gan cho dong ha" in stories.description(plain, place)
    assert "gần chợ Đông Hà" in stories.description(marked, place)


@pytest.mark.skipif(not SAMPLES.is_file(), reason="the samples lie beside the project only where it is made")
def test_the_texts_are_our_own() -> None:
    with SAMPLES.open(encoding="utf-8") as file:
        samples = [set(row["text"].lower().split()) for row in csv.DictReader(file)]
    for text in TABLES.texts:
        words = set(text.description.lower().split())
        assert max(len(words & sample) / len(words | sample) for sample in samples) < 0.35, text.description
