"""What the commands print and how they end: 0 done, 1 refused with the reason, 2 wrong arguments."""

import json
import logging
import shutil
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import Result
from flask import Flask
from flask.cli import ScriptInfo, cli
from sqlalchemy import func, select

from portal.app import create_app
from portal.models import Category, Report, ServiceLevel, Territory, Unit, db, transaction
from portal.services import territory
from tests.conftest import PASSWORD
from tests.packs import QUANG_TRI

PACK = str(QUANG_TRI)


def run(app: Flask, *arguments: str) -> Result:
    result = app.test_cli_runner().invoke(args=arguments)
    db.session.rollback()
    return result


def test_no_installed_package_takes_the_name_of_a_command() -> None:
    """`flask` asks the packages that add commands before it asks the portal."""
    app = create_app()
    assert "worker" in app.cli.commands
    with click.Context(cli, obj=ScriptInfo(create_app=lambda: app)) as context:
        for name, ours in app.cli.commands.items():
            assert cli.get_command(context, name) is ours, name


def test_the_pack_is_checked_and_counted(app: Flask) -> None:
    result = run(app, "territory", "check", PACK)
    assert result.exit_code == 0
    assert "\nareas.csv         499\n" in result.output


def test_a_bad_pack_is_refused_line_by_line(app: Flask, tmp_path: Path) -> None:
    pack = Path(shutil.copytree(QUANG_TRI, tmp_path / "pack"))
    holidays = pack / "holidays.csv"
    holidays.write_text(
        holidays.read_text(encoding="utf-8").replace("2024-01-01", "1/1/2024"), encoding="utf-8"
    )
    for command in ("check", "load"):
        result = run(app, "territory", command, str(pack))
        assert result.exit_code == 1
        assert "holidays.csv:2 day: '1/1/2024' is no day (YYYY-MM-DD)" in result.output
        assert "Traceback" not in result.output


def test_loading_says_what_changed_and_a_dry_run_says_the_same_and_changes_nothing(
    app: Flask, tmp_path: Path
) -> None:
    assert run(app, "territory", "load", PACK).output == "unchanged\n"
    pack = Path(shutil.copytree(QUANG_TRI, tmp_path / "pack"))
    with (pack / "holidays.csv").open("a", encoding="utf-8") as file:
        file.write("2031-01-01,Tết Dương lịch,off,projected,Bộ luật Lao động 2019 Điều 112\n")
    with (pack / "categories.csv").open("r+", encoding="utf-8") as file:
        rows = file.read().replace("Street lighting", "Street lamps").replace("Urban flooding", "Floods")
        file.seek(0)
        file.write(rows)
        file.truncate()
    with transaction():
        for code in ("ngap_ung", "rac_thai"):  # the second was edited too, and agrees with the pack
            db.session.get_one(Category, code).edited_at = datetime.now(UTC)
    before = db.session.scalars(select(Territory.digest)).one()
    rehearsed = run(app, "territory", "load", str(pack), "--dry-run")
    assert db.session.scalars(select(Territory.digest)).one() == before
    assert db.session.get_one(Category, "den_duong").name_en == "Street lighting"
    result = run(app, "territory", "load", str(pack))
    assert result.exit_code == rehearsed.exit_code == 0
    assert rehearsed.output == result.output + "nothing was written (--dry-run)\n"
    table = [line.split() for line in result.output.splitlines()]
    assert ["holidays.csv", "1", "0", "0", "0", "0"] in table
    assert ["categories.csv", "0", "1", "0", "1", "0"] in table
    assert "\ncategories.csv: edited here, left alone: ngap_ung\n" in result.output
    assert db.session.get_one(Category, "den_duong").name_en == "Street lamps"


def test_another_province_does_not_fit_into_the_same_database(app: Flask, tmp_path: Path) -> None:
    pack = Path(shutil.copytree(QUANG_TRI, tmp_path / "pack"))
    territory = pack / "territory.csv"
    territory.write_text(territory.read_text(encoding="utf-8").replace("quang_tri", "song_ao"), "utf-8")
    result = run(app, "territory", "load", str(pack), "--dry-run")
    assert result.exit_code == 1
    assert "territory.csv:2 value: this database holds the territory quang_tri" in result.output


def test_a_folder_that_is_not_there_is_a_wrong_argument(app: Flask) -> None:
    assert run(app, "territory", "load", "/no/such/folder").exit_code == 2
    assert run(app, "territory", "load").exit_code == 2
    assert run(app, "seed", "--reports", "0").exit_code == 2
    assert run(app, "seed", "--reports", "many").exit_code == 2
    assert run(app, "clocks", "explain", "--category", "den_duong", "--at", "mai").exit_code == 2
    assert (
        run(app, "routing", "explain", "--category", "den_duong", "--lat", "x", "--lon", "1").exit_code == 2
    )


