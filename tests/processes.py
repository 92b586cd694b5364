"""Workers in processes of their own, split off from one that has imported the portal, which takes two seconds."""

import os
import time
from multiprocessing import get_context
from pathlib import Path

from portal import worker
from portal.app import create_app
from portal.config import Config

APART = get_context("forkserver")
APART.set_forkserver_preload([__name__])


class _Slow:
    """A gateway that says whom it tells, and never ends."""

    def __init__(self, mark: Path):
        self.mark = mark

    def send(self, address: str, text: str, *, key: str) -> None:
        self.mark.write_text(address)
        time.sleep(600)


def send_for_ever(config: Config, mark: Path) -> None:
    """A worker that never comes to the end of its first message."""
    app = create_app(config)
    app.extensions["channels"]["sms"] = _Slow(mark)
    worker.run_until_signalled(app)


def work(config: Config, log: Path) -> None:
    """A worker like any other, whose log goes into this file."""
    with log.open("w") as file:
        os.dup2(file.fileno(), 2)
    worker.run_until_signalled(create_app(config))
