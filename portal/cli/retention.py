"""`flask retention …`: what has been kept long enough."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from portal.cli.answers import show_table
from portal.services.privacy import retention

group = AppGroup("retention", help="Thời hạn lưu dữ liệu cá nhân. / How long personal data is kept.")


@group.command("run")
@click.option("--dry-run", is_flag=True, help="Chỉ nói sẽ xóa gì. / Only say what would be erased.")
def run(dry_run: bool) -> None:
    """Xóa những gì đã hết hạn lưu. / Erase what has been kept long enough.

    Người xử lý nền làm việc này mỗi ngày. / The worker does it every day.
    """
    now = datetime.now(UTC)
    if dry_run:
        planned = retention.plan(now=now)
        show_table(
            [("kept", "rows", "numbers"), *((what, len(rows), _few(rows)) for what, rows in planned.items())]
        )
        return
    show_table([("kept", "erased"), *retention.run(now=now).counts.items()])


def _few(rows: list[int]) -> str:
    return " ".join(map(str, rows)) or "–"
