"""Where is it? The point that the form brings, the wards near it, and the ward that the resident confirms."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.errors import BadPoint, OutsideTerritory
from portal.core.places import Point
from portal.services import places
from portal.services.places import NearArea
from portal.web import context, maps
from portal.web.resident import offering
from portal.web.resident.forms import ReportForm

DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?")
KEPT_DECIMALS = 6  # 11 cm
CONTRADICTION_M = 40_000


@dataclass(frozen=True)
class Spot:
    """The point (WGS84 degrees) or None, how its area is `known_by`, and the areas to confirm it with, of which one
    is `chosen` (its code).

    `wrong` is the sentence about what is wrong, '' when nothing is.
    """

    point: Point | None = None
    known_by: str = "resident"
    near: tuple[NearArea, ...] = ()
    chosen: str = ""
    wrong: str = ""


def nearby() -> ResponseReturnValue:
    """The ward of a point, or the nearest ones, as a piece of the form, or the sentence why there are none."""
    spot = _spot(request.args.get("latitude", ""), request.args.get("longitude", ""))
    if not spot.near:
        return render_template("resident/nowhere.html", sentence=spot.wrong), 422
    return render_template("resident/near.html", spot=spot)


def locate(form: ReportForm) -> Spot:
    """The place of a sent form, whose area is certain or confirmed by the resident, or what is still wrong with it."""
    spot, code = _spot(form.latitude.data, form.longitude.data), form.area.data or ""
    if spot.wrong:
        return spot
    if spot.known_by == "inside" and not code:
        return spot
    if wrong := _wrong_area(code, spot):
        return replace(spot, wrong=wrong)
    if spot.point and code not in _codes(spot.near):
        farther = NearArea(
            places.area_on(code, context.today()), places.metres_to(code, spot.point, context.today())
        )
        return Spot(spot.point, "resident", (*spot.near, farther), code)
    return replace(spot, chosen=code)


def _spot(latitude: Any, longitude: Any) -> Spot:
    try:
        point = _point(latitude or "", longitude or "")
        if point is None:
            return Spot()
        located = places.locate(*point, context.today())
    except (BadPoint, OutsideTerritory) as error:
        advice = _("Xin chọn phường, xã hoặc đặt lại vị trí.")
        return Spot(wrong=f"{maps.refusal(error)} {advice}")
    return Spot(point, located.how, located.near, located.area.code)


def _point(latitude: str, longitude: str) -> Point | None:
    if not latitude and not longitude:
        return None
    if not DEGREES.fullmatch(latitude) or not DEGREES.fullmatch(longitude):
        raise BadPoint(reason="number")
    return Point(round(float(latitude), KEPT_DECIMALS), round(float(longitude), KEPT_DECIMALS))


def _wrong_area(code: str, spot: Spot) -> str:
    if not code:
        return (
            _("Xin xác nhận phường, xã.") if spot.near else _("Xin chọn phường, xã hoặc dùng vị trí của bạn.")
        )
    if code not in offering.area_codes():
        return _("Xin chọn phường, xã trong danh sách.")
    if (
        spot.point
        and code not in _codes(spot.near)
        and places.metres_to(code, spot.point, context.today()) > CONTRADICTION_M
    ):
        return _("Phường, xã đã chọn ở rất xa vị trí đã đánh dấu. Xin xác nhận phường, xã.")
    return ""


def _codes(near: Sequence[NearArea]) -> set[str]:
    return {candidate.area.code for candidate in near}
