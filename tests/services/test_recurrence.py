"""What comes back within thirty days after it was said to be done is linked, counted, and shown to both sides."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.core.workflow import Step
from portal.models import Report, db, transaction
from portal.services import insights
from tests.conftest import MONDAY_8AM
from tests.factories import send_report, step

HERE = {"latitude": 16.8166, "longitude": 107.1003, "located": "pin"}


def done(**changes: object) -> Report:
    report = send_report(**{**HERE, **changes})
    step(report, Step.RECEIVE, by="minh")
    step(report, Step.RESOLVE, f"Đã thay bóng đèn số {report.id}")
    return report


@pytest.fixture
def lamp(app: Flask) -> Report:
    """A lamp that was mended, among others that say nothing of it."""
    done(latitude=16.8286)
    done(category="rac_thai", description="Rác đầu ngõ")
    send_report(**HERE)
    return done()


def test_the_last_done_near_by_is_meant_and_both_pages_say_so(
    lan: FlaskClient, minh: FlaskClient, lamp: Report, now
) -> None:
    now.move_to(MONDAY_8AM + timedelta(days=9))
    again = send_report(**HERE | {"latitude": 16.8172})
    other = send_report(**HERE | {"latitude": 16.8176})
    db.session.refresh(lamp)
    assert (again.recurrence_of_id, other.recurrence_of_id, lamp.times_recurred) == (lamp.id, None, 1)
    said = "Việc này đã được báo xử lý xong ngày 16/11/2026, nay lại xảy ra."
    page = lan.get(f"/phan-anh/{again.code}").text
    assert said in page and lamp.code in page
    assert "được phản ánh lại 1 lần" in lan.get(f"/phan-anh/{lamp.code}").text
    assert said in minh.get(f"/can-bo/phan-anh/{again.code}").text
    page = minh.get(f"/can-bo/phan-anh/{lamp.code}").text
    assert "Xảy ra lại 1 lần sau khi báo xong" in page and again.code in page
    figures = insights.response_times(
        date(2026, 11, 1), date(2026, 11, 30), "category", now=datetime.now(UTC)
    )
    assert {row.thing.code: row.recurred for row in figures.rows} == {"den_duong": 1, "rac_thai": 0}


def test_thirty_days_and_the_same_words_are_the_bound(lan: FlaskClient, lamp: Report, now) -> None:
    by_words = {"latitude": None, "longitude": None, "located": "area", "place": "Trước Chợ Đông Hà"}
    word = done(**by_words)
    now.move_to(MONDAY_8AM + timedelta(days=30))
    assert send_report(**by_words | {"place": "trước chợ đông hà"}).recurrence_of_id == word.id
    assert send_report(**by_words | {"place": "Sau chợ Đông Hà"}).recurrence_of_id is None
    assert send_report(**by_words | {"place": ""}).recurrence_of_id is None
    assert send_report(**by_words | {"area": "19351"}).recurrence_of_id is None
    now.move_to(MONDAY_8AM + timedelta(days=30, minutes=1))
    assert send_report(**HERE).recurrence_of_id is None


def test_nobody_reads_of_what_is_not_public(lan: FlaskClient, lamp: Report) -> None:
    with transaction():
        lamp.private = True
    again = send_report(**HERE)
    assert again.recurrence_of_id == lamp.id
    page = lan.get(f"/phan-anh/{again.code}").text
    assert "nay lại xảy ra" not in page and lamp.code not in page


def test_a_page_of_what_never_came_back_asks_nothing_more(lan: FlaskClient, lamp: Report) -> None:
    def asked(report: Report) -> int:
        statements: list[str] = []

        def notice(_connection, _cursor, statement, *_rest) -> None:
            statements.append(statement)

        lan.get(f"/phan-anh/{report.code}")
        event.listen(db.engine, "before_cursor_execute", notice)
        lan.get(f"/phan-anh/{report.code}")
        event.remove(db.engine, "before_cursor_execute", notice)
        return len(statements)

    plain = asked(lamp)
    send_report(**HERE)
    assert asked(lamp) == plain, "the count stands with the report"
