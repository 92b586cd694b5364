"""What the form says about a description: categories to choose, other doors, numbers to call; and its questions."""

import re
import unicodedata

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from portal.models import Choice, Question, Report, db, transaction
from portal.services import territory
from tests.web.resident_form import FILLED, error_at, page, picture, send

LAMP = "Đèn đường kiệt 3 tắt cả tuần ni, tối thui"
COMPLAINT = "Tôi khiếu nại quyết định xử phạt cửa hàng của tôi, đề nghị hủy"
MENTIONED = "Đã khiếu nại nhiều lần mà đèn đường trước nhà vẫn tắt"


def hints(client: FlaskClient, description: str) -> TestResponse:
    return client.post("/phan-anh/moi/goi-y", data={"description": description})


def reports() -> list[Report]:
    return list(db.session.scalars(select(Report)))


def ask(category: str, question: str, *answers: str) -> None:
    """A question of the pack with these answers only, as routing rules need it."""
    with transaction():
        territory.revise()
        db.session.execute(delete(Choice).filter_by(category_code=category, question_code=question))
        if not db.session.get(Question, (category, question)):
            db.session.add(
                Question(
                    category_code=category,
                    code=question,
                    label="Đường loại gì?",
                    label_en="What road?",
                    position=1,
                )
            )
            db.session.flush()
        for place, answer in enumerate(answers):
            db.session.merge(
                Choice(
                    category_code=category,
                    question_code=question,
                    code=answer,
                    label=f"Loại {answer}",
                    label_en=f"Kind {answer}",
                    position=place,
                )
            )
        territory.revise()


def test_hints_name_categories_by_the_writers_words(lan: FlaskClient) -> None:
    piece = hints(lan, LAMP)
    assert piece.status_code == 200 and "<html" not in piece.text
    assert re.findall(r'name="category"[^>]*value="(\w+)"', piece.text)[0] == "den_duong"
    assert "Có phải: Đèn đường, chiếu sáng công cộng" in page(piece)
    assert "vì có từ: Đèn đường, tắt, tối thui" in page(piece)
    assert "checked" not in piece.text, "never chosen for anybody"
    lan.set_cookie("language", "en")
    assert "Street lighting" in hints(lan, LAMP).text


def test_hints_are_honest_about_what_is_unclear(lan: FlaskClient) -> None:
    assert "Chưa rõ" in page(hints(lan, "Nhờ phường xem giúp với ạ"))
    assert hints(lan, "").text.strip() == ""
    for strange in (
        "\u0000\u0007\u202e",
        "<script>alert(1)</script> đèn đường",
        "đèn " * 2000,
        "😭" * 500,
        "{{ 7*7 }} %(x)s",
    ):
        piece = hints(lan, strange)
        assert piece.status_code == 200 and "<script>" not in piece.text, strange
    assert "den_duong" in hints(lan, unicodedata.normalize("NFD", LAMP)).text
    assert lan.post("/phan-anh/moi/goi-y", data={"description": "đ" * 200_000}).status_code == 413
    assert "den_duong" in hints(lan, "đèn đường tắt " * 100).text


def test_complaints_stay_with_staff(lan: FlaskClient) -> None:
    """The category for complaints is nothing that a resident can choose."""
    assert "ngoai_pham_vi" not in hints(lan, COMPLAINT).text


def test_dangers_show_numbers_that_can_be_tapped(lan: FlaskClient) -> None:
    piece = hints(lan, "Có người đuối nước ở bãi tắm")
    assert re.findall(r'href="tel:(\d+)"', piece.text) == ["112", "114", "113", "115"]
    assert "tel:" not in hints(lan, "Ổ gà sâu dễ gây tai nạn").text
    sent = lan.get(send(lan, description="Nhà hàng xóm đang cháy lớn, cứu với").location)
    assert 'class="danger"' in sent.text and 'href="tel:114"' in sent.text.partition("receipt")[0]


def test_hints_want_a_token_and_a_post(app_with_csrf: Flask) -> None:
    client = app_with_csrf.test_client()
    assert hints(client, LAMP).status_code == 400
    assert client.get("/phan-anh/moi/goi-y").status_code in (404, 405)


