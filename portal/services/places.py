"""Where is it? Points and words to administrative areas of the day in question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import takewhile
from math import inf

from sqlalchemy import or_, select

from portal.core import places
from portal.core.errors import NotFound, OutsideTerritory
from portal.core.places import KnownPoint, Point
from portal.models import Area, Succession, db
from portal.services.territory import Version, version


@dataclass(frozen=True)
class NearArea:
    """An area near a point; `metres` to its nearest known point."""

    area: Area
    metres: float


@dataclass(frozen=True)
class Choice:
    """One commune to choose."""

    code: str
    name: str

    @property
    def kind(self) -> str:
        """The words before the place's own name: 'Phường', 'Xã', 'Đặc khu'."""
        first, *rest = self.name.split()
        return " ".join((first, *takewhile(str.islower, rest)))


def vintage_on(day: date) -> str:
    """The vintage of areas in force on that day; raises NotFound where none is loaded."""
    return _vintage_on(day, version())


def area_on(code: str, day: date) -> Area:
    """The place of that code on that day where reports can be: a commune, or a district that has none.

    Raises NotFound for an unknown code or one of a larger area.
    """
    area = db.session.get(Area, (vintage_on(day), code))
    if area is None or not _is_smallest(area):
        raise NotFound(area=code)
    return area


def chain(area: Area) -> dict[str, str]:
    """Codes of the area and of all above it, by level."""
    codes = {}
    higher: Area | None = area
    while higher is not None:
        codes[higher.level] = higher.code
        higher = db.session.get(Area, (higher.vintage, higher.parent_code)) if higher.parent_code else None
    return codes


def locate(latitude: float, longitude: float, day: date) -> list[NearArea]:
    """The three areas whose known points lie nearest (WGS84 degrees), nearest first.

    An estimate: boundaries are not asked. Raises OutsideTerritory where even the nearest is too far.
    """
    if not places.valid_coordinates(latitude, longitude):
        raise OutsideTerritory(latitude=latitude, longitude=longitude)
    vintage = vintage_on(day)
    near = places.nearest(_known_points(vintage, version()), latitude, longitude)
    if not near or near[0].distance_m > places.FARTHEST_M:
        raise OutsideTerritory(latitude=latitude, longitude=longitude)
    areas = db.session.scalars(
        select(Area).where(Area.vintage == vintage, Area.code.in_([candidate.code for candidate in near]))
    )
    by_code = {area.code: area for area in areas}
    return [NearArea(by_code[candidate.code], candidate.distance_m) for candidate in near]


def metres_to(code: str, point: Point, day: date) -> float:
    """Metres from a point to the nearest known point of that area; infinite where none is known."""
    known = _known_points(vintage_on(day), version())
    own = (Point(other.latitude, other.longitude) for other in known if other.code == code)
    return min((places.distance_m(point, other) for other in own), default=inf)


def choices(day: date) -> tuple[Choice, ...]:
    """Every place a report can be on that day, by name."""
    return _choices(vintage_on(day), version())


def _is_smallest(area: Area) -> bool:
    if area.level == "commune":
        return True
    has_communes = (
        select(Area.code).where(Area.vintage == area.vintage, Area.parent_code == area.code).limit(1)
    )
    return area.level == "district" and db.session.scalar(has_communes) is None


def _smallest(vintage: str) -> list[Area]:
    areas = list(db.session.scalars(select(Area).where(Area.vintage == vintage).order_by(Area.name_folded)))
    parents = {area.parent_code for area in areas}
    return [area for area in areas if area.level != "province" and area.code not in parents]


def _predecessors(vintage: str) -> Sequence[tuple[str, Area]]:
    """Pairs of a code of this vintage and an area that went into it."""
    query = (
        select(Succession.to_code, Area)
        .join(Area, (Area.vintage == Succession.from_vintage) & (Area.code == Succession.from_code))
        .where(Succession.to_vintage == vintage)
        .order_by(Area.name_folded)
    )
    return [(code, area) for code, area in db.session.execute(query)]


@lru_cache(maxsize=64)
def _vintage_on(day: date, _version: Version | None) -> str:
    vintage = db.session.scalar(
        select(Area.vintage)
        .where(Area.valid_from <= day, or_(Area.valid_until.is_(None), Area.valid_until >= day))
        .order_by(Area.vintage.desc())
        .limit(1)
    )
    if vintage is None:
        raise NotFound(day=day)
    return vintage


@lru_cache(maxsize=4)
def _known_points(vintage: str, _version: Version | None) -> tuple[KnownPoint, ...]:
    smallest = {area.code: area for area in _smallest(vintage)}
    located = [(area.code, area) for area in smallest.values()]
    located += [(code, area) for code, area in _predecessors(vintage) if code in smallest]
    return tuple(
        KnownPoint(code, area.latitude, area.longitude)
        for code, area in located
        if area.latitude is not None and area.longitude is not None
    )


@lru_cache(maxsize=4)
def _choices(vintage: str, _version: Version | None) -> tuple[Choice, ...]:
    return tuple(Choice(area.code, area.name) for area in _smallest(vintage))
