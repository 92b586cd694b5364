"""Matters for other doors and dangers, told apart from the ordinary reports that use the same words."""

import csv
from pathlib import Path

import pytest

from portal.core.guidance import triage
from portal.core.guidance.suggestion import NOTHING, Cue, Lexicon
from portal.core.guidance.triage import Triage
from portal.core.text import fold

WORDS = Path(__file__).parents[2] / "portal" / "data" / "quang_tri" / "words.csv"

DOORS = {
    "complaint": [
        "Tôi không đồng ý với quyết định thu hồi đất, xin khiếu nại",
        "Gia đình tôi gửi đơn khiếu nại lần hai về mức đền bù",
        "Khiếu nại quyết định xử phạt vi phạm hành chính số 12",
        "Tôi khiếu nại UBND phường không trả lời hồ sơ của tôi",
        "toi muon khieu nai viec den bu",
    ],
    "denunciation": [
        "Tôi tố cáo ông cán bộ địa chính nhận hối lộ của dân",
        "Đơn tố cáo chủ tịch xã tham nhũng",
        "Cán bộ phường vòi vĩnh, nhũng nhiễu người dân",
    ],
    "land_dispute": [
        "Nhà ông Ba lấn đất nhà tôi hai mét",
        "Tranh chấp ranh giới đất với hàng xóm, xin xã hòa giải",
    ],
    "procedure": [
        "Làm sổ đỏ thì nộp hồ sơ ở đâu",
        "Xin giấy phép xây dựng nhà ở cần giấy tờ gì",
        "Tôi muốn nhập hộ khẩu cho con",
        "Làm lại căn cước công dân ở đâu",
    ],
}
DANGERS = {
    "114": ["Nhà hàng xóm đang cháy lớn", "Cháy rừng rồi, lửa lan nhanh lắm"],
    "112": ["Có người đuối nước ở bãi tắm", "Sạt lở vùi lấp ba nhà dân", "Nước lên mái nhà rồi, cứu với"],
    "113": ["Hai nhóm thanh niên đang đánh nhau", "Bị cướp giật dây chuyền trước chợ"],
    "115": ["Tai nạn giao thông nghiêm trọng, nhiều người bị thương", "Có người bị điện giật bất tỉnh"],
}
ORDINARY = [
    "Ổ gà sâu dễ gây tai nạn",
    "Đã khiếu nại nhiều lần mà đèn vẫn tắt",
    "Người dân khiếu nại nhiều lần về mùi hôi của trại heo mà chưa ai xử lý",
    "Đã gửi đơn mấy lần mà đường vẫn chưa sửa",
    "Xe chở đất làm rơi vãi đất đầy đường",
    "Hàng xóm đổ đất lấn ra mương thoát nước làm ngập",
    "Đã xảy ra nhiều vụ tai nạn ở đoạn cua này vì không có biển báo",
    "Bóng đèn cháy mấy hôm nay chưa ai thay",
    "Đèn giao thông hỏng, nguy cơ tai nạn cao",
    "Nhà đối diện xây lên tầng không có giấy phép xây dựng",
    "Nhờ cán bộ phường xuống xem giúp cái cống",
    "Quán nhậu lấn chiếm vỉa hè, đã phản ánh nhiều lần",
    "Đổ rác trước trụ sở công an phường",
    "Nước chảy yếu, mong công ty nước kiểm tra",
    "Cột đèn bị xe tông gãy hôm qua",
    "Cần lắp trụ chữa cháy trong chợ, phòng cháy cho bà con",
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    with WORDS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["subject"] in triage.SUBJECTS | {NOTHING}]
    return Lexicon(Cue(row["subject"], row["phrase"], int(row["weight"])) for row in rows)


def both_ways(text: str, lexicon: Lexicon) -> list[Triage]:
    return [triage.triage(typed, lexicon) for typed in (text, fold(text), text.upper())]


def test_other_doors_are_recognised(lexicon: Lexicon) -> None:
    for door, texts in DOORS.items():
        for text in texts:
            for seen in both_ways(text, lexicon):
                assert door in [found.subject for found in seen.doors], (text, seen)


def test_only_complaints_and_denunciations_are_never_published(lexicon: Lexicon) -> None:
    for door, texts in DOORS.items():
        for text in texts:
            assert triage.triage(text, lexicon).never_published or door in ("land_dispute", "procedure"), text
    assert not triage.triage("Làm sổ đỏ thì nộp hồ sơ ở đâu", lexicon).never_published


def test_dangers_name_the_fitting_number_first_and_all_four(lexicon: Lexicon) -> None:
    for number, texts in DANGERS.items():
        for text in texts:
            for seen in both_ways(text, lexicon):
                assert seen.numbers[:1] == (number,), (text, seen)
                assert sorted(seen.numbers) == list(triage.NUMBERS)


def test_ordinary_reports_are_left_alone(lexicon: Lexicon) -> None:
    for text in ORDINARY:
        for seen in both_ways(text, lexicon):
            assert seen == Triage(), text
