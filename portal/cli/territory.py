"""`flask territory …`: the pack of a province is checked and loaded."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.cli.answers import refused
from portal.core.packs import PackError
from portal.services import territory

PACK_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

group = AppGroup(
    "territory", help="Gói dữ liệu địa bàn: kiểm tra, nạp. / The territory pack: check it, load it."
)


@group.command("check")
@click.argument("folder", metavar="DIR", type=PACK_FOLDER)
def check_territory(folder: Path) -> None:
    """Kiểm tra gói địa bàn, không ghi gì. / Check a territory pack; nothing is written.

    Mỗi lỗi một dòng: tệp, dòng, cột, lý do. / One line for each fault: file, line, column, reason.
    """
    with refused(PackError):
        pack = territory.check(folder)
    for file, rows in pack.rows.items():
        click.echo(f"{file}: {len(rows)}")


@group.command("load")
@click.argument("folder", metavar="DIR", type=PACK_FOLDER)
def load_territory(folder: Path) -> None:
    """Nạp gói địa bàn: tất cả hoặc không gì cả. / Load a territory pack: all of it, or nothing.

    Hàng mà quản trị viên đã sửa được giữ nguyên. / Rows that an administrator changed are left alone.
    """
    with refused(PackError):
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
