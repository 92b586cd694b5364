"""Where is it? Points and words to administrative areas of the day in question."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import takewhile
from math import inf

from sqlalchemy import or_, select

from portal.core import places
from portal.core.errors import NotFound, OutsideTerritory
from portal.core.maps import boundaries, locating
from portal.core.maps.locating import Locator
from portal.core.places import Candidate, KnownPoint, Point
from portal.models import Area, Boundary, BoundarySource, Neighbour, Succession, db
from portal.services.territory import Version, version

ESTIMATE = "estimate"


@dataclass(frozen=True)
class NearArea:
    """An area near a point; `metres` to its boundary, or to its nearest known point where it is an estimate."""

    area: Area
    metres: float


@dataclass(frozen=True)
class Located:
    """The areas where a point may lie, the likeliest first, and how they are known.

    'inside': the one whose boundary surrounds it; 'near': those whose boundaries are within 500 m; 'estimate': the
    three whose known points lie nearest.
    """

    how: str
    near: tuple[NearArea, ...]

    @property
    def area(self) -> Area:
        return self.near[0].area


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


def vintages() -> list[str]:
    """Every vintage, the newest first; each is named after its first day."""
    return list(db.session.scalars(select(Area.vintage).distinct().order_by(Area.vintage.desc())))


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


def locate(latitude: float, longitude: float, day: date) -> Located:
    """Where a place (WGS84 degrees) lies on that day: by the boundaries of the vintage in force, where there are
    any, else estimated from known points.

    Raises BadPoint for what is no place on the globe, OutsideTerritory for one that lies in no area.
    """
    places.check_coordinates(latitude, longitude)
    vintage = vintage_on(day)
    if drawn := locator(vintage):
        how, found = drawn.locate(latitude, longitude)
    else:
        how, found = ESTIMATE, tuple(_estimate(latitude, longitude, vintage))
    if not found:
        neighbour = places.nearest_neighbour(_neighbours(version()), latitude, longitude)
        raise OutsideTerritory(latitude=latitude, longitude=longitude, neighbour=neighbour)
    areas = db.session.scalars(
        select(Area).where(Area.vintage == vintage, Area.code.in_([candidate.code for candidate in found]))
    )
    by_code = {area.code: area for area in areas}
    return Located(how, tuple(NearArea(by_code[code], metres) for code, metres in found))


def metres_to(code: str, point: Point, day: date) -> float:
    """Metres from a point to the nearest known point of that area; infinite where none is known."""
    known = _known_points(vintage_on(day), version())
    own = (Point(other.latitude, other.longitude) for other in known if other.code == code)
    return min((places.distance_m(point, other) for other in own), default=inf)


def choices(day: date) -> tuple[Choice, ...]:
    """Every place a report can be on that day, by name."""
    return _choices(vintage_on(day), version())


def smallest(vintage: str) -> list[Area]:
    """The areas of this vintage where reports can be, by name."""
    areas = list(db.session.scalars(select(Area).where(Area.vintage == vintage).order_by(Area.name_folded)))
    parents = {area.parent_code for area in areas}
    return [area for area in areas if area.level != "province" and area.code not in parents]


def _is_smallest(area: Area) -> bool:
    if area.level == "commune":
        return True
    has_communes = (
        select(Area.code).where(Area.vintage == area.vintage, Area.parent_code == area.code).limit(1)
    )
    return area.level == "district" and db.session.scalar(has_communes) is None


def _estimate(latitude: float, longitude: float, vintage: str) -> list[Candidate]:
    """The three areas with the nearest known points, none where even the nearest is too far.

    Where the place is certain in a later vintage, only the areas that became part of that one are asked.
    """
    points = _known_points(vintage, version())
    if became := _became_what_is_there(latitude, longitude, vintage):
        points = tuple(point for point in points if point.code in became)
    near = places.nearest(points, latitude, longitude)
    return near if near and (became or near[0].distance_m <= places.FARTHEST_M) else []


def _became_what_is_there(latitude: float, longitude: float, vintage: str) -> set[str]:
    """The areas of this vintage that became the one whose later boundary surrounds the place; none if unknown."""
    drawn = select(BoundarySource.vintage).where(BoundarySource.vintage > vintage)
    for later in db.session.scalars(drawn.order_by(BoundarySource.vintage)).all():
        boundaries_then = locator(later)
        how, found = boundaries_then.locate(latitude, longitude) if boundaries_then else locating.NOWHERE
        if how == locating.INSIDE:
            return _became(vintage, later, version()).get(found[0].code, set())
    return set()


def locator(vintage: str) -> Locator | None:
    """The boundaries of this vintage as they are now; None where it has none."""
    source = select(BoundarySource.sha256).where(BoundarySource.vintage == vintage)
    drawn = db.session.scalar(source)
    return _drawn(vintage, drawn, version()) if drawn else None


@lru_cache(maxsize=2)
def _drawn(vintage: str, _sha256: str, _version: Version | None) -> Locator:
    rows = select(Boundary.code, Boundary.exact).where(Boundary.vintage == vintage)
    return Locator(boundaries.from_wkb({row.code: row.exact for row in db.session.execute(rows)}))


@lru_cache(maxsize=4)
def _became(vintage: str, later: str, _version: Version | None) -> Mapping[str, set[str]]:
    """By code of the later vintage: the areas of the earlier one that became it, or part of it, step by step."""
    leads = defaultdict(list)
    for edge in db.session.scalars(select(Succession).where(Succession.from_vintage < Succession.to_vintage)):
        leads[edge.from_vintage, edge.from_code].append((edge.to_vintage, edge.to_code))
    became: dict[str, set[str]] = defaultdict(set)
    for area in smallest(vintage):
        reached = {(vintage, area.code)}
        while reached:
            for code in (code for at, code in reached if at == later):
                became[code].add(area.code)
            reached = {onward for place in reached for onward in leads[place]}
    return became


@lru_cache(maxsize=4)
def _neighbours(_version: Version | None) -> tuple[places.Neighbour, ...]:
    return tuple(
        places.Neighbour(row.name, row.name_en, row.latitude, row.longitude)
        for row in db.session.scalars(select(Neighbour).order_by(Neighbour.code))
    )


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
    own = {area.code: area for area in smallest(vintage)}
    located = [*own.items(), *((code, area) for code, area in _predecessors(vintage) if code in own)]
    return tuple(
        KnownPoint(code, area.latitude, area.longitude)
        for code, area in located
        if area.latitude is not None and area.longitude is not None
    )


@lru_cache(maxsize=4)
def _choices(vintage: str, _version: Version | None) -> tuple[Choice, ...]:
    return tuple(Choice(area.code, area.name) for area in smallest(vintage))
