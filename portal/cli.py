"""Commands: `flask --app portal.app …`. Each says what it did and exits with 0, or says why not with 1."""

import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_babel import force_locale

from portal import worker
from portal.core import deadlines, text
from portal.core.deadlines import VIETNAM
from portal.core.errors import Conflict, NotFound, OutsideTerritory, PortalError
from portal.core.packs import PackError
from portal.services import accounts, clocks, demonstration, directory, places, routing, territory
from portal.services.accounts import Person
from portal.web import words
from portal.web.errors import DOMAIN


class Moment(click.ParamType):
    """A day or moment in ISO form; without a zone it is Vietnam's time."""

    name = "YYYY-MM-DD[THH:MM]"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day or moment (2026-11-16T08:00)", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


PACK_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

territory_commands = AppGroup(
    "territory", help="Gói dữ liệu địa bàn: kiểm tra, nạp. / The territory pack: check it, load it."
)
routing_commands = AppGroup("routing", help="Phản ánh về đơn vị nào? / Where does a report go?")
clock_commands = AppGroup("clocks", help="Hạn tiếp nhận và xử lý. / When is a report due?")
accounts_commands = AppGroup("accounts", help="Tài khoản. / Accounts.")
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")


def init_app(app: Flask) -> None:
    app.cli.add_command(work)
    app.cli.add_command(accounts_commands)
    app.cli.add_command(seed)
    for group in (territory_commands, routing_commands, clock_commands):
        app.cli.add_command(group)


