"""`flask clocks …`: when is a report due, and which hours were counted?"""

from datetime import datetime

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from portal.cli.answers import Moment, refused, show
from portal.core.deadlines import USUAL_HOURS, day_of
from portal.core.errors import NotFound
from portal.core.packs import PRIORITIES
from portal.models import Unit
from portal.services import clocks, directory, routing, territory
from portal.services.clocks import Explained

group = AppGroup("clocks", help="Hạn tiếp nhận, giao việc và xử lý. / When is a report due?")


@group.command("explain")
@click.option("--category", "code", required=True, help="Mã lĩnh vực. / Code of the category.")
@click.option(
    "--priority",
    type=click.Choice(PRIORITIES),
    help="Mức độ ưu tiên, mặc định của lĩnh vực. / The priority, that of the category by default.",
)
@click.option(
    "--unit",
    "unit_code",
    help="Mã đơn vị chủ trì, mặc định trung tâm điều phối. / Code of the lead, the operations centre by default.",
)
@click.option("--at", "moment", type=Moment(), required=True, help="Lúc gửi. / The moment it is sent.")
@click.option("--json", "as_json", is_flag=True, help="Dạng JSON. / As JSON.")
def explain_clocks(
    code: str, priority: str | None, unit_code: str | None, moment: datetime, as_json: bool
) -> None:
    """Hạn của một phản ánh và các khoảng giờ đã tính. / When a report is due, and the hours that were counted.

    `assign_due`: for a report that is received at the last moment.
    """
    with force_locale("vi"), refused(NotFound):
        category = directory.category(code)
        unit = _unit(unit_code, moment)
    terms = clocks.timetable().terms(category, priority or category.priority, unit)
    receive = clocks.explain(moment, terms.receive_minutes, terms.hours)
    assign = clocks.explain(receive.due, terms.assign_minutes, terms.hours)
    resolve = clocks.explain(moment, terms.resolve_minutes, terms.hours)
    show(
        {
            "receive_due": receive.due.isoformat(timespec="minutes"),
            "assign_due": assign.due.isoformat(timespec="minutes"),
            "resolve_due": resolve.due.isoformat(timespec="minutes"),
            "unit": f"{unit.code} {unit.name}",
            "hours": terms.hours or USUAL_HOURS,
            "receive_minutes": terms.receive_minutes,
            "assign_minutes": terms.assign_minutes,
            "resolve_minutes": terms.resolve_minutes,
            "level": terms.level,
            "legal_basis": terms.legal_basis,
            "counted": _counted(resolve),
            "skipped": [f"{holiday.day} {holiday.name}" for holiday in resolve.skipped],
        },
        as_json,
    )


def _unit(code: str | None, moment: datetime) -> Unit:
    """The unit of that code on that day; where none is named, the one that gets what no rule gives to anybody."""
    loaded = territory.current()
    code = code or (loaded.fallback_unit if loaded else "")
    unit = routing.unit_on(code, day_of(moment))
    if unit is None:
        raise NotFound(unit=code)
    return unit


def _counted(explained: Explained) -> list[str]:
    return [
        f"{begin.isoformat(timespec='minutes')}/{end.isoformat(timespec='minutes')}"
        for begin, end in explained.counted
    ]
