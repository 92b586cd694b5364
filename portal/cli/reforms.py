"""`flask territory reform`: an administrative reform is rehearsed, prepared, and carried out when its day has come."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask_babel import force_locale

from portal.cli.answers import refused, show_table
from portal.core.deadlines import day_of
from portal.core.packs import PackError
from portal.services import reform as reforms
from portal.services.reform import Unproven
from portal.web.words import UNDECIDED

UNCLEAR = ("officers_unclear", "rules_unclear", "clocks_unclear", "cases_unclear")
UNCLEAR += ("templates_unclear", "escalations_unclear")
NUMBERS = ("open", "moved", "places", "assignees_cleared", "cooperations", "officers")
NUMBERS += ("rules_ended", "rules_new", "clocks", "cases", "templates", "escalations", "told")


@click.command("reform")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--effective",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help="Ngày có hiệu lực. / The day from which it is in force.",
)
@click.option("--name", help="Tên, mặc định là tên tệp. / What to call it; the file's name by default.")
@click.option("--dry-run", is_flag=True, help="Chỉ xem phương án, không ghi. / Show the plan; write nothing.")
def reform(file: Path, effective: datetime, name: str | None, dry_run: bool) -> None:
    """Chuẩn bị một lần sắp xếp đơn vị; đến ngày thì thực hiện. / Prepare a reform; carry it out if its day has come.

    Một giao dịch, có đối chiếu số lượng; chạy lại không đổi gì. Chưa đến ngày thì tiến trình worker thực hiện. / One
    transaction, with its counts proven; a second run changes nothing. Before its day it is left to the worker.
    """
    now = datetime.now(UTC)
    day, said = effective.date(), name or file.stem
    with refused(PackError, Unproven):
        if dry_run:
            draft = reforms.draft(file.name, file.read_bytes(), day, said)
            with _bar() as bar:
                plan = reforms.plan(draft, now=now, progress=bar.update)
            _tell(plan.said)
            click.echo("nothing was written (--dry-run)")
            return
        kept = reforms.prepare(file.name, file.read_bytes(), day, said, by=None, now=now)
        if kept.state == "done":
            click.echo(f"done on {kept.done_at:%Y-%m-%d} before; nothing was changed")
        elif day > day_of(now):
            click.echo(f"prepared for {day}; the worker carries it out on that day")
        else:
            with _bar() as bar:
                done = reforms.carry_out(kept.id, now=now, progress=bar.update)
            _tell(done.counts)


def _bar() -> "click._termui_impl.ProgressBar[int]":
    return click.progressbar(
        length=reforms.open_reports(), label="Reports", file=sys.stderr, hidden=not sys.stderr.isatty()
    )


def _tell(said: dict) -> None:
    show_table([("units", "number"), *((kind, number) for kind, number in said["changes"].items())])
    click.echo()
    show_table([("", "number"), *((name, said[name]) for name in NUMBERS if name in said)])
    if said["moves"]:
        click.echo()
        rows = [(f"{was} → {now}", count) for was, _, now, _, count in said["moves"]]
        show_table([("open reports", "number"), *rows])
    with force_locale("vi"):
        for code, why, unit in said["listed"]:
            click.echo(f"for a person: report {code} of {unit}: {UNDECIDED[why]}")
    for name in UNCLEAR:
        if said[name]:
            click.echo(f"for a person: {name.removesuffix('_unclear')} {', '.join(map(str, said[name]))}")
    if "after" in said:
        proof = said["after"]
        click.echo(
            f"proven: {sum(proof['open'].values())} open and {proof['closed']} closed, before and after"
        )
