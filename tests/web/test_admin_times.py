"""Response times through the administrator's door: periods, bars with numbers, and a table to take away."""

import csv
import re
from datetime import datetime
from html import unescape
from io import StringIO

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal.core.deadlines import VIETNAM
from portal.core.workflow import Reason, Step
from portal.models import Unit, db, transaction
from tests.factories import send_report, step, unit

ADDRESS = "/quan-tri/thoi-gian"
NOVEMBER = "from=01/11/2026&to=30/11/2026"


def words(page: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def rows(page: str) -> dict[str, str]:
    """What the table says, by the name at the head of each row."""
    body = re.search(r"<tbody.*?</tbody>", page, re.S)
    found = re.findall(r"<tr.*?>(.*?)</tr>", body[0], re.S) if body else []
    cells = [[words(cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.S)] for row in found]
    return {name: " | ".join(rest) for name, *rest in cells}


def a_fortnight(now: time_machine.Traveller) -> None:
    """Two reports of Đông Hà answered, one of them late; one of Nam Đông Hà open and overdue; noise in October."""
    for day, hour, *answered in ((28, 9), (2, 8, 16), (16, 8, 16), (2, 9)):
        month = 10 if day == 28 else 11
        now.move_to(datetime(2026, month, day, hour, tzinfo=VIETNAM), tick=False)
        report = send_report(area="19333" if answered else "19351")
        if answered:
            now.move_to(datetime(2026, 11, answered[0], 10, tzinfo=VIETNAM), tick=False)
            step(report, Step.RECEIVE)
            step(report, Step.RESOLVE, "Đã thay bóng")
    now.move_to(datetime(2026, 11, 16, 10, tzinfo=VIETNAM), tick=False)


def test_the_table_tells_counts_shares_and_times_per_unit_and_per_category(
    app: Flask, ha: FlaskClient, now: time_machine.Traveller
) -> None:
    a_fortnight(now)
    page = ha.get(f"{ADDRESS}?{NOVEMBER}").text
    assert rows(page) == {
        "UBND phường Đông Hà": "2 | 2 1 xảy ra lại | 50 % 1/2 | 5,2 ngày làm việc | 0 | 0",
        "UBND phường Nam Đông Hà": "1 | 0 | chưa có | chưa có | 1 | 1",
        "Tất cả": "3 | 2 1 xảy ra lại | 50 % 1/2 | 5,2 ngày làm việc | 1 | 1",
    }
    assert "Ngoài kỳ này còn 1 phản ánh đang mở gửi từ trước, 1 quá hạn" in words(page)
    bars = re.findall(r'<svg class="bar.*?aria-label="([^"]+)".*?</svg>', page, re.S)
    assert bars == ["50 %", "5,2 ngày làm việc"] * 2
    assert "1 trong 2 câu trả lời gần như chép lại câu trước" in page
    assert "0 trong 2 kết quả có ảnh chưa rõ" in page
    by_category = ha.get(f"{ADDRESS}?{NOVEMBER}&by=category").text
    assert list(rows(by_category)) == ["Đèn đường, chiếu sáng công cộng", "Tất cả"]


def test_rows_can_be_sorted_by_every_figure(app: Flask, ha: FlaskClient, now: time_machine.Traveller) -> None:
    a_fortnight(now)
    first = {
        sort: next(iter(rows(ha.get(f"{ADDRESS}?{NOVEMBER}&sort={sort}").text)))
        for sort in ("received", "on_time", "time", "open", "overdue", "name", "nonsense")
    }
    dong_ha, nam_dong_ha = "UBND phường Đông Hà", "UBND phường Nam Đông Hà"
    assert first == dict.fromkeys(("received", "on_time", "time", "name", "nonsense"), dong_ha) | {
        "open": nam_dong_ha,
        "overdue": nam_dong_ha,
    }
    page = ha.get(f"{ADDRESS}?{NOVEMBER}&sort=overdue").text
    assert re.search(r'sort=overdue"\s+aria-current="true"', page)


def test_the_usual_period_is_thirty_days_and_links_lead_to_others(app: Flask, ha: FlaskClient) -> None:
    page = ha.get(ADDRESS).text
    assert "Phản ánh gửi từ 18/10/2026 đến 16/11/2026" in page
    links = unescape(page)
    for since, until in (
        ("2026-11-16", "2026-11-16"),  # this week: today is a Monday
        ("2026-10-18", "2026-11-16"),
        ("2026-10-01", "2026-10-31"),
        ("2026-10-01", "2026-11-16"),
        ("2026-01-01", "2026-11-16"),
    ):
        assert f"from={since}&to={until}" in links
    assert "Chưa có phản ánh nào trong kỳ này." in page and "0 %" not in page


def test_days_are_read_as_people_and_machines_write_them(app: Flask, ha: FlaskClient) -> None:
    for typed in (
        "05/11/2026",
        "5/11/2026",
        "05112026",
        "5.11.2026",
        "5-11-2026",
        "2026-11-05",
        " 05/11/2026 ",
    ):
        page = ha.get(ADDRESS, query_string={"from": typed, "to": "06/11/2026"})
        assert page.status_code == 200 and "từ 05/11/2026 đến 06/11/2026" in page.text, typed
    for given, shown in (
        ({"from": "01/11/2026"}, "từ 01/11/2026 đến 16/11/2026"),
        ({"to": "31/10/2026"}, "từ 02/10/2026 đến 31/10/2026"),
        ({"from": "", "to": ""}, "từ 18/10/2026 đến 16/11/2026"),
        ({"from": "01/12/2026"}, "từ 01/12/2026 đến 01/12/2026"),
        ({"from": "16/11/2021", "to": "16/11/2026"}, "từ 16/11/2021 đến 16/11/2026"),
    ):
        assert shown in ha.get(ADDRESS, query_string=given).text


def test_nonsense_is_answered_at_the_field_with_the_usual_period(app: Flask, ha: FlaskClient) -> None:
    nonsense = "Ngày không đúng. Xin ghi ngày/tháng/năm"
    for given, sentence in (
        ({"from": "31/02/2026"}, nonsense),
        ({"from": "hôm qua"}, nonsense),
        ({"to": "2026-13-01"}, nonsense),
        ({"to": "١٦/١١/٢٠٢٦"}, nonsense),
        ({"from": "1/1/0001"}, nonsense),
        ({"to": "31/12/9999"}, nonsense),
        ({"from": "<script>alert(1)</script>\x00"}, nonsense),
        ({"from": "2" * 5000}, nonsense),
        ({"from": "16/11/2026", "to": "15/11/2026"}, "Ngày cuối phải từ ngày đầu trở đi."),
        ({"from": "01/01/2020", "to": "16/11/2026"}, "Kỳ thống kê dài nhất là 5 năm."),
    ):
        for address in (ADDRESS, f"{ADDRESS}.csv"):
            answer = ha.get(address, query_string=given)
            assert answer.status_code == 422, given
            assert f"<strong>Lỗi:</strong> {sentence}" in answer.text, given
            assert "từ 18/10/2026 đến 16/11/2026" in answer.text
            assert "<script>alert" not in answer.text
    assert 'value="31/02/2026"' in ha.get(f"{ADDRESS}?from=31/02/2026").text, "what was typed stays"


def test_the_table_can_be_taken_away_and_no_cell_is_a_formula(
    app: Flask, ha: FlaskClient, now: time_machine.Traveller
) -> None:
    a_fortnight(now)
    with transaction():
        for code, name in (("UBND_19333", '=HYPERLINK("x")'), ("UBND_19351", "@SUM(1)")):
            db.session.query(Unit).filter_by(code=code, valid_until=None).one().name = name
    answer = ha.get(f"{ADDRESS}.csv?{NOVEMBER}&sort=received")
    assert answer.mimetype == "text/csv"
    assert (
        answer.headers["Content-Disposition"] == 'attachment; filename="thoi-gian-2026-11-01-2026-11-30.csv"'
    )
    assert answer.data.startswith(b"\xef\xbb\xbf")
    head, *lines = csv.reader(StringIO(answer.data.decode("utf-8-sig")))
    assert head[0] == "Đơn vị" and len(head) == 13
    assert lines[0] == [
        '\'=HYPERLINK("x")',
        "2",
        "2",
        "1",
        "50.0",
        "2520.0",
        "giờ làm việc",
        "0",
        "0",
        "0",
        "0",
        "1",
        "0",
    ]
    assert lines[1] == ["'@SUM(1)", "1", "0", "0", "", "", "", "1", "1", "0", "0", "0", "0"]
    assert lines[2][0] == "Tất cả"


def test_the_house_number_leads_to_the_figures(app: Flask, ha: FlaskClient) -> None:
    answer = ha.get("/quan-tri/")
    assert (answer.status_code, answer.location) == (302, ADDRESS)
    assert ha.post(ADDRESS).status_code == 405


def test_units_that_give_reports_to_and_fro_are_named(app: Flask, ha: FlaskClient) -> None:
    for _report in range(2):
        report = send_report()
        step(report, Step.FORWARD, "Đèn bên kia cầu", to_unit=unit("UBND_19351").id)
        step(report, Step.RETURN, "Không, bên này", by="tuan", reason=Reason.OTHER_AREA)
    once = send_report()
    step(once, Step.FORWARD, "Đèn bên kia cầu", to_unit=unit("UBND_19351").id)
    page = ha.get("/quan-tri/thoi-gian").text
    table = page[page.index("Chuyển qua chuyển lại") :]
    row = re.search(r"UBND phường Đông Hà.*?UBND phường Nam Đông Hà.*?>(\d+)<", table, re.S)
    assert row and row[1] == "2"
    assert "Chuyển qua chuyển lại" not in ha.get("/quan-tri/thoi-gian?from=2026-01-01&to=2026-01-31").text
