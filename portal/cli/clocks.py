"""`flask clocks …`: when is a report due, and which hours were counted?"""

from datetime import datetime

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from portal.cli.answers import Moment, refused, show
from portal.core import deadlines
from portal.core.errors import NotFound
from portal.services import clocks, directory

group = AppGroup("clocks", help="Hạn tiếp nhận và xử lý. / When is a report due?")


@group.command("explain")
@click.option("--category", "code", required=True, help="Mã lĩnh vực. / Code of the category.")
@click.option("--at", "moment", type=Moment(), required=True, help="Lúc gửi. / The moment it is sent.")
@click.option("--json", "as_json", is_flag=True, help="Dạng JSON. / As JSON.")
def explain_clocks(code: str, moment: datetime, as_json: bool) -> None:
    """Hạn của một phản ánh và các khoảng giờ đã tính. / When a report is due, and the hours that were counted."""
    with force_locale("vi"), refused(NotFound):
        category = directory.category(code)
    allowance = category.resolve_minutes * clocks.ONE_MINUTE
    counted = deadlines.intervals(moment, allowance, clocks.calendar(category))
    show(
        {
            "receive_due": clocks.receive_due(category, moment).isoformat(timespec="minutes"),
            "resolve_due": clocks.resolve_due(category, moment).isoformat(timespec="minutes"),
            "counted": [
                f"{begin.isoformat(timespec='minutes')}/{end.isoformat(timespec='minutes')}"
                for begin, end in counted
            ],
        },
        as_json,
    )
