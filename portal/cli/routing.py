"""`flask routing …`: where does a report go, and why?"""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from portal.cli.answers import Moment, refused, show
from portal.core import text
from portal.core.deadlines import VIETNAM
from portal.core.errors import BadPoint, NotFound, OutsideTerritory
from portal.services import directory, places, routing, suggestions
from portal.web import words

HOW_LOCATED = {
    "inside": "inside the boundary",
    "near": "nearest boundary, {:.0f} m away",
    "estimate": "nearest known point, {:.0f} m away",
}

group = AppGroup("routing", help="Phản ánh về đơn vị nào? / Where does a report go?")


@group.command("explain")
@click.option("--category", "code", required=True, help="Mã lĩnh vực. / Code of the category.")
@click.option(
    "--lat", "latitude", type=float, required=True, help="Vĩ độ WGS84. / Latitude in WGS84 degrees."
)
@click.option(
    "--lon", "longitude", type=float, required=True, help="Kinh độ WGS84. / Longitude in WGS84 degrees."
)
@click.option("--at", "moment", type=Moment(), help="Ngày, mặc định hôm nay. / The day, today by default.")
@click.option("--json", "as_json", is_flag=True, help="Dạng JSON. / As JSON.")
def explain_routing(
    code: str, latitude: float, longitude: float, moment: datetime | None, as_json: bool
) -> None:
    """Đơn vị chủ trì của một phản ánh, và vì sao. / Who leads a report, and why."""
    day = (moment or datetime.now(UTC)).astimezone(VIETNAM).date()
    with force_locale("vi"), refused(NotFound, BadPoint, OutsideTerritory):
        category = directory.category(code)
        located = places.locate(latitude, longitude, day)
        near = located.near[0]
        routed = routing.route(category.code, near.area, day)
        show(
            {
                "area": f"{near.area.code} {near.area.name}",
                "vintage": near.area.vintage,
                "unit": f"{routed.unit.code} {routed.unit.name}",
                "cooperating": [],
                "rule": routed.decision["rule_id"],
                "why": words.routing_sentence(routed.decision),
                "how_located": HOW_LOCATED[located.how].format(near.metres),
            },
            as_json,
        )


@group.command("suggest")
@click.argument("description", metavar="TEXT")
@click.option("--json", "as_json", is_flag=True, help="Dạng JSON. / As JSON.")
def suggest_category(description: str, as_json: bool) -> None:
    """Lĩnh vực của một đoạn văn, theo những từ nào. / What a text is about, by which of its words.

    Cũng nêu việc thuộc nơi khác (khiếu nại, tố cáo …) và số khẩn cấp. / Also names matters for other doors and
    emergency numbers.
    """
    found = text.clean(description)
    seen = suggestions.examine(found)
    suggested = [
        {"category": one.subject, "name": directory.category(one.subject).name, "words": list(one.words)}
        for one in suggestions.suggest(found)
    ]
    if as_json:
        doors = {door.subject: list(door.words) for door in seen.doors}
        show({"suggestions": suggested, "doors": doors, "call": list(seen.numbers)}, as_json)
        return
    lines = [f"{one['category']}  {one['name']}  ({', '.join(one['words'])})" for one in suggested]
    show(
        {
            "suggestions": lines or ["chưa rõ"],
            "doors": [door.subject for door in seen.doors],
            "call": list(seen.numbers),
        },
        as_json,
    )