@contextmanager
def _refused(*error_classes: type[Exception]) -> Iterator[None]:
    """An error of these classes ends the command with its own sentences and exit status 1."""
    try:
        yield
    except error_classes as error:
        raise click.ClickException(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    """What is wrong in words: those of the pages for the law's errors, with the values that they are about."""
    if not isinstance(error, PortalError):
        return str(error)
    values = ", ".join(f"{name}: {value}" for name, value in error.details.items())
    return f"{DOMAIN[type(error)][1]} ({values})"


@click.command("worker")
def work() -> None:
    """Gửi tin nhắn và dọn dẹp, cho đến khi dừng. / Deliver messages and tidy up, until stopped."""
    worker.run_until_signalled(current_app._get_current_object())  # type: ignore[attr-defined]


@accounts_commands.command("administrator")
@click.argument("username")
@click.argument("name")
def add_administrator(username: str, name: str) -> None:
    """Thêm quản trị viên và in mật khẩu một lần. / Add an administrator and print the password once.

    NAME là họ và tên; những người khác được thêm trên trang quản trị. / NAME is the full name; everybody else is
    added on the administration pages.
    """
    if not USERNAME.fullmatch(username):
        raise click.BadParameter("2 to 60 small letters a–z, digits and . _ -", param_hint="USERNAME")
    person = Person(name=text.clean(name), role="administrator", unit_id=None)
    password = accounts.initial_password(current_app.config["SECRET_KEY"], secrets.token_hex())
    try:
        accounts.create(username, person, password, by=None, now=datetime.now(UTC))
    except Conflict as error:
        raise click.ClickException(f"There is an account {username} already.") from error
    click.echo(f"{username}  {password}")


@territory_commands.command("check")
@click.argument("folder", metavar="DIR", type=PACK_FOLDER)
def check_territory(folder: Path) -> None:
    """Kiểm tra gói địa bàn, không ghi gì. / Check a territory pack; nothing is written.

    Mỗi lỗi một dòng: tệp, dòng, cột, lý do. / One line for each fault: file, line, column, reason.
    """
    with _refused(PackError):
        pack = territory.check(folder)
    for file, rows in pack.rows.items():
        click.echo(f"{file}: {len(rows)}")


@territory_commands.command("load")
@click.argument("folder", metavar="DIR", type=PACK_FOLDER)
def load_territory(folder: Path) -> None:
    """Nạp gói địa bàn: tất cả hoặc không gì cả. / Load a territory pack: all of it, or nothing.

    Hàng mà quản trị viên đã sửa được giữ nguyên. / Rows that an administrator changed are left alone.
    """
    with _refused(PackError):
        changes = territory.load(folder, now=datetime.now(UTC))
    if changes.unchanged:
        click.echo("unchanged")
    for file, table in changes.tables.items():
        click.echo(
            f"{file}: {table.added} added, {table.updated} updated, {table.removed} removed, "
            f"{table.edited_here} edited here and left alone"
        )
        for key in table.no_longer_in_pack:
            click.echo(f"  no longer in the pack, left alone: {key}")


@click.command("seed")
@click.option(
    "--reports",
    type=click.IntRange(1, 10_000),
    default=demonstration.REPORTS,
    show_default=True,
    help="Số phản ánh. / How many reports.",
)
@click.option(
    "--random-seed",
    type=int,
    default=demonstration.RANDOM_SEED,
    show_default=True,
    help="Số khác cho dữ liệu khác. / Another number gives other data.",
)
def seed(reports: int, random_seed: int) -> None:
    """Tạo dữ liệu minh họa. / Make demonstration data.

    Chạy lại không tạo thêm; bị từ chối khi PORTAL_ENV=production. / A second run adds nothing; refused when
    PORTAL_ENV=production.
    """
    if current_app.config["ENV"] == "production":
        raise click.ClickException("Demonstration data is refused when PORTAL_ENV=production.")
    if territory.current() is None:
        raise click.ClickException(
            "No territory is loaded: flask --app portal.app territory load DIR comes first."
        )
    with click.progressbar(length=reports, label="Demonstration") as bar:
        seeded = demonstration.seed(
            reports=reports,
            random_seed=random_seed,
            now=datetime.now(UTC),
            storage=current_app.extensions["storage"],
            progress=bar.update,
        )
    click.echo(f"{seeded.added} reports added, {seeded.total} in all")
    for person in demonstration.SIGN_INS:
        click.echo(f"  {person.username:<10} {person.password}   {person.name}, {person.what}")


@routing_commands.command("explain")
@click.option("--category", "code", required=True, help="Mã lĩnh vực. / Code of the category.")
@click.option(
    "--lat", "latitude", type=float, required=True, help="Vĩ độ WGS84. / Latitude in WGS84 degrees."
)
@click.option(
    "--lon", "longitude", type=float, required=True, help="Kinh độ WGS84. / Longitude in WGS84 degrees."
)
@click.option("--at", "moment", type=Moment(), help="Ngày, mặc định hôm nay. / The day, today by default.")
@click.option("--json", "as_json", is_flag=True, help="Dạng JSON. / As JSON.")
def explain_routing(
    code: str, latitude: float, longitude: float, moment: datetime | None, as_json: bool
) -> None:
    """Đơn vị chủ trì của một phản ánh, và vì sao. / Who leads a report, and why."""
    day = (moment or datetime.now(UTC)).astimezone(VIETNAM).date()
    with force_locale("vi"), _refused(NotFound, OutsideTerritory):
        category = directory.category(code)
        near = places.locate(latitude, longitude, day)[0]
        routed = routing.route(category.code, near.area, day)
        _show(
            {
                "area": f"{near.area.code} {near.area.name}",
                "vintage": near.area.vintage,
                "unit": f"{routed.unit.code} {routed.unit.name}",
                "cooperating": [],
                "rule": routed.decision["rule_id"],
                "why": words.routing_sentence(routed.decision),
                "how_located": f"nearest known point, {near.metres:.0f} m away",
            },
            as_json,
        )


@clock_commands.command("explain")
@click.option("--category", "code", required=True, help="Mã lĩnh vực. / Code of the category.")
@click.option("--at", "moment", type=Moment(), required=True, help="Lúc gửi. / The moment it is sent.")
@click.option("--json", "as_json", is_flag=True, help="Dạng JSON. / As JSON.")
def explain_clocks(code: str, moment: datetime, as_json: bool) -> None:
    """Hạn của một phản ánh và các khoảng giờ đã tính. / When a report is due, and the hours that were counted."""
    with force_locale("vi"), _refused(NotFound):
        category = directory.category(code)
    allowance = category.resolve_minutes * clocks.ONE_MINUTE
    counted = deadlines.intervals(moment, allowance, clocks.calendar(category))
    _show(
        {
            "receive_due": clocks.receive_due(category, moment).isoformat(timespec="minutes"),
            "resolve_due": clocks.resolve_due(category, moment).isoformat(timespec="minutes"),
            "counted": [
                f"{begin.isoformat(timespec='minutes')}/{end.isoformat(timespec='minutes')}"
                for begin, end in counted
            ],
        },
        as_json,
    )


def _show(answer: dict[str, object], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for name, value in answer.items():
        lines = (value or ["—"]) if isinstance(value, list) else [value]
        click.echo(f"{name + ':':<13} " + ("\n" + " " * 14).join(map(str, lines)))
