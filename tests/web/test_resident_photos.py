"""Photos: kept before the rest is judged, named where they are refused, made harmless, shown by the report's rule."""

import re
from io import BytesIO
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from time_machine import Traveller

from portal.models import Photo, Report, db, transaction
from portal.services import reports
from portal.services.privacy import erasure
from portal.web import context
from tests.factories import send_report
from tests.web.resident_form import FILLED, error_at, page, picture, send

KEPT = re.compile(r'name="kept" value="([\w-]+)" checked')


def kept(answer_text: str) -> list[str]:
    return KEPT.findall(answer_text)


def test_a_photo_arrives_upright_and_without_the_position_in_it(lan: FlaskClient, photo: bytes) -> None:
    code = send(lan, (photo, "IMG_1.JPG")).location.rpartition("/")[2]
    for size, side in (("small", 320), ("medium", 800), ("large", 1200)):
        answer = lan.get(f"/phan-anh/{code}/anh/1/{size}")
        shown = Image.open(BytesIO(answer.data))
        assert (answer.mimetype, shown.format, max(shown.size)) == ("image/webp", "WEBP", side)
        assert shown.height > shown.width, "the phone held it sideways"
        assert not shown.getexif()
        assert answer.cache_control.private and answer.cache_control.no_cache


def test_a_browser_asks_before_it_shows_its_copy_again(app: Flask, lan: FlaskClient, photo: bytes) -> None:
    code = send(lan, (photo, "IMG_1.JPG")).location.rpartition("/")[2]
    address = f"/phan-anh/{code}/anh/1/small"
    copy = {"If-None-Match": lan.get(address).headers["ETag"]}
    again = lan.get(address, headers=copy)
    assert (again.status_code, again.data) == (304, b"") and len(str(again.headers)) < 200
    assert lan.get(address, headers={"If-None-Match": '"another"'}).status_code == 200
    report = db.session.scalars(select(Report)).one()
    with transaction():
        erasure.forget_photos(report.id)
    assert lan.get(address, headers=copy).status_code == 404


def test_photos_outlive_every_error_of_the_form(lan: FlaskClient) -> None:
    answer = send(lan, (picture(), "den.jpg"), (picture("red"), "duong.png"), description="ngắn")
    tokens = kept(answer.text)
    assert answer.status_code == 422 and len(tokens) == 2
    thumbnail = lan.get(f"/phan-anh/moi/anh/{tokens[0]}")
    assert Image.open(BytesIO(thumbnail.data)).size == (320, 240)
    again = send(lan, (picture("blue"), "them.jpg"), kept=tokens[:1])
    assert again.status_code == 303
    report = db.session.scalars(select(Report)).one()
    assert report.photos[0].token == tokens[0]
    assert len(report.photos) == 2, "the unticked one is left behind, the new one is there"
    assert lan.get(f"/phan-anh/moi/anh/{tokens[0]}").status_code == 404, "it is the report's now"