def test_the_demonstration_is_made_once_and_tells_the_sign_ins(app: Flask) -> None:
    result = run(app, "seed", "--reports", "2")
    assert result.exit_code == 0
    assert "2 reports added, 2 in all" in result.output
    assert "minh" in result.output and "phan-anh-2026" in result.output
    assert "0 reports added, 2 in all" in run(app, "seed", "--reports", "2").output


def test_the_demonstration_is_refused_in_production(app: Flask) -> None:
    app.config["ENV"] = "production"
    result = run(app, "seed")
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert "PORTAL_ENV=production" in result.output
    assert db.session.scalars(select(func.count(Report.id))).one() == 0


def test_the_demonstration_needs_a_territory(app: Flask) -> None:
    with transaction():
        db.session.query(Territory).delete()
    result = run(app, "seed")
    assert result.exit_code == 1
    assert "territory load" in result.output


def test_a_text_is_told_its_categories_doors_and_numbers(app: Flask) -> None:
    answer = json.loads(
        run(app, "routing", "suggest", "Đèn đường tắt, tôi muốn khiếu nại UBND phường", "--json").output
    )
    assert answer["suggestions"][0]["category"] == "den_duong"
    assert answer["suggestions"][0]["words"] == ["Đèn đường", "tắt"]
    assert "complaint" in answer["doors"] and answer["call"] == []
    danger = json.loads(run(app, "routing", "suggest", "co nguoi duoi nuoc", "--json").output)
    assert danger["call"] == ["112", "114", "113", "115"]
    assert "den_duong" in run(app, "routing", "suggest", "đèn đường tắt").output
    assert "chưa rõ" in run(app, "routing", "suggest", "xin chào").output
    assert run(app, "routing", "suggest").exit_code == 2


@pytest.mark.parametrize(
    ("at", "vintage", "area", "unit"),
    [
        ("2025-06-30", "2025-06-30", "19333 Phường 1", "UBND_461"),
        ("2025-07-01", "2025-07-01", "19333 Phường Đông Hà", "UBND_19333"),
    ],
)
def test_routing_is_explained_for_both_structures(
    app: Flask, at: str, vintage: str, area: str, unit: str
) -> None:
    place = ("--lat", "16.8195", "--lon", "107.1028")
    command = ("routing", "explain", "--category", "den_duong", *place, "--at", at)
    answer = json.loads(run(app, *command, "--json").output)
    assert (answer["vintage"], answer["area"], answer["cooperating"]) == (
        vintage,
        area,
        ["SXD Sở Xây dựng"],
    )
    assert answer["unit"].startswith(unit + " ")
    assert "NĐ 79/2009/NĐ-CP" in answer["why"] and str(answer["rule"]) in answer["why"]
    assert answer["how_located"].startswith("nearest known point, ")
    words = run(app, *command).output
    assert f"area:         {area}\n" in words and f"vintage:      {vintage}\n" in words


def test_routing_is_explained_with_answers_priority_and_hours(app: Flask) -> None:
    place = ("--lat", "16.8195", "--lon", "107.1028", "--at", "2025-11-17T09:00", "--json")
    command = ("routing", "explain", "--category", "duong_hong", *place)
    answer = json.loads(run(app, *command, "--answer", "road_class=national", "--priority", "urgent").output)
    assert answer["unit"].startswith("SXD ")
    assert [unit.split()[0] for unit in answer["cooperating"]] == ["CAT", "KQLDB2"]
    assert "vì Tuyến đường: Quốc lộ; căn cứ: Luật Đường bộ" in answer["why"]
    for wrong, status in (("road_class", 2), ("road_class=lunar", 1), ("colour=red", 1)):
        refused = run(app, *command, "--answer", wrong)
        assert refused.exit_code == status and "Error: " in refused.output, wrong


@pytest.mark.parametrize(
    "arguments",
    [
        ("--category", "tau_vu_tru", "--lat", "16.8", "--lon", "107.1"),
        ("--category", "khac", "--lat", "10.8", "--lon", "106.7"),
        ("--category", "khac", "--lat", "nan", "--lon", "106.7"),
        ("--category", "khac", "--lat", "16.8", "--lon", "107.1", "--at", "2020-01-01"),
    ],
)
def test_what_cannot_be_routed_is_refused_with_a_sentence(app: Flask, arguments: tuple[str, ...]) -> None:
    result = run(app, "routing", "explain", *arguments)
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert result.output.startswith("Error: ")


