"""`flask vault …`: the keys that seal personal data."""

import sys
from datetime import UTC, datetime

import click
from cryptography.fernet import Fernet
from flask import current_app
from flask.cli import AppGroup

from portal.cli.answers import show_table
from portal.services.privacy import indexes, keys
from portal.services.privacy.keys import Seals

group = AppGroup("vault", help="Khóa niêm phong dữ liệu cá nhân. / The keys that seal personal data.")


@group.command("new-key")
def new_key() -> None:
    """In một khóa mới để đặt lên đầu PORTAL_VAULT_KEYS. / Print a new key for PORTAL_VAULT_KEYS.

    Không ghi gì vào cơ sở dữ liệu. / Nothing is kept of it.
    """
    click.echo(Fernet.generate_key().decode())


@group.command("check")
def check() -> None:
    """Mỗi khóa đang niêm phong bao nhiêu giá trị. / How much each key seals.

    Cả những liên hệ mà PORTAL_INDEX_KEY nay không tìm ra. / And how many contacts today's index key does not find.
    Kết thúc với 1 khi có giá trị không khóa nào mở được. / Exit status 1 where no key opens something.
    """
    seals = _look()
    _tell(seals)
    with _bar("Indexes", indexes.rows()) as bar:
        if stale := indexes.stale(current_app.extensions["vault"], bar.update):
            click.echo(f"{stale} contacts have the index of another PORTAL_INDEX_KEY: run vault rotate")
    if lost := sum(counted[None] for counted in seals.values()):
        raise click.ClickException(f"No key opens {lost} values: a key was taken away too early.")


@group.command("rotate")
def rotate() -> None:
    """Niêm phong và lập chỉ mục lại bằng khóa mới. / Seal everything anew by the newest key, index it by today's.

    Chạy được khi trang đang hoạt động; bị ngắt thì chạy lại; kết thúc với 1 khi còn khóa cũ. / While the portal runs;
    again after an interruption; exit status 1 where something is still under an older key.
    """
    with _bar("Sealing", keys.rows()) as bar:
        done = keys.rotate(current_app.extensions["vault"], bar.update, now=datetime.now(UTC))
    with _bar("Indexing", indexes.rows()) as bar:
        indexed = indexes.renew(current_app.extensions["vault"], bar.update, now=datetime.now(UTC))
    seals = _look()
    click.echo(f"{done} rows sealed anew, {indexed} contacts indexed anew")
    if indexed:
        click.echo(
            "recovery codes of before the new PORTAL_INDEX_KEY open nothing: staff have to draw new ones"
        )
    _tell(seals)
    if left := sum(count for counted in seals.values() for key, count in counted.items() if key != 0):
        raise click.ClickException(f"{left} values are not under the newest key.")


def _look() -> Seals:
    with _bar("Looking", keys.rows()) as bar:
        return keys.check(current_app.extensions["vault"], bar.update)


def _bar(label: str, length: int) -> "click._termui_impl.ProgressBar[int]":
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())


def _tell(seals: Seals) -> None:
    """A line for each column, a number for each key, and which of the older keys may go."""
    count = len(current_app.config["VAULT_KEYS"])
    titles = [f"key {number + 1}" for number in range(count)]
    rows = [
        (column, *(counted[key] for key in range(count)), counted[None])
        for column, counted in sorted(seals.items())
    ]
    show_table([("sealed values", *titles, "no key"), *rows])
    idle = [titles[key] for key in range(1, count) if not any(counted[key] for counted in seals.values())]
    if idle:
        click.echo(f"may be taken away: {', '.join(idle)}")