def test_a_bad_file_is_named_with_its_reason_and_the_good_ones_stay(lan: FlaskClient) -> None:
    whole = picture(size=(1200, 900), kind="PNG")
    answer = send(
        lan,
        (picture(), "tot.jpg"),
        (b"%PDF-1.7 don khieu nai", "Đơn <b>.pdf"),
        (whole[: len(whole) // 2], "nua.png"),
        (b"", "rong.jpg"),
        (b"\xff" * (12 * 1024 * 1024 + 1), "qua-lon.jpg"),
    )
    assert answer.status_code == 422
    error = error_at(answer, "photos")
    assert "“Đơn <b>.pdf”: tệp này không phải là ảnh" in error and "<b>.pdf”" not in answer.text
    assert "“nua.png”: ảnh bị hỏng" in error
    assert "“rong.jpg”: " in error
    assert "“qua-lon.jpg”: ảnh quá lớn (mỗi ảnh tối đa 12 MB)" in error
    assert "tot.jpg" not in error
    assert len(kept(answer.text)) == 1


def test_a_picture_of_too_many_pixels_is_too_large(lan: FlaskClient) -> None:
    out = BytesIO()
    Image.new("1", (10_000, 9_000)).save(out, "PNG")
    assert "“bom.png”: ảnh quá lớn (mỗi ảnh tối đa 60 triệu điểm ảnh)" in error_at(
        send(lan, (out.getvalue(), "bom.png")), "photos"
    )


def test_a_long_file_name_is_shown_by_its_end(lan: FlaskClient) -> None:
    error = error_at(send(lan, (b"x", "a" * 300 + "cuoi.jpg")), "photos")
    assert "cuoi.jpg" in error and len(error) < 300


def test_five_photos_are_kept_and_the_rest_is_told(lan: FlaskClient) -> None:
    seven = [(picture(size=(64, 48)), f"{n}.jpg") for n in range(7)]
    answer = send(lan, *seven)
    assert answer.status_code == 422
    assert "đã giữ 5 ảnh đầu, bỏ 2 ảnh sau" in error_at(answer, "photos")
    tokens = kept(answer.text)
    assert len(tokens) == 5
    assert "bỏ 1 ảnh sau" in error_at(send(lan, seven[0], kept=tokens), "photos")
    assert send(lan, kept=tokens).status_code == 303
    assert len(db.session.scalars(select(Report)).one().photos) == 5


def test_tokens_that_are_not_kept_photos_are_ignored(lan: FlaskClient) -> None:
    other = send_report()
    taken = reports.keep_photo(picture(), storage=context.storage(), now=context.now())
    send_report(photos=(taken.token,))
    assert send(lan, kept=[taken.token, "khong-co", "../../etc/passwd", "'--"]).status_code == 303
    assert [len(report.photos) for report in db.session.scalars(select(Report).order_by(Report.id))] == [
        0,
        1,
        0,
    ]
    assert not other.photos


def test_no_more_than_together_is_read(app: Flask, lan: FlaskClient) -> None:
    answer = send(lan, *[(b"\xff" * (13 * 1024 * 1024), f"{n}.jpg") for n in range(5)])
    assert answer.status_code == 413
    assert "quá lớn" in page(answer)


def test_photos_sent_as_text_are_none(lan: FlaskClient) -> None:
    assert lan.post("/phan-anh/moi", data={**FILLED, "photos": "anh.jpg"}).status_code == 303


def test_no_other_picture_has_an_address(lan: FlaskClient) -> None:
    report = send(lan, (picture(), "den.jpg")).location
    for address in ("0/small", "2/small", "1/huge", "x/small", "99999999999999999999/small"):
        assert lan.get(f"{report}/anh/{address}").status_code == 404, address
    assert lan.get("/phan-anh/QT-2611-0000-0/anh/1/small").status_code == 404
    assert lan.get("/phan-anh/moi/anh/khong-co").status_code == 404


def test_a_photo_brings_no_cookie_that_could_be_older_than_the_page(lan: FlaskClient) -> None:
    report = send(lan, (picture(), "den.jpg")).location
    assert "Set-Cookie" not in lan.get(f"{report}/anh/1/small").headers
    assert "Set-Cookie" not in lan.get("/static/0/img/emblem.svg", buffered=True).headers


def test_photos_of_a_private_category_are_its_reporters_only(app: Flask, lan: FlaskClient) -> None:
    address = send(lan, (picture(), "on.jpg"), category="tieng_on").location + "/anh/1/large"
    assert lan.get(address).status_code == 200
    assert app.test_client().get(address).status_code == 404


def test_a_store_that_refuses_is_a_busy_house_not_a_lost_report(
    app: Flask, lan: FlaskClient, tmp_path: Path, now: Traveller
) -> None:
    folder = tmp_path / "photos"
    folder.rename(tmp_path / "away") if folder.exists() else None
    folder.write_text("a file where the folder should be")
    answer = send(lan, (picture(), "den.jpg"))
    assert answer.status_code == 503
    assert "chưa được lưu" in page(answer)
    assert not list(db.session.scalars(select(Photo)))
