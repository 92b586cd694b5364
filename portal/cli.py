"""Commands: `flask --app portal.app …`. Each says what it did and exits with 0, or says why not with 1."""

from flask import Flask, current_app

from portal import worker


def init_app(app: Flask) -> None:
    @app.cli.command("worker")
    def work() -> None:
        """Deliver messages and tidy up, until stopped. (Gửi tin nhắn và dọn dẹp, cho đến khi dừng.)"""
        worker.run_until_signalled(current_app._get_current_object())  # type: ignore[attr-defined]
