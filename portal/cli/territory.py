"""`flask territory …`: the pack of a province is checked and loaded."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.cli.answers import refused, show_table
from portal.core.packs import FILES, PackError
from portal.services import territory
from portal.services.territory import Changes, TableChanges

PACK_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
HEADINGS = ("", "added", "updated", "removed", "edited here", "not in the pack")

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
    show_table([("", "rows"), *((file, len(rows)) for file, rows in pack.rows.items())])


@group.command("load")
@click.argument("folder", metavar="DIR", type=PACK_FOLDER)
@click.option(
    "--dry-run", is_flag=True, help="Chỉ xem thay đổi, không ghi. / Show what would change; write nothing."
)
def load_territory(folder: Path, dry_run: bool) -> None:
    """Nạp gói địa bàn: tất cả hoặc không gì cả. / Load a territory pack: all of it, or nothing.

    Hàng mà quản trị viên đã sửa, và đơn vị, lĩnh vực, quy tắc không còn trong gói được giữ nguyên và nêu tên. /
    Rows that an administrator changed, and units, categories and rules that the pack no longer has, are left alone
    and named.
    """
    with (
        refused(PackError),
        click.progressbar(
            length=len(FILES), label="Loading", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar,
    ):
        changes = territory.load(folder, now=datetime.now(UTC), dry_run=dry_run, progress=bar.update)
    _tell(changes)
    if dry_run:
        click.echo("nothing was written (--dry-run)")


def _tell(changes: Changes) -> None:
    if changes.unchanged:
        click.echo("unchanged")
        return
    tables = changes.tables.items()
    show_table([HEADINGS, *((file, *_numbers(table)) for file, table in tables)])
    for file, table in tables:
        for key in table.edited_here:
            click.echo(f"{file}: edited here, left alone: {key}")
        for key in table.no_longer_in_pack:
            click.echo(f"{file}: no longer in the pack, left alone: {key}")


def _numbers(table: TableChanges) -> tuple[int, ...]:
    kept = len(table.edited_here), len(table.no_longer_in_pack)
    return table.added, table.updated, table.removed, *kept
