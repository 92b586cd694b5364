"""Commands: `flask --app portal.app …`. Each says what it did and exits with 0, or says why not with 1."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from portal import worker
from portal.core.packs import PackError
from portal.services import demonstration, territory

PACK_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

territory_commands = AppGroup(
    "territory", help="Gói dữ liệu địa bàn: kiểm tra, nạp. / The territory pack: check it, load it."
)


def init_app(app: Flask) -> None:
    app.cli.add_command(work)
    app.cli.add_command(seed)
    app.cli.add_command(territory_commands)


@contextmanager
def _refused(error_class: type[Exception]) -> Iterator[None]:
    """An error of this class ends the command with its own sentences and exit status 1."""
    try:
        yield
    except error_class as error:
        raise click.ClickException(str(error)) from error


@click.command("worker")
def work() -> None:
    """Gửi tin nhắn và dọn dẹp, cho đến khi dừng. / Deliver messages and tidy up, until stopped."""
    worker.run_until_signalled(current_app._get_current_object())  # type: ignore[attr-defined]


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
