"""Places in people's words: today's name beside those it was known by before the last reform."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _

from portal.core import former as old
from portal.core import text
from portal.models import Report
from portal.services import former, places, territory
from portal.services.territory import Version


def init_app(app: Flask) -> None:
    app.jinja_env.globals["place_of"] = place_of


def both_names(name: str, former: str) -> str:
    """'Phường Nam Đông Hà (Phường 5, TP Đông Hà cũ)'."""
    return _("%(name)s (%(former)s cũ)", name=name, former=former) if former else name


def place_of(report: Report) -> str:
    """The area of a report in both geographies: with a point the one former area that it most likely lay in."""
    return both_names(report.area.name, former.said(report.area, report.latitude, report.longitude))


def area_names(day: date) -> Mapping[str, str]:
    """Code → name, with the old ones, of every place where reports can be on that day."""
    return _names(territory.version(), str(get_locale()), day)


def by_old_district(day: date) -> Sequence[tuple[str, list[tuple[str, str]]]]:
    """The same in groups, each with its title: the former district, else what kind of place it is."""
    return _groups(territory.version(), str(get_locale()), day)


@lru_cache(maxsize=8)
def _names(_version: Version | None, _language: str, day: date) -> Mapping[str, str]:
    formers = former.in_vintage_of(day)
    return {
        place.code: both_names(place.name, old.said(formers.get(place.code, ())))
        for place in places.choices(day)
    }


@lru_cache(maxsize=8)
def _groups(
    _version: Version | None, _language: str, day: date
) -> Sequence[tuple[str, list[tuple[str, str]]]]:
    formers, names = former.in_vintage_of(day), area_names(day)
    groups = defaultdict(list)
    for place in places.choices(day):
        district = next((known.district for known in formers.get(place.code, ())), "")
        title = _("%(district)s cũ", district=district) if district else place.kind
        groups[title].append((place.code, names[place.code]))
    return sorted(groups.items(), key=lambda group: text.fold(group[0]))
