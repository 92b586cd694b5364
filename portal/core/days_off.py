"""The days off that the law gives Vietnam each year, before anybody has announced them."""

from datetime import date

from holidays.countries.vietnam import Vietnam

LAW = "Bộ luật Lao động 2019 Điều 112"


def foreseen(year: int) -> dict[date, str]:
    """Days off of that year with their Vietnamese names, those given for a week-end among them.

    From the package `holidays`: right on the lunar days, but it knows no swap of working days and no letter of the
    government, so what it says is projected.
    """
    return dict(sorted(Vietnam(years=year, language="vi").items()))
