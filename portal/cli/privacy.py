"""`flask privacy …`: what is done with personal data beside the pages."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from portal.services.privacy import screening

group = AppGroup("privacy", help="Dữ liệu cá nhân. / Personal data.")


@group.command("screen")
def screen() -> None:
    """Che dữ liệu cá nhân trong các văn bản cũ. / Mask what is personal in texts of before.

    Người xử lý nền cũng tự làm việc này; chạy lại không đổi gì. / The worker does it by itself too; a second run
    changes nothing.
    """
    vault = current_app.extensions["vault"]
    with click.progressbar(length=screening.left(), label="Screening") as bar:
        done = screening.screen_all(vault=vault, now=lambda: datetime.now(UTC), progress=bar.update)
    click.echo(f"{done.seen} texts looked at, {done.masked} masked")
