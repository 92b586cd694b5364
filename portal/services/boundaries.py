"""The boundaries of a vintage: imported as a whole, shown on maps, taken away again."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import delete, insert, select

from portal.adapters.mapfiles import MapFile
from portal.core.errors import NotFound
from portal.core.maps import boundaries
from portal.core.maps.boundaries import Box, Progress, Shapes, Wanted
from portal.models import Area, Boundary, BoundarySource, Territory, db, transaction
from portal.services import places, territory
from portal.services.territory import Version


@dataclass(frozen=True)
class Origin:
    """Whom the boundaries are from: named on every map with the licence. `taken_on`: the day they were copied."""

    source: str
    licence: str
    taken_on: date | None = None


def check(
    file: MapFile,
    vintage: str,
    *,
    code_field: str,
    name_field: str | None = None,
    progress: Progress = lambda _: None,
) -> Shapes:
    """The shape of every smallest area of this vintage. Raises NotFound for an unknown vintage, BoundariesError."""
    areas = places.smallest(vintage)
    box = db.session.execute(
        select(Territory.south, Territory.west, Territory.north, Territory.east)
    ).one_or_none()
    if not areas or box is None:
        raise NotFound(vintage=vintage)
    wanted = Wanted(
        names={area.code: area.name for area in areas},
        km2={area.code: area.area_km2 for area in areas if area.area_km2},
        box=Box(*box),
    )
    return boundaries.read(
        file.features, wanted, code_field=code_field, name_field=name_field, progress=progress
    )


def load(file: MapFile, shapes: Shapes, vintage: str, origin: Origin, *, now: datetime) -> bool:
    """Keep the checked shapes of this file instead of those that the vintage has; False where they are the same."""
    if _is_loaded(file, vintage, origin):
        return False
    web = boundaries.for_web(shapes)
    with transaction():
        territory.revise()
        _delete(vintage)
        db.session.add(
            BoundarySource(
                vintage=vintage,
                file=file.name,
                source=origin.source,
                licence=origin.licence,
                taken_on=origin.taken_on,
                sha256=file.sha256,
                imported_at=now,
            )
        )
        db.session.flush()
        rows = [
            {"vintage": vintage, "code": code, "exact": shape.wkb, "web": web[code].wkb}
            for code, shape in shapes.items()
        ]
        db.session.execute(insert(Boundary), rows)
    return True


def remove(vintage: str) -> None:
    """Forget the boundaries of this vintage: places are estimated again. Raises NotFound where there are none."""
    with transaction():
        territory.revise()
        if not _delete(vintage):
            raise NotFound(vintage=vintage)


def sources() -> list[BoundarySource]:
    """Where the loaded boundaries come from, the newest vintage first."""
    return list(db.session.scalars(select(BoundarySource).order_by(BoundarySource.vintage.desc())))


def source_of(vintage: str) -> BoundarySource | None:
    """Where the boundaries of this vintage come from; None where it has none."""
    return db.session.get(BoundarySource, vintage)


def geojson(source: BoundarySource) -> bytes:
    """The boundaries from this source, simplified, as a FeatureCollection."""
    return _geojson(source.vintage, source.sha256, territory.version())


def _is_loaded(file: MapFile, vintage: str, origin: Origin) -> bool:
    loaded = source_of(vintage)
    return loaded is not None and (
        loaded.sha256,
        loaded.source,
        loaded.licence,
        loaded.taken_on,
    ) == (file.sha256, origin.source, origin.licence, origin.taken_on)


def _delete(vintage: str) -> bool:
    """Take the vintage's rows away; were there any?"""
    db.session.execute(delete(Boundary).where(Boundary.vintage == vintage))
    gone = delete(BoundarySource).where(BoundarySource.vintage == vintage).returning(BoundarySource.vintage)
    return db.session.scalar(gone) is not None


@lru_cache(maxsize=4)
def _geojson(vintage: str, _sha256: str, _version: Version | None) -> bytes:
    query = (
        select(Boundary.code, Area.name, Boundary.web)
        .join(Area, (Area.vintage == Boundary.vintage) & (Area.code == Boundary.code))
        .where(Boundary.vintage == vintage)
        .order_by(Boundary.code)
    )
    return boundaries.geojson((code, name, web) for code, name, web in db.session.execute(query))
