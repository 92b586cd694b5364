"""A day in a form, as Vietnamese people write it."""

import re
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from portal.core import text
from portal.web import filters

DAY = re.compile(
    r"(?P<day>\d{1,2})[/.,\- ](?P<month>\d{1,2})[/.,\- ](?P<year>\d{4})"  # 5/11/2026
    r"|(?P<d>\d{2})(?P<m>\d{2})(?P<y>\d{4})"  # 05112026, where the keys have no slash
    r"|(?P<yyyy>\d{4})-(?P<mm>\d{1,2})-(?P<dd>\d{1,2})",  # 2026-11-05
    re.ASCII,
)
FIRST_YEAR, LAST_YEAR = 1976, 2100


def parse_day(raw: str) -> date:
    """'05/11/2026', '05112026' or '2026-11-05'; raises ValueError for anything else and for years nobody means."""
    if (match := DAY.fullmatch(_line(raw))) is None:
        raise ValueError(raw)
    day, month, year = (
        int(match[one] or match[two] or match[three])
        for one, two, three in (("day", "d", "dd"), ("month", "m", "mm"), ("year", "y", "yyyy"))
    )
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(raw)
    return date(year, month, day)


class DayField(Field):
    """A day as Vietnamese people write it, whatever order the browser's language has.

    Empty is None, or `needed` is the sentence why it may not be empty.
    """

    widget = TextInput()
    data: date | None

    def __init__(self, label: Any, needed: Any = None, **options: Any):
        keys = {"inputmode": "numeric", "autocomplete": "off", "placeholder": _("ngày/tháng/năm")}
        super().__init__(label, render_kw=keys, **options)
        self.needed = needed
        if needed:
            self.flags.required = True

    def pre_validate(self, _form: FlaskForm) -> None:
        if self.needed and self.data is None and not self.process_errors:
            raise ValidationError(self.needed)

    def _value(self) -> str:
        if self.process_errors and self.raw_data:
            return _line(self.raw_data[0])
        return filters.day(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and _line(valuelist[0]):
            try:
                self.data = parse_day(valuelist[0])
            except ValueError as error:
                raise ValueError(_("Ngày không đúng. Xin ghi ngày/tháng/năm, ví dụ 05/11/2026.")) from error


def _line(raw: str | None) -> str:
    return " ".join(text.clean(raw or "").split())
