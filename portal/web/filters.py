"""How figures and moments are written: 05/11/2026 14:30, 1.234,5; Vietnamese order in English too."""

from datetime import date, datetime

from flask import Flask
from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _

from portal.core.deadlines import VIETNAM


def init_app(app: Flask) -> None:
    filters = (moment, day, number, iso, weekday, promise)
    app.jinja_env.filters |= {each.__name__: each for each in filters}


def moment(value: datetime) -> str:
    return value.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")


def weekday(value: date | datetime) -> str:
    """The name of the day in the reader's language: 'Thứ Hai'."""
    day = value.astimezone(VIETNAM) if isinstance(value, datetime) else value
    return get_locale().days["format"]["wide"][day.weekday()]


def promise(value: datetime) -> str:
    """A moment as one promises it: 'trước 17:00 thứ Năm 26/11/2026'."""
    name = weekday(value)
    if name.startswith("Thứ"):
        name = name.replace("Thứ", "thứ", 1)
    clock = value.astimezone(VIETNAM).strftime("%H:%M")
    return _("trước %(clock)s %(weekday)s %(day)s", clock=clock, weekday=name, day=day(value))


def day(value: date | datetime) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(VIETNAM)
    return value.strftime("%d/%m/%Y")


def iso(value: datetime) -> str:
    return value.astimezone(VIETNAM).isoformat(timespec="minutes")


def number(value: float, digits: int = 1) -> str:
    """Write a number in the reader's language with at most `digits` decimals."""
    return format_decimal(round(value, digits))