def test_clocks_are_explained_with_the_hours_that_were_counted(app: Flask) -> None:
    """Sent on the last Friday before Tết 2026: the office works again on the 23rd."""
    command = ("clocks", "explain", "--category", "den_duong", "--at", "2026-02-13T15:00", "--json")
    answer = json.loads(run(app, *command).output)
    assert answer["receive_due"] == "2026-02-23T15:00+07:00"
    assert answer["resolve_due"] == "2026-02-25T15:00+07:00"
    assert answer["counted"] == [
        "2026-02-13T15:00+07:00/2026-02-13T17:30+07:00",
        "2026-02-23T07:30+07:00/2026-02-23T11:30+07:00",
        "2026-02-23T13:30+07:00/2026-02-23T17:30+07:00",
        "2026-02-24T07:30+07:00/2026-02-24T11:30+07:00",
        "2026-02-24T13:30+07:00/2026-02-24T17:30+07:00",
        "2026-02-25T07:30+07:00/2026-02-25T11:30+07:00",
        "2026-02-25T13:30+07:00/2026-02-25T15:00+07:00",
    ]
    assert [day.split()[0] for day in answer["skipped"]] == [f"2026-02-{day}" for day in range(16, 21)]
    assert (answer["unit"].split()[0], answer["level"]) == ("IOC", None)
    assert run(app, "clocks", "explain", "--category", "nothing", "--at", "2026-02-13").exit_code == 1


def test_clocks_are_explained_for_a_unit_with_its_own_hours_and_a_priority(app: Flask) -> None:
    level = ServiceLevel(
        category_code="den_duong",
        priority="emergency",
        receive_minutes=60,
        assign_minutes=30,
        resolve_minutes=120,
        round_the_clock=True,
        legal_basis="Quyết định thử nghiệm",
    )
    with transaction():
        db.session.add(level)
        db.session.query(Unit).filter_by(code="UBND_19333", valid_until=None).update(
            {"office_hours": "mon-fri 08:00-12:00"}
        )
        territory.revise()
    command = ("clocks", "explain", "--category", "den_duong", "--unit", "UBND_19333", "--json")
    friday = (*command, "--at", "2026-11-20T11:00")
    answer = json.loads(run(app, *friday).output)
    assert (answer["receive_due"], answer["hours"]) == ("2026-11-25T11:00+07:00", "mon-fri 08:00-12:00")
    answer = json.loads(run(app, *friday, "--priority", "emergency").output)
    assert (answer["resolve_due"], answer["legal_basis"]) == (
        "2026-11-20T13:00+07:00",
        "Quyết định thử nghiệm",
    )
    assert run(app, *command, "--at", "2026-11-20", "--unit", "NOBODY").exit_code == 1


def test_every_command_speaks_both_languages(app: Flask) -> None:
    for name, command in app.cli.commands.items():
        leaves = command.commands if isinstance(command, click.Group) else {"": command}
        for sub, leaf in leaves.items():
            if leaf.callback and leaf.callback.__module__.startswith("portal"):
                assert " / " in (leaf.help or ""), f"{name} {sub}"
            elif leaf.help is None:
                pytest.fail(f"{name} {sub} says nothing")


def test_accounts_are_opened_listed_and_recovered(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made = run(app, "accounts", "administrator", "thu.le", "Lê Thị Thu")
    name, link = made.output.split()
    assert made.exit_code == 0 and name == "thu.le" and link.startswith("http://localhost/dat-mat-khau/")
    again = run(app, "accounts", "administrator", "thu.le", "Lê Thị Thu")
    assert again.exit_code == 1 and "There is an account thu.le already." in again.output
    assert run(app, "accounts", "administrator", "Thu Lê", "x").exit_code == 2
    assert "thu.le\tadministrator\tinvited\t0\tLê Thị Thu" in run(app, "accounts", "list").output
    fresh = run(app, "accounts", "link", "thu.le").output.split()[1]
    client = app.test_client()
    chosen = {"password": "bốn con vịt qua sông", "password_again": "bốn con vịt qua sông"}
    for address, status in ((link, 410), (fresh, 303)):
        client.get(address.removeprefix("http://localhost"))
        assert client.post("/dat-mat-khau", data=chosen).status_code == status
    client.post("/dang-nhap", data={"username": "thu.le", "password": chosen["password"]})
    assert client.get("/quan-tri/nguoi-dung").status_code == 200
    assert run(app, "accounts", "end-sessions", "thu.le").output == "thu.le: 1 sessions ended.\n"
    assert client.get("/quan-tri/nguoi-dung").status_code == 302
    assert run(app, "accounts", "close", "thu.le").exit_code == 0
    last = run(app, "accounts", "close", "ha")
    assert last.exit_code == 1 and "last administrator" in last.output
    assert "thu.le" not in run(app, "accounts", "list").output
    assert "thu.le\tadministrator\tclosed" in run(app, "accounts", "list", "--closed").output
    assert run(app, "accounts", "link", "thu.le").exit_code == 1
    for command in ("link", "unlock", "end-sessions", "close"):
        assert run(app, "accounts", command, "khong.co").exit_code == 1
    assert fresh not in caplog.text


def test_who_failed_too_often_is_let_in_by_command(app_with_limits: Flask) -> None:
    client = app_with_limits.test_client()
    form = {"username": "minh", "password": "sai"}
    while client.post("/dang-nhap", data=form).status_code != 429:
        pass
    assert run(app_with_limits, "accounts", "unlock", "minh").exit_code == 0
    assert client.post("/dang-nhap", data=form | {"password": PASSWORD}).status_code == 303
