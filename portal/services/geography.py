"""Reading reports by another map than the one they were sent on: places of today in the old areas, and the reverse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import func, select

from portal.core import places as law
from portal.core.geography import Key, Successions
from portal.core.places import KnownPoint
from portal.models import Area, Succession, db
from portal.services import places
from portal.services.territory import Version, version


def successions() -> Successions:
    """Every edge of every reform, read once for each loaded pack."""
    return _successions(version())


@dataclass(frozen=True)
class Geography:
    """The areas of one level on one map: `until` is the map's last day, None for the one in force."""

    vintage: str
    level: str
    until: date | None


def geographies() -> list[Geography]:
    """Every way to look at the reports by area: the latest map first, on each the smaller areas first."""
    query = (
        select(Area.vintage, Area.level, func.max(Area.valid_until))
        .where(Area.level != "province")
        .group_by(Area.vintage, Area.level)
    )
    rows = sorted(db.session.execute(query), key=lambda row: (row[0], row[1] == "commune"), reverse=True)
    return [Geography(*row) for row in rows]


def names(vintage: str) -> dict[str, str]:
    """Code → name, with the district's where there are districts: 'Phường 1' is there twice."""
    return _names(vintage, version())


class Map:
    """The areas of one vintage, and where an area of any other vintage lies on it."""

    def __init__(self, vintage: str) -> None:
        self.vintage = vintage
        rows = list(db.session.scalars(select(Area).where(Area.vintage == vintage)))
        self.areas: Mapping[str, Area] = {area.code: area for area in rows}
        self._chains: dict[str, dict[str, str]] = {}
        self._on_level: dict[tuple[str, Key], set[str | None]] = {}
        self._edges = successions()
        self._drawn = places.locator(vintage)

    def chain(self, code: str) -> dict[str, str]:
        """Level → code of the area and of all above it."""
        if code not in self._chains:
            found, higher = {}, self.areas.get(code)
            while higher is not None:
                found[higher.level] = higher.code
                higher = self.areas.get(higher.parent_code or "")
            self._chains[code] = found
        return self._chains[code]

    def codes(self, area: Key) -> frozenset[str]:
        """Everything on this map that the area became, or was made of."""
        return self._edges.codes(area, self.vintage)

    def code_of(self, area: Key, latitude: float | None, longitude: float | None) -> str | None:
        """The one area of this map that a report of `area` lies in; where there are several, the one whose boundary
        surrounds the report's point or, on a map without boundaries, whose known point lies nearest to it. None
        where that cannot be said.
        """
        codes = self.codes(area)
        if len(codes) == 1:
            return next(iter(codes))
        if latitude is None or longitude is None:
            return None
        if self._drawn:
            _how, around = self._drawn.locate(latitude, longitude)
            return around[0].code if around and around[0].code in codes else None
        near = law.nearest(
            [spot for code in codes for spot in self._spots(code)], latitude, longitude, count=1
        )
        return near[0].code if near else None

    def code_at(self, level: str, area: Key, latitude: float | None, longitude: float | None) -> str | None:
        """The same on that level; on a higher one it may be known although the commune is not."""
        if (level, area) not in self._on_level:
            self._on_level[level, area] = {self._on(level, code) for code in self.codes(area)}
        codes = self._on_level[level, area]
        if len(codes) == 1:
            return next(iter(codes))
        code = self.code_of(area, latitude, longitude)
        return self._on(level, code) if code else None

    def _on(self, level: str, code: str) -> str | None:
        """The area or the one above it of that level; an island district stands for the commune that it has not."""
        return self.chain(code).get(level) or (code if level == "commune" else None)

    def nearest_key(self, keys: Sequence[Key]) -> Key:
        """Of the areas that a report lay in, one after the other, the one that says most about this map: of its own
        vintage, else of the next one, else of the last before it.
        """
        later = [key for key in keys if key[0] >= self.vintage]
        return min(later) if later else max(keys)

    def _spots(self, code: str) -> list[KnownPoint]:
        area = self.areas[code]
        if area.latitude is None or area.longitude is None:
            return []
        return [KnownPoint(code, area.latitude, area.longitude)]


@lru_cache(maxsize=2)
def _successions(_version: Version | None) -> Successions:
    edges = select(Succession.from_vintage, Succession.from_code, Succession.to_vintage, Succession.to_code)
    return Successions((a, b, c, d) for a, b, c, d in db.session.execute(edges))


@lru_cache(maxsize=4)
def _names(vintage: str, _version: Version | None) -> dict[str, str]:
    areas = {area.code: area for area in db.session.scalars(select(Area).where(Area.vintage == vintage))}
    found = {}
    for code, area in areas.items():
        higher = areas.get(area.parent_code or "")
        found[code] = f"{area.name}, {higher.name}" if higher and higher.level == "district" else area.name
    return found
