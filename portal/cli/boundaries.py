"""`flask boundaries …`: where the areas lie, imported from a map file, listed, taken away."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.adapters import mapfiles
from portal.adapters.mapfiles import MapFileError
from portal.cli.answers import refused
from portal.core import text
from portal.core.errors import NotFound
from portal.core.maps.boundaries import BoundariesError
from portal.services import boundaries
from portal.services.boundaries import Origin

group = AppGroup("boundaries", help="Ranh giới địa bàn: nạp, xem, bỏ. / Boundaries: import, list, remove.")


def _line(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """Words that stand on every map: not empty, on one line."""
    if not (said := " ".join(text.clean(value).split())):
        raise click.BadParameter("must not be empty")
    return said


@group.command("import")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--vintage", required=True, help="Ngày bắt đầu của bộ địa bàn. / Vintage: the first day of the areas."
)
@click.option("--code-field", required=True, help="Trường chứa mã địa bàn. / Field with the area's code.")
@click.option("--name-field", help="Trường chứa tên, để báo lỗi. / Field with the name, for messages.")
@click.option(
    "--source", required=True, callback=_line, help="Nguồn, hiện trên bản đồ. / Source, shown on every map."
)
@click.option(
    "--licence",
    required=True,
    callback=_line,
    help="Giấy phép, hiện trên bản đồ. / Licence, shown on every map.",
)
@click.option(
    "--taken-on", type=click.DateTime(["%Y-%m-%d"]), help="Ngày lấy dữ liệu. / Day on which it was taken."
)
@click.option("--dry-run", is_flag=True, help="Chỉ kiểm tra, không ghi. / Check only; write nothing.")
def import_boundaries(
    path: Path,
    vintage: str,
    code_field: str,
    name_field: str | None,
    source: str,
    licence: str,
    taken_on: datetime | None,
    dry_run: bool,
) -> None:
    """Nạp ranh giới: đủ mọi địa bàn hoặc không gì cả. / Import boundaries: of every area, or nothing.

    Nhận GeoJSON (một tệp, thư mục, zip), GeoPackage, Shapefile; tọa độ WGS84. Mỗi lỗi một dòng. / Takes GeoJSON (one
    file, a folder, a zip), GeoPackage, Shapefile in WGS84 degrees. One line for each fault.
    """
    origin = Origin(source, licence, taken_on.date() if taken_on else None)
    with refused(MapFileError, BoundariesError, NotFound, OSError):
        file = mapfiles.read(path)
        with click.progressbar(
            length=2 * len(file.features), label="Checking", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar:
            shapes = boundaries.check(
                file, vintage, code_field=code_field, name_field=name_field, progress=bar.update
            )
    click.echo(f"{file.name}: {len(shapes)} areas of {vintage}, as they should be")
    if dry_run:
        click.echo("nothing was written (--dry-run)")
    elif not boundaries.load(file, shapes, vintage, origin, now=datetime.now(UTC)):
        click.echo("unchanged")


@group.command("list")
def list_boundaries() -> None:
    """Các ranh giới đã nạp. / The boundaries that are loaded."""
    loaded = boundaries.sources()
    if not loaded:
        click.echo("none: places are estimated")
    for source in loaded:
        taken = f", taken on {source.taken_on}" if source.taken_on else ""
        click.echo(f"{source.vintage}  {source.file}  {source.source} ({source.licence}){taken}")
        click.echo(f"            imported {source.imported_at:%Y-%m-%d}, SHA-256 {source.sha256}")


@group.command("remove")
@click.option(
    "--vintage", required=True, help="Ngày bắt đầu của bộ địa bàn. / Vintage: the first day of the areas."
)
def remove_boundaries(vintage: str) -> None:
    """Bỏ ranh giới; địa bàn lại được ước lượng. / Remove boundaries; places are estimated again."""
    with refused(NotFound):
        boundaries.remove(vintage)
    click.echo(f"{vintage}: removed")
