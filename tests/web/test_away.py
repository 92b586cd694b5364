"""When the database is away, people are told so in words, on a whole page, with the right status."""

from flask import Flask
from flask.testing import FlaskClient

from portal.models import db, transaction


def test_a_database_that_fails_is_a_page_and_not_an_accident(app: Flask, lan: FlaskClient) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with transaction():
        db.session.execute(db.text("ALTER TABLE territory RENAME TO hidden"))
    try:
        for path in ("/", "/phan-anh/moi", "/tra-cuu"):
            answer = lan.get(path)
            assert answer.status_code in (200, 500, 503), path
            assert "</html>" in answer.text and "Traceback" not in answer.text, path
        assert lan.get("/readyz").status_code == 503
        assert lan.get("/healthz").status_code == 200
    finally:
        with transaction():
            db.session.execute(db.text("ALTER TABLE hidden RENAME TO territory"))


def test_who_was_writing_then_reads_their_words_even_without_the_frame_of_the_page(
    app: Flask, minh: FlaskClient
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with transaction():
        db.session.execute(db.text("ALTER TABLE staff_session RENAME TO hidden"))
    try:
        answer = minh.post("/can-bo/bo-loc", data={"name": "Đèn đường chợ"})
        assert answer.status_code in (500, 503) and "Đèn đường chợ" in answer.text
        assert "mã sự cố" in answer.text and "Traceback" not in answer.text
    finally:
        with transaction():
            db.session.execute(db.text("ALTER TABLE hidden RENAME TO staff_session"))
