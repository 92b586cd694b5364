"""What a place was called before: the areas that became part of an area, and how people say them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import inf

from portal.core.places import Point, distance_m

SHORT = (("Thành phố ", "TP "), ("Thị xã ", "TX "), ("Huyện ", "huyện "))


@dataclass(frozen=True)
class Former:
    """An area that went into another one: its name, its district's in short ('' where it had none), a point known
    to lie in it, and the areas that had gone into it before."""

    name: str
    district: str
    point: Point | None = None
    before: tuple["Former", ...] = ()


def short(district: str) -> str:
    """'Thành phố Đông Hà' → 'TP Đông Hà', as addresses have it."""
    for long, brief in SHORT:
        if district.startswith(long):
            return brief + district.removeprefix(long)
    return district


def likeliest(formers: Sequence[Former], point: Point) -> Former | None:
    """The one whose known point, or that of an area before it, lies nearest; None where no point is known."""
    ranked = [(distance, former) for former in formers if (distance := _metres(former, point)) < inf]
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else None


def said(formers: Iterable[Former], point: Point | None = None) -> str:
    """'Phường 2, Phường 5, TP Đông Hà'; of the likeliest alone where there is a point: 'Phường 5, TP Đông Hà'.

    One that bore another name still earlier is said with both: 'Xã Triệu Lăng / Xã Triệu Cơ, huyện Triệu Phong'.
    """
    known = _meant(formers, point)
    districts = [
        ", ".join([*(_with_earlier(former, point) for former in members), *filter(None, [district])])
        for district, members in groupby(known, key=lambda former: former.district)
    ]
    return "; ".join(districts)


def words(formers: Iterable[Former], point: Point | None = None) -> str:
    """Every name by which the place may be looked for, those of two generations ago too."""
    names = [
        name
        for former in _meant(formers, point)
        for name in (former.name, former.district, words(former.before, point))
    ]
    return " ".join(dict.fromkeys(filter(None, names)))


def _meant(formers: Iterable[Former], point: Point | None) -> list[Former]:
    known = sorted(formers, key=lambda former: former.district)
    one = likeliest(known, point) if point else None
    return [one] if one else known


def _with_earlier(former: Former, point: Point | None) -> str:
    earlier = likeliest(former.before, point) if point else None
    return f"{earlier.name} / {former.name}" if earlier and earlier.name != former.name else former.name


def _metres(former: Former, point: Point) -> float:
    own = [distance_m(former.point, point)] if former.point else []
    return min([*own, *(_metres(earlier, point) for earlier in former.before)], default=inf)
