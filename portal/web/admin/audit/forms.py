from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField
from wtforms.validators import ValidationError

from portal.core.codes import BadCode
from portal.core.errors import NotFound
from portal.services import audit, reports
from portal.services.audit import Wanted
from portal.web.admin.audit.words import DEEDS, SUBJECTS
from portal.web.admin.fields import choice, text_field
from portal.web.days import DayField

USUAL = timedelta(days=30)
EVERYTHING: Mapping[str, Any] = {"": _("Tất cả")}


class SearchForm(FlaskForm):
    """What of the audit is looked for; the last thirty days where no day is said."""

    class Meta:
        csrf = False

    since = DayField(_("Từ ngày"), name="from")
    until = DayField(_("Đến ngày"), name="to")
    deed = choice(_("Việc"), {**EVERYTHING, **DEEDS}, default="")
    person = text_field(_("Tên đăng nhập"), 60)
    kind = choice(_("Đối tượng"), {**EVERYTHING, **SUBJECTS}, default="")
    key = text_field(_("Số hoặc mã của đối tượng"), 100)
    behind = HiddenField(name="sau")

    def __init__(self, formdata: MultiDict[str, str], today: date):
        super().__init__(formdata, until=today, since=today - USUAL)
        if not self.until.raw_data or not self.until.raw_data[0]:
            self.until.data = today
        if not self.since.raw_data or not self.since.raw_data[0]:
            self.since.data = (self.until.data or today) - USUAL
        self.account_id: int | None = None
        self.report_id: int | None = None

    def validate_until(self, field: DayField) -> None:
        if self.since.data and field.data and field.data < self.since.data:
            raise ValidationError(gettext("Ngày cuối phải từ ngày đầu trở đi."))

    def validate_person(self, field: Any) -> None:
        if field.data:
            self.account_id = audit.account_named(field.data)
            if self.account_id is None:
                raise ValidationError(gettext("Không có tài khoản nào mang tên này."))

    def validate_key(self, field: Any) -> None:
        """A report is called by its code."""
        if field.data and self.kind.data == "report" and not field.data.isdecimal():
            try:
                self.report_id = reports.by_code(field.data).id
            except (BadCode, NotFound) as error:
                raise ValidationError(
                    gettext("Không có phản ánh nào mang mã này. Xin xem lại mã.")
                ) from error

    def wanted(self, address: str = "") -> Wanted:
        key = str(self.report_id or self.key.data or "")
        return Wanted(
            since=self.since.data,
            until=self.until.data,
            deed=self.deed.data or "",
            account_id=self.account_id,
            subject=(self.kind.data, key) if self.kind.data else None,
            address=address,
        )

    @property
    def place(self) -> int | None:
        """The entry behind which is asked for."""
        typed = self.behind.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None


class OpenForm(SearchForm):
    """With what is personal of it, for a reason."""

    address = text_field(_("Địa chỉ mạng"), 60)
    why = text_field(_("Lý do xem"), 300, _("Xin ghi lý do; lý do được lưu vào nhật ký."))
