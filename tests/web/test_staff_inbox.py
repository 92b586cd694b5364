"""The inbox: what a unit owes, in order, counted, searched, paged, and closed to every other unit."""

import re
import sys
from datetime import datetime
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from portal.core.deadlines import VIETNAM
from portal.core.workflow import Reason, Step
from portal.models import Cooperation, Report, db, transaction
from portal.services import reports
from portal.services.inbox import Wish
from portal.web import context
from tests.factories import send_report, step

COUNT = re.compile(r'tab=(\w+)[^>]*>[^<]*<span class="count">(\d+)</span>')
CODE = re.compile(r'<span class="code">([\w-]+)</span>')


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


def codes(page: str) -> list[str]:
    return CODE.findall(page)


def counts(page: str) -> dict[str, int]:
    return {tab: int(number) for tab, number in COUNT.findall(page)}


def show(client: FlaskClient, **asked: object) -> str:
    answer = client.get("/can-bo/", query_string=asked)
    assert answer.status_code == 200
    return answer.text


def linked(page: str, rel: str) -> str | None:
    """Where the link to the next or previous page leads."""
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return unescape(found[1]) if found else None


@pytest.fixture
def pages_of_five(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turning them is the same work as turning those of twenty-five, for fewer reports."""
    monkeypatch.setattr(sys.modules[Wish.__module__], "PAGE_SIZE", 5)


@pytest.fixture
def five(app: Flask, now) -> dict[str, Report]:
    """One report for each tab of Minh's ward, and noise of another ward in each."""
    made = {}
    for area in ("19351", "19333"):
        by = "minh" if area == "19333" else "tuan"
        now.move_to(at(12, 8))
        made["late"] = send_report(
            area=area, description="Rác chất đống cạnh trường học", category="rac_thai"
        )
        now.move_to(at(16, 8))
        made["new"] = send_report(area=area)
        made["mine"] = step(
            send_report(area=area, description="Cột đèn nghiêng sát nhà"), Step.RECEIVE, by=by
        )
        made["waiting"] = step(
            send_report(area=area, description="Đèn nhấp nháy cả đêm"), Step.RECEIVE, by=by
        )
        step(made["waiting"], Step.ASK, "Đèn số mấy?", by=by)
        made["done"] = send_report(area=area, description="Bóng đèn cháy đầu ngõ")
        step(made["done"], Step.REJECT, "không thấy", by=by, reason=Reason.NOT_FOUND)
    return made


def test_tabs_hold_the_units_tickets_with_right_counts(minh: FlaskClient, five: dict[str, Report]) -> None:
    expected = {
        "todo": ["late", "new", "mine"],
        "mine": ["mine", "waiting"],
        "helping": [],
        "approval": [],
        "waiting": ["waiting"],
        "overdue": ["late"],
        "done": ["done"],
    }
    for tab, names in expected.items():
        page = show(minh, tab=tab)
        assert codes(page) == [five[name].code for name in names], tab
        assert counts(page) == {tab: len(names) for tab, names in expected.items()}
    assert codes(show(minh)) == codes(show(minh, tab="todo"))


def test_the_clock_that_runs_out_next_comes_first(app: Flask, minh: FlaskClient, now) -> None:
    slow = send_report(category="duong_hong", description="Ổ gà lớn giữa đường Hùng Vương")
    step(slow, Step.RECEIVE)  # five working days to resolve
    lamp = send_report()  # a day to receive
    tree = send_report(category="cay_xanh", description="Cây gãy chắn ngang đường")  # half a day to receive
    assert codes(show(minh)) == [tree.code, lamp.code, slow.code]


def test_due_times_are_words_with_a_shape(app: Flask, minh: FlaskClient, now) -> None:
    send_report()
    for moment, words, state in (
        (at(16, 8), "còn 1 ngày làm việc", "open"),
        (at(16, 10), "còn 6 giờ làm việc", "open"),
        (at(16, 17, 30), "còn 30 phút", "soon"),
        (at(17, 8), "còn dưới một phút", "soon"),
        (at(17, 10), "quá hạn 2 giờ làm việc", "late"),
        (at(19, 9), "quá hạn 2 ngày làm việc", "late"),
    ):
        now.move_to(moment)
        page = show(minh)
        assert re.search(rf'due-{state}"><svg.*?</svg>{words}</span>', page), (moment, words)


def test_search_finds_words_without_marks_in_any_order(minh: FlaskClient, five: dict[str, Report]) -> None:
    for words in ("cot den nghieng", "NGHIÊNG đèn", "nghie\u0302ng  cô\u0323t"):
        assert codes(show(minh, q=words)) == [five["mine"].code], words
    page = show(minh, q="den")
    assert counts(page) == {
        "todo": 2,
        "mine": 2,
        "helping": 0,
        "waiting": 1,
        "approval": 0,
        "overdue": 0,
        "done": 1,
    }


def test_strange_words_find_nothing_and_break_nothing(minh: FlaskClient, five: dict[str, Report]) -> None:
    for words in ("%", "_", "'; DROP TABLE report;--", "<script>x</script>", "🌊", "\x00", "=1+1"):
        page = show(minh, q=f"{words} xyz")
        assert codes(page) == [] and "Không có phản ánh nào khớp" in page, words
        assert "<script>x" not in page


def test_the_category_narrows_the_list_and_its_counts(minh: FlaskClient, five: dict[str, Report]) -> None:
    page = show(minh, category="rac_thai")
    assert codes(page) == [five["late"].code]
    assert counts(page)["todo"] == counts(page)["overdue"] == 1 and counts(page)["done"] == 0
    assert "category=rac_thai" in page, "tabs keep the filter"


def test_a_wrong_search_says_so_at_its_field(app: Flask, minh: FlaskClient) -> None:
    for asked, sentence in (
        ({"category": "khong_co"}, "Xin chọn một lĩnh vực trong danh sách."),
        ({"q": "a" * 101}, "Từ tìm dài quá 100 ký tự"),
        ({"area": "19351-x"}, "Xin chọn phường, xã trong danh sách."),
        ({"status": "resolved' OR 1=1"}, "Xin chọn một trạng thái trong danh sách."),
        ({"priority": "=1+1"}, "Xin chọn một mức ưu tiên trong danh sách."),
        ({"channel": "x" * 5000}, "Xin chọn một kênh trong danh sách."),
        ({"first": "0001-01-01"}, "Ngày không đúng."),
        ({"last": "31/02/2026"}, "Ngày không đúng."),
        ({"last": "9999-12-31"}, "Ngày không đúng."),
        ({"first": "16/11/2026", "last": "15/11/2026"}, "Ngày cuối phải từ ngày đầu trở đi."),
        ({"q": "QT-2611-04F7-0"}, "Mã phản ánh sai một chữ hoặc số"),
    ):
        answer = minh.get("/can-bo/", query_string=asked)
        assert answer.status_code == 422
        assert sentence in answer.text and 'class="field-error"' in answer.text


def test_a_code_finds_its_ticket_whatever_the_filters_say(
    minh: FlaskClient, tuan: FlaskClient, five: dict[str, Report]
) -> None:
    code = five["done"].code
    for typed in (code, code.lower().replace("-", " ")):
        answer = minh.get("/can-bo/", query_string={"q": typed, "tab": "mine", "category": "rac_thai"})
        assert (answer.status_code, answer.location) == (302, f"/can-bo/phan-anh/{code}")
    page = show(tuan, q=code)
    assert f"/can-bo/phan-anh/{code}" not in page
    assert "Đơn vị không có phản ánh nào mang mã" in page


def test_another_unit_sees_nothing(tuan: FlaskClient, minh: FlaskClient, five: dict[str, Report]) -> None:
    ours = {report.code for report in five.values()}
    for tab in ("todo", "mine", "waiting", "approval", "overdue", "done"):
        assert not ours & set(codes(show(tuan, tab=tab)))
        assert not ours & set(codes(show(tuan, tab=tab, q="den")))
    assert counts(show(tuan)) == counts(show(minh))


def test_a_unit_that_helps_reads_the_ticket_and_takes_no_step(
    minh: FlaskClient, tuan: FlaskClient, five: dict[str, Report]
) -> None:
    helped, closed = send_report(area="19351"), send_report(area="19351", description="Đèn hỏng")
    step(closed, Step.REJECT, "trùng", by="tuan", reason=Reason.NOT_FOUND)
    for report in (helped, closed):
        with transaction():
            db.session.add(
                Cooperation(report_id=report.id, unit_id=five["new"].lead_unit_id, since=at(16, 8))
            )
    page = show(minh, tab="helping")
    assert codes(page) == [helped.code] and counts(page)["helping"] == 1
    assert counts(show(minh, tab="helping", category="rac_thai"))["helping"] == 0
    ticket = minh.get(f"/can-bo/phan-anh/{helped.code}")
    assert ticket.status_code == 200 and "Đơn vị của bạn phối hợp" in ticket.text
    assert not re.search(rf"{helped.code}/(receive|reject|note)\b", ticket.text)
    seen = {"seen": "submitted"}
    assert minh.post(f"/can-bo/phan-anh/{helped.code}/receive", data=seen).status_code == 404
    assert codes(show(tuan, tab="helping")) == [] and helped.code in codes(show(tuan))


def test_filters_narrow_every_tab_and_stay_in_the_address(
    app: Flask, minh: FlaskClient, five: dict[str, Report], now
) -> None:
    now.move_to(at(17, 8))
    urgent = send_report(category="cay_xanh", description="Cây gãy chắn ngang đường")
    for asked, names in (
        ({"area": "19333"}, {"todo": 4, "mine": 2, "overdue": 1, "waiting": 1, "done": 1}),
        ({"status": "received"}, {"todo": 1, "mine": 1}),
        ({"priority": urgent.priority, "first": "17/11/2026"}, {"todo": 1}),
        ({"first": "2026-11-12", "last": "2026-11-12"}, {"todo": 1, "overdue": 1}),
        ({"first": "13/11/2026", "last": "16/11/2026"}, {"todo": 2, "mine": 2, "waiting": 1, "done": 1}),
        ({"channel": "zalo"}, {}),
        ({"channel": "web", "status": "submitted", "q": "cay gay"}, {"todo": 1}),
    ):
        page = show(minh, **asked)
        assert {tab: count for tab, count in counts(page).items() if count} == names, asked
        assert len(codes(page)) == names.get("todo", 0)
        for name in asked:
            assert re.search(rf'href="/can-bo/\?tab=done[^"]*{name}=', page), (asked, name)


def test_a_colleague_shares_the_inbox_but_not_what_is_mine(
    app: Flask, enter, minh: FlaskClient, five: dict[str, Report]
) -> None:
    with_tuan = db.session.scalars(select(Report.id).where(Report.area_code == "19351")).all()
    assert with_tuan
    page = show(enter("tuan"), tab="mine")
    assert five["mine"].code not in page and len(codes(page)) == 2


def test_pages_go_on_from_row_to_row_both_ways(app: Flask, minh: FlaskClient, now, pages_of_five) -> None:
    """Twelve reports, all due at the same moment: nothing is doubled, nothing is left out."""
    sent = [send_report(description=f"Đèn số {number} trước chợ bị tắt").code for number in range(12)]
    pages, address = [], "/can-bo/?q=den"
    while address:
        pages.append(minh.get(address).text)
        address = linked(pages[-1], "next")
    assert [codes(page) for page in pages] == [sent[:5], sent[5:10], sent[10:]]
    assert all(counts(page)["todo"] == 12 for page in pages)
    assert linked(pages[0], "prev") is None
    for page, earlier in ((pages[2], sent[5:10]), (pages[1], sent[:5])):
        assert codes(minh.get(linked(page, "prev")).text) == earlier
    for code in sent[:3]:  # what goes meanwhile moves no row over the edge of a page
        step(
            db.session.scalars(select(Report).filter_by(code=code)).one(),
            Step.REJECT,
            "trùng",
            reason=Reason.NOT_FOUND,
        )
    assert codes(minh.get(linked(pages[0], "next")).text) == sent[5:10]
    back = minh.get(linked(pages[1], "prev")).text
    assert codes(back) == sent[3:8], "the first page is always a whole one"
    assert linked(back, "prev") is None and linked(back, "next")


def test_every_order_can_be_paged(app: Flask, minh: FlaskClient, now, pages_of_five) -> None:
    """The newest closed first; what runs before what stands still; ties by their number."""
    made = []
    for number in range(10):
        now.move_to(at(16, 8 + number // 6))
        made.append(step(send_report(description=f"Đèn số {number}"), Step.RECEIVE))
    for report in made[:8]:
        step(report, Step.ASK, "Đèn số mấy?")
    running, standing = [made[8].code, made[9].code], [report.code for report in made[:8]]
    for tab, order in (("mine", running + standing), ("waiting", standing)):
        first = show(minh, tab=tab)
        second = minh.get(linked(first, "next")).text
        assert codes(first) + codes(second) == order, tab
        assert codes(minh.get(linked(second, "prev")).text) == order[:5]
    for number, report in enumerate(made):
        now.move_to(at(17, 8 + number // 4))
        step(report, Step.REJECT, "trùng", reason=Reason.NOT_FOUND)
    first = show(minh, tab="done")
    closed = [report.code for report in reversed(made)]
    assert codes(first) == closed[:5] and codes(minh.get(linked(first, "next")).text) == closed[5:]


def test_a_cursor_that_nobody_wrote_shows_the_first_page_and_says_so(
    app: Flask, minh: FlaskClient, pages_of_five
) -> None:
    sent = [send_report(description=f"Đèn số {number}").code for number in range(6)]
    right = linked(show(minh), "next").partition("at=")[2]
    for cursor in ("", "x", right[:-1], right + "A", "[]", "\x00", "9" * 5000, f"{right[1:]}"):
        answer = minh.get("/can-bo/", query_string={"at": cursor})
        assert answer.status_code == 400, cursor
        assert codes(answer.text) == sent[:5] and "Địa chỉ trang không đọc được" in answer.text
    assert minh.get(f"/can-bo/?tab=done&at={right}").status_code == 400, "another tab's"


def test_a_page_by_its_number_as_old_links_ask_for_is_the_first_one(app: Flask, minh: FlaskClient) -> None:
    code = send_report().code
    for page in ("1", "2", "0", "-1", "abc", str(10**9), "9" * 5000, "٢", ""):
        shown = show(minh, page=page)
        assert codes(shown) == [code] and "không còn đánh số trang" in shown, page


def test_an_unknown_tab_is_not_found_and_an_empty_one_says_so(app: Flask, minh: FlaskClient) -> None:
    assert minh.get("/can-bo/?tab=khac").status_code == 404
    for tab, sentence in (("todo", "Không còn việc nào"), ("done", "Chưa có phản ánh nào đã xong")):
        assert sentence in show(minh, tab=tab)


def test_the_number_of_statements_does_not_grow_with_the_list(
    app: Flask, minh: FlaskClient, photo: bytes
) -> None:
    statements: list[str] = []

    def notice(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    def filled(number: int) -> int:
        for place in range(number):
            step(send_report(area="19351"), Step.RECEIVE, by="tuan")
            kept = reports.keep_photo(photo, storage=context.storage(), now=at(16, 8))
            category = ("den_duong", "rac_thai")[place % 2]
            step(send_report(category=category, photos=(kept.token,)), Step.RECEIVE)
        statements.clear()
        event.listen(db.engine, "before_cursor_execute", notice)
        page = show(minh, q="den", category="den_duong")
        event.remove(db.engine, "before_cursor_execute", notice)
        assert counts(page)["todo"] == len(codes(page)) == lamps
        return len([statement for statement in statements if not statement.startswith("BEGIN")])

    lamps = 1
    first = filled(1)
    lamps = 3
    assert first == filled(4) <= 12


def test_hostile_text_is_shown_as_text(app: Flask, minh: FlaskClient) -> None:
    send_report(description="<img src=x onerror=alert(1)> đèn tắt\nhàng hai")
    page = show(minh)
    assert "&lt;img src=x" in page and "<img src=x" not in page and "hàng hai" not in page
