"""Reading reports by another map than the one they were sent on: places of today in the old areas, and the reverse."""

from collections.abc import Mapping
from functools import lru_cache

from sqlalchemy import select

from portal.core import places as law
from portal.core.geography import Key, Successions
from portal.core.places import KnownPoint, Point
from portal.models import Area, Succession, db
from portal.services.territory import Version, version


def successions() -> Successions:
    """Every edge of every reform, read once for each loaded pack."""
    return _successions(version())


class Map:
    """The areas of one vintage, and where an area of any other vintage lies on it."""

    def __init__(self, vintage: str) -> None:
        self.vintage = vintage
        rows = list(db.session.scalars(select(Area).where(Area.vintage == vintage)))
        self.areas: Mapping[str, Area] = {area.code: area for area in rows}
        self._chains: dict[str, dict[str, str]] = {}
        self._edges = successions()

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

    def code_of(self, area: Key, point: Point | None) -> str | None:
        """The one area of this map that a report of `area` lies in; where there are several, the one whose known
        point lies nearest to the report's. None where that cannot be said.
        """
        codes = self.codes(area)
        if len(codes) == 1:
            return next(iter(codes))
        if point is None or not codes:
            return None
        known = [spot for code in codes for spot in self._spots(code)]
        near = law.nearest(known, point.latitude, point.longitude, count=1)
        return near[0].code if near else None

    def code_at(self, level: str, area: Key, point: Point | None) -> str | None:
        """The same on that level; on a higher one it may be known although the commune is not."""
        codes = {self.chain(code).get(level) for code in self.codes(area)}
        if len(codes) == 1:
            return codes.pop()
        code = self.code_of(area, point)
        return self.chain(code).get(level) if code else None

    def _spots(self, code: str) -> list[KnownPoint]:
        area = self.areas[code]
        if area.latitude is None or area.longitude is None:
            return []
        return [KnownPoint(code, area.latitude, area.longitude)]


@lru_cache(maxsize=2)
def _successions(_version: Version | None) -> Successions:
    edges = select(Succession.from_vintage, Succession.from_code, Succession.to_vintage, Succession.to_code)
    return Successions((a, b, c, d) for a, b, c, d in db.session.execute(edges))
