"""Old names and old codes: what an area was made of, and where an area of an earlier vintage lies today."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from portal.core import former, text
from portal.core.errors import NotFound
from portal.core.former import Former
from portal.core.places import Point
from portal.models import Area, Succession, db
from portal.services import places
from portal.services.territory import Version, version

Formers = dict[str, tuple[Former, ...]]
# Made once: one takes milliseconds.
_old, _new, _district, _new_district = (aliased(Area) for _ in range(4))


def of(area: Area) -> tuple[Former, ...]:
    """The areas that became part of this one; none where it only goes on under another code or vintage."""
    return _formers(area.vintage, version()).get(area.code, ())


def in_vintage_of(day: date) -> Formers:
    """The same for every area in force on that day, by code."""
    return _formers(places.vintage_on(day), version())


def reform_before(day: date) -> date | None:
    """The first day of the structure in force on that day; None where no older one is known."""
    return _first_day(places.vintage_on(day), version())


def said(area: Area, latitude: float | None, longitude: float | None) -> str:
    """What the place was before, as people say it; '' where it was nothing else."""
    return _said(area.vintage, area.code, latitude, longitude, version())


def searchable(words: str, area: Area, latitude: float | None, longitude: float | None) -> str:
    """What search reads of a report: its words and the names of its area, old and new, without marks."""
    return text.fold(f"{words} {area.name} {former.words(of(area), _whole(latitude, longitude))}")


def called(beginnings: Sequence[str], day: date) -> list[str]:
    """The codes of that day's places of which one old name, with its district, has words that begin so (folded)."""
    return [
        code
        for code, formers in in_vintage_of(day).items()
        if any(_has(text.fold(former.words([known])), beginnings) for known in formers)
    ]


def today(raw: str, day: date) -> list[Area]:
    """The places of that day, by name, that an old or new code stands for: '19351', '2023-11-10/19348'.

    A code without its vintage means today's place of that code, else that of the latest vintage which knows it.
    Raises NotFound for a code that no vintage has given to anything smaller than a province.
    """
    vintage, _, code = text.clean(raw).rpartition("/")
    now = places.vintage_on(day)
    known = select(Area).where(Area.code == code, Area.level != "province", Area.valid_from <= day)
    if vintage:
        known = known.where(Area.vintage == vintage)
    area = db.session.scalar(known.order_by(Area.vintage.desc()).limit(1))
    if area is None:
        raise NotFound(area=raw)
    found = {place.code: place for place in _smallest_now(area, now)}
    return sorted(found.values(), key=lambda place: place.name_folded)


def _has(folded: str, beginnings: Sequence[str]) -> bool:
    return all(f" {beginning}" in f" {folded}" for beginning in beginnings)


def _smallest_now(area: Area, now: str) -> list[Area]:
    """What the area is in that vintage, followed to the smallest places, where reports can be."""
    parts = list(db.session.scalars(select(Area).filter_by(vintage=area.vintage, parent_code=area.code)))
    if area.vintage == now and not parts:
        return [area]
    if area.vintage != now and not parts:
        parts = list(
            db.session.scalars(
                select(Area)
                .join(Succession, (Succession.to_vintage == Area.vintage) & (Succession.to_code == Area.code))
                .where(Succession.from_vintage == area.vintage, Succession.from_code == area.code)
            )
        )
    return [place for part in parts for place in _smallest_now(part, now)]


@lru_cache(maxsize=4)
def _first_day(vintage: str, _loaded: Version | None) -> date | None:
    has_formers = exists().where(Succession.to_vintage == vintage)
    return db.session.scalar(select(func.min(Area.valid_from)).where(Area.vintage == vintage, has_formers))


@lru_cache(maxsize=4096)  # of reports that are looked at: measuring distances took 2 % of their page
def _said(
    vintage: str, code: str, latitude: float | None, longitude: float | None, loaded: Version | None
) -> str:
    return former.said(_formers(vintage, loaded).get(code, ()), _whole(latitude, longitude))


@lru_cache(maxsize=4)
def _formers(vintage: str, loaded: Version | None) -> Formers:
    """An area that went on alone and unchanged is left out in favour of what it was made of."""
    pairs = db.session.execute(
        select(_old.vintage, _old.code, _old.name, _old.latitude, _old.longitude)
        .add_columns(_new.code, _new.name, _district.name, _new_district.name)
        .select_from(Succession)
        .join(_old, (_old.vintage == Succession.from_vintage) & (_old.code == Succession.from_code))
        .join(_new, (_new.vintage == Succession.to_vintage) & (_new.code == Succession.to_code))
        .outerjoin(_district, _district_of(_district, _old))
        .outerjoin(_new_district, _district_of(_new_district, _new))
        .where(Succession.to_vintage == vintage, _old.level != "province")
        .order_by(_old.name_folded)
    )
    found = defaultdict(list)
    changed = set()
    for was, code, name, latitude, longitude, became, name_now, its_district, district_now in pairs:
        before = _formers(was, loaded).get(code, ())
        point = _whole(latitude, longitude)
        found[became].append(Former(name, former.short(its_district or ""), point, before))
        if (name, its_district) != (name_now, district_now):
            changed.add(became)
    return {code: tuple(formers) if code in changed else formers[0].before for code, formers in found.items()}


def _district_of(district: type[Area], area: type[Area]) -> ColumnElement[bool]:
    return (
        (district.vintage == area.vintage)
        & (district.code == area.parent_code)
        & (district.level == "district")
    )


def _whole(latitude: float | None, longitude: float | None) -> Point | None:
    return None if latitude is None or longitude is None else Point(latitude, longitude)