def test_without_a_category_the_form_brings_suggestions(lan: FlaskClient) -> None:
    answer = send(lan, category=None, description=LAMP)
    assert answer.status_code == 422 and "Xin chọn một lĩnh vực" in error_at(answer, "category")
    offered = page(answer).partition('id="hints"')[2].partition('id="category"')[0]
    assert re.findall(r'type="radio" name="category"[^>]*value="(\w+)"', offered)[0] == "den_duong"
    assert "vì có từ: Đèn đường, tắt, tối thui" in offered
    assert send(lan, description=LAMP, category="den_duong").status_code == 303


def test_another_door_is_shown_once_and_nothing_is_lost(lan: FlaskClient) -> None:
    answer = send(lan, (picture(), "bien-ban.jpg"), description=COMPLAINT, category="khac")
    assert answer.status_code == 422
    assert "Luật Khiếu nại 2011" in page(answer) and "Tôi vẫn muốn gửi phản ánh này" in page(answer)
    assert COMPLAINT in page(answer) and 'name="kept"' in answer.text
    assert re.findall(r'value="(\w+)" checked', answer.text.partition('id="category"')[2])[0] == "khac"
    assert not reports()
    (door,) = re.findall(r'name="go_on"[^>]*value="([\w ]+)"', answer.text)
    assert send(lan, description=COMPLAINT, category="khac", go_on="procedure").status_code == 422, (
        "another door"
    )
    assert send(lan, description=COMPLAINT, category="khac", go_on=door).status_code == 303


def test_a_report_that_only_mentions_a_complaint_is_sent_and_read_like_any_other(
    app: Flask, lan: FlaskClient
) -> None:
    sent = send(lan, description=MENTIONED)
    assert sent.status_code == 303 and not reports()[0].private
    assert MENTIONED in page(app.test_client().get(sent.location))


@pytest.mark.parametrize(
    ("description", "door", "published"),
    [
        (COMPLAINT, "complaint", False),
        ("Tố cáo cán bộ địa chính nhận hối lộ của người dân", "denunciation", False),
        ("Nhà ông Ba lấn đất nhà tôi hai mét ở cuối vườn", "land_dispute", True),
        ("Hồ sơ xin cấp sổ đỏ nộp lâu rồi chưa được trả", "procedure", True),
    ],
)
def test_what_reads_like_a_complaint_is_never_published(
    app: Flask, lan: FlaskClient, minh: FlaskClient, description: str, door: str, published: bool
) -> None:
    sent = send(lan, (picture(), "anh.jpg"), description=description, go_on=door)
    assert sent.status_code == 303
    (report,) = reports()
    assert report.private is not published
    assert description in page(lan.get(sent.location)), "its reporter reads it"
    stranger = app.test_client()
    assert (description in page(stranger.get(sent.location))) is published
    assert stranger.get(f"{sent.location}/anh/1/small").status_code == (200 if published else 404)
    assert description in page(minh.get(f"/can-bo{sent.location}")), "its unit reads it"


def test_questions_stand_with_their_category_and_are_kept(lan: FlaskClient) -> None:
    ask("den_duong", "road_class", "national", "urban")
    ask("cay_xanh", "road_class", "national", "forest")
    blank = lan.get("/phan-anh/moi").text
    card = blank.partition('value="den_duong"')[2].partition('class="choice"')[0]
    assert re.findall(r'name="answer-road_class"[^>]*value="(\w*)"', card) == ["", "national", "urban"]
    assert "Không rõ" in card and "checked" not in blank
    assert 'name="answer-road_class"' in hints(lan, LAMP).text
    back = send(lan, description="ngắn", **{"answer-road_class": "urban"})
    assert re.search(r'name="answer-road_class"[^>]*value="urban" checked', back.text)
    assert send(lan, **{"answer-road_class": "urban"}).status_code == 303
    assert reports()[0].answers == {"road_class": "urban"}
    lan.set_cookie("language", "en")
    assert "Kind urban" in lan.get("/phan-anh/moi").text


def test_only_answers_of_the_chosen_category_count(lan: FlaskClient) -> None:
    ask("den_duong", "road_class", "national")
    ask("cay_xanh", "owner", "ward")
    for wrong in ("forest", "x" * 5000, "national' OR 1=1", "\u0000"):
        answer = send(lan, **{"answer-road_class": wrong})
        assert answer.status_code == 422 and "câu trả lời" in error_at(answer, "category"), wrong
        assert FILLED["description"] in page(answer)
    assert not reports()
    taken = send(lan, **{"answer-road_class": "", "answer-owner": "anything", "answer-unheard": "of"})
    assert taken.status_code == 303 and reports()[0].answers == {}
