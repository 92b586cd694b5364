"""`flask audit …`: seal what waits, verify the chain, prove a day to somebody who has no database."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.cli.answers import refused
from portal.core.errors import NotFound
from portal.services import audit
from portal.services.audit import Head

group = AppGroup("audit", help="Nhật ký kiểm toán. / Who did and who read what.")

FIRST = click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="Từ ngày. / From this day.")
LAST = click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Đến hết ngày. / To this day.")


@group.command("seal")
def seal() -> None:
    """Niêm phong mọi dòng còn chờ. / Seal every row that waits; the worker does it every second for new ones."""
    place, sealed = audit.beginning(), 0
    while some := audit.seal(place, now=datetime.now(UTC)):
        sealed += some
        click.echo(f"\r{sealed}", nl=False, err=True)
    click.echo(f"{sealed} rows sealed.")


@group.command("verify")
@FIRST
@LAST
@click.option(
    "--heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tệp các giá trị đã công bố. / What `audit heads` printed at that time.",
)
def verify(first: datetime | None, last: datetime | None, heads: Path | None) -> None:
    """Kiểm tra chuỗi và nêu từng dòng bị sửa, thiếu hoặc thêm. / Verify the chain; name each row that does not fit.

    Exit status 1 where anything does not fit.
    """
    period = _day(first), _day(last)
    days = audit.days(*period)
    links, faults = sum(day.count for day in days), 0
    with click.progressbar(length=links, file=sys.stderr, label="audit") as bar:
        for fault in audit.verify(
            *period, published=_published(heads), tick=bar.update, now=datetime.now(UTC)
        ):
            faults += 1
            click.echo(fault)
    click.echo(f"{len(days)} days, {links} links, {faults} faults.")
    if faults:
        raise SystemExit(1)


@group.command("heads")
@FIRST
@LAST
def heads(first: datetime | None, last: datetime | None) -> None:
    """In giá trị cuối của từng ngày để công bố. / Print the head of each day, to be published or kept elsewhere."""
    for day in audit.days(_day(first), _day(last)):
        click.echo(f"{day.day} {day.count} {day.head}")


@group.command("export")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Tệp kết quả. / The file to write."
)
def export(day: datetime, output: Path | None) -> None:
    """Xuất chứng cứ của một ngày. / Write the proof of a day, which scripts/verify_audit.py verifies."""
    path = output or Path(f"audit-{day.date()}.jsonl")
    with refused(NotFound):
        lines = audit.proof(day.date(), now=datetime.now(UTC))
    with path.open("wb") as file:
        file.writelines(lines)
    click.echo(path)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _published(path: Path | None) -> dict[date, Head]:
    """Lines 'day count head' of a file, as `audit heads` prints them."""
    if path is None:
        return {}
    try:
        lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return {date.fromisoformat(day): Head(int(count), head) for day, count, head in lines}
    except ValueError as error:
        raise click.ClickException(f"{path}: each line must say day, count and head.") from error
