"""Where is it? The point that the form brings, the wards near it, and the ward that the resident confirms."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.errors import OutsideTerritory
from portal.core.places import Point, valid_coordinates
from portal.services import places
from portal.services.places import NearArea
from portal.web.resident import offering
from portal.web.resident.forms import ReportForm

DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?")
KEPT_DECIMALS = 6  # 11 cm
CONTRADICTION_M = 40_000


class BadPoint(ValueError):
    """No place on the globe; the message tells the person why."""


@dataclass(frozen=True)
class Spot:
    """The point (WGS84 degrees) or None, and the areas to confirm it with, of which one is `chosen` (its code).

    `wrong` is the sentence about what is wrong, '' when nothing is.
    """

    point: Point | None = None
    near: tuple[NearArea, ...] = ()
    chosen: str = ""
    wrong: str = ""


def nearby() -> ResponseReturnValue:
    """The three nearest wards of a point as a piece of the form, or the sentence why there are none."""
    spot = _spot(request.args.get("latitude", ""), request.args.get("longitude", ""))
    if not spot.near:
        return render_template("resident/nowhere.html", sentence=spot.wrong), 422
    return render_template("resident/near.html", spot=spot)


def locate(form: ReportForm) -> Spot:
    """The place of a sent form, whose area is then confirmed by the resident, or what is still wrong with it."""
    spot, code = _spot(form.latitude.data, form.longitude.data), form.area.data or ""
    if spot.wrong:
        return spot
    if wrong := _wrong_area(code, spot):
        return replace(spot, wrong=wrong)
    if spot.point and code not in _codes(spot.near):
        farther = NearArea(
            places.area_on(code, offering.today()), places.metres_to(code, spot.point, offering.today())
        )
        return Spot(spot.point, (*spot.near, farther), code)
    return replace(spot, chosen=code)


def _spot(latitude: Any, longitude: Any) -> Spot:
    try:
        point = _point(latitude or "", longitude or "")
    except BadPoint as error:
        return Spot(wrong=str(error))
    if point is None:
        return Spot()
    try:
        near = tuple(places.locate(*point, offering.today()))
    except OutsideTerritory:
        return Spot(
            wrong=_("Vị trí này nằm ngoài địa bàn tỉnh. Xin chọn phường, xã hoặc đặt lại vị trí trên bản đồ.")
        )
    return Spot(point, near, near[0].area.code)


def _point(latitude: str, longitude: str) -> Point | None:
    if not latitude and not longitude:
        return None
    if not DEGREES.fullmatch(latitude) or not DEGREES.fullmatch(longitude):
        raise BadPoint(_("Tọa độ không đọc được. Xin chọn phường, xã hoặc đặt lại vị trí."))
    point = Point(round(float(latitude), KEPT_DECIMALS), round(float(longitude), KEPT_DECIMALS))
    if valid_coordinates(*point):
        return point
    if valid_coordinates(*reversed(point)):
        raise BadPoint(_("Vĩ độ và kinh độ có vẻ bị đảo chỗ. Xin chọn phường, xã hoặc đặt lại vị trí."))
    raise BadPoint(_("Tọa độ nằm ngoài bản đồ thế giới. Xin chọn phường, xã hoặc đặt lại vị trí."))


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
        and places.metres_to(code, spot.point, offering.today()) > CONTRADICTION_M
    ):
        return _("Phường, xã đã chọn ở rất xa vị trí đã đánh dấu. Xin xác nhận phường, xã.")
    return ""


def _codes(near: Sequence[NearArea]) -> set[str]:
    return {candidate.area.code for candidate in near}
