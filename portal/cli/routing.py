"""`flask routing …`: where does a report go, and why?"""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from portal.cli.answers import Moment, refused, show
from portal.core import text
from portal.core.deadlines import day_of
from portal.core.errors import BadPoint, NotFound, OutsideTerritory
from portal.core.packs import PRIORITIES
from portal.services import directory, places, routing
from portal.services.guidance import suggestions

HOW_LOCATED = {
    "inside": "inside the boundary",
    "near": "nearest boundary, {:.0f} m away",
    "estimate": "nearest known point, {:.0f} m away",
}

group = AppGroup("routing", help="Phản ánh về đơn vị nào? / Where does a report go?")


class Answer(click.ParamType):
    """One answer to a question of the category."""

    name = "QUESTION=CHOICE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        question, sign, choice = str(value).partition("=")
        if not (question and sign and choice):
            self.fail(f"{value!r} is no answer (road_class=national)", param, ctx)
        return question, choice


@group.command("explain")
@click.option("--category", "code", required=True, help="Mã lĩnh vực. / Code of the category.")
@click.option(
    "--lat", "latitude", type=float, required=True, help="Vĩ độ WGS84. / Latitude in WGS84 degrees."
)
@click.option(
    "--lon", "longitude", type=float, required=True, help="Kinh độ WGS84. / Longitude in WGS84 degrees."
)
@click.option(
    "--at", "moment", type=Moment(), help="Ngày giờ gửi, mặc định bây giờ. / When it is sent, now by default."
)
@click.option(
    "--answer",
    "answers",
    type=Answer(),
    multiple=True,
    help="Trả lời câu hỏi của lĩnh vực. / An answer to a question of the category; may be repeated.",
)
@click.option(
    "--priority",
    type=click.Choice(PRIORITIES),
    help="Mức độ ưu tiên, mặc định của lĩnh vực. / Priority, the category's by default.",
)
@click.option("--json", "as_json", is_flag=True, help="Dạng JSON. / As JSON.")
def explain_routing(
    code: str,
    latitude: float,
    longitude: float,
    moment: datetime | None,
    answers: tuple[tuple[str, str], ...],
    priority: str | None,
    as_json: bool,
) -> None:
    """Đơn vị chủ trì của một phản ánh, và vì sao. / Who leads a report, and why."""
    moment = moment or datetime.now(UTC)
    day = day_of(moment)
    with force_locale("vi"), refused(NotFound, BadPoint, OutsideTerritory):
        category = directory.category(code)
        located = places.locate(latitude, longitude, day)
        near = located.near[0]
        routing.check_answers(category.code, dict(answers))
        routed = routing.route(
            category.code,
            near.area,
            moment,
            priority=priority or category.priority,
            answers=dict(answers),
        )
        show(
            {
                "area": f"{near.area.code} {near.area.name}",
                "vintage": near.area.vintage,
                "unit": f"{routed.unit.code} {routed.unit.name}",
                "cooperating": [f"{unit.code} {unit.name}" for unit in routed.cooperating],
                "rule": routed.decision["rule_id"],
                "why": routed.decision["sentence"],
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
