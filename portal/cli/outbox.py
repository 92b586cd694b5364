"""`flask worker`: the loop behind the outbox."""

import click
from flask import current_app

from portal import worker


@click.command("worker")
def work() -> None:
    """Gửi tin nhắn và dọn dẹp, cho đến khi dừng. / Deliver messages and tidy up, until stopped."""
    worker.run_until_signalled(current_app._get_current_object())  # type: ignore[attr-defined]
