"""How figures and moments are written: 05/11/2026 14:30, 1.234,5; Vietnamese order in English too."""

from datetime import date, datetime

from flask import Flask
from flask_babel import format_date, format_decimal

from portal.core.deadlines import VIETNAM


def init_app(app: Flask) -> None:
    app.jinja_env.filters |= {"moment": moment, "day": day, "number": number, "iso": iso, "weekday": weekday}


def moment(value: datetime) -> str:
    return value.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")


def weekday(value: date | datetime) -> str:
    """The name of the day in the reader's language: 'Thứ Hai'."""
    return format_date(value.astimezone(VIETNAM) if isinstance(value, datetime) else value, "EEEE")


def day(value: date | datetime) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(VIETNAM)
    return value.strftime("%d/%m/%Y")


def iso(value: datetime) -> str:
    return value.astimezone(VIETNAM).isoformat(timespec="minutes")


def number(value: float, digits: int = 1) -> str:
    """Write a number in the reader's language with at most `digits` decimals."""
    return format_decimal(round(value, digits))
