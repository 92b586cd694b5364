"""`flask workflow …`: what the law of a report says."""

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from portal.web import law

group = AppGroup("workflow", help="Các bước xử lý một phản ánh. / The law of a report.")


@group.command("show")
def show_law() -> None:
    """In bảng các bước: ai được làm gì, cần gì, báo ai. / Print the table of steps: who may do what."""
    with force_locale("vi"):
        click.echo(law.page(), nl=False)
