"""What stands in the address of the inbox: the tab, what narrows it, and where the page begins."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import abort, current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from itsdangerous import URLSafeSerializer
from wtforms import SearchField, SelectChoice, SelectField
from wtforms.validators import Length, Optional, ValidationError

from portal.core import codes
from portal.services import inbox
from portal.services.inbox import Cursor, Filters, Tab
from portal.web import context, geography, identity
from portal.web.asking import line
from portal.web.days import DayField
from portal.web.staff.words import CAME_BY
from portal.web.words import PRIORITIES, STAFF_STATUS, named

NARROWING = ("category", "area", "status", "priority", "channel", "first", "last")


class ListedField(SelectField):
    """A choice whose refusal names it; '' narrows nothing."""

    def __init__(self, label: Any, refusal: Any, anything: Any, **kwargs: Any):
        super().__init__(label, [Optional()], validate_choice=False, **kwargs)
        self.refusal, self.anything = refusal, anything

    def offer(self, choices: Mapping[Any, Any]) -> None:
        self.choices = [SelectChoice("", self.anything), *(SelectChoice(*pair) for pair in choices.items())]

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.data and self.data not in {choice.value for choice in self.choices}:
            raise ValidationError(self.refusal)


class SearchForm(FlaskForm):
    """What narrows the inbox."""

    class Meta:
        csrf = False

    q = SearchField(
        _l("Tìm theo chữ hoặc mã"),
        [Length(max=100, message=_l("Từ tìm dài quá 100 ký tự. Xin rút ngắn lại."))],
        filters=[line],
    )
    category = ListedField(
        _l("Lĩnh vực"), _l("Xin chọn một lĩnh vực trong danh sách."), _l("Tất cả lĩnh vực")
    )
    area = ListedField(
        _l("Phường, xã, đặc khu"), _l("Xin chọn phường, xã trong danh sách."), _l("Tất cả địa bàn")
    )
    status = ListedField(
        _l("Trạng thái"), _l("Xin chọn một trạng thái trong danh sách."), _l("Mọi trạng thái")
    )
    priority = ListedField(_l("Mức ưu tiên"), _l("Xin chọn một mức ưu tiên trong danh sách."), _l("Mọi mức"))
    channel = ListedField(_l("Kênh tiếp nhận"), _l("Xin chọn một kênh trong danh sách."), _l("Mọi kênh"))
    first = DayField(_l("Gửi từ ngày"))
    last = DayField(_l("Đến hết ngày"))

    def validate_last(self, field: DayField) -> None:
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_("Ngày cuối phải từ ngày đầu trở đi."))

    @property
    def narrows(self) -> bool:
        """Does anything but the words and the tab narrow the list?"""
        return any(self[name].raw_data and self[name].raw_data[0] for name in NARROWING)

    @property
    def filters(self) -> Filters:
        said = {name: self[name].data for name in NARROWING}
        return Filters(words=self.q.data or "", **{name: value for name, value in said.items() if value})

    def said(self) -> dict[str, str]:
        """The parameters of an address that asks for the same."""
        asked = {"q": self.q.data, **{name: self[name].data for name in NARROWING}}
        return {name: str(value) for name, value in asked.items() if value}


def search_form() -> SearchForm:
    """The form as the address fills it, with its errors."""
    form = SearchForm(request.args)
    form.category.offer({category.code: named(category) for category in inbox.categories()})
    form.area.offer(geography.area_names(context.today()))
    form.status.offer(STAFF_STATUS)
    form.priority.offer(PRIORITIES)
    form.channel.offer(CAME_BY)
    form.validate()
    return form


def tab() -> Tab:
    """The tab that the address names; 404 where there is no such tab."""
    there = inbox.tabs(identity.seat())
    wanted = request.args.get("tab", there[0])
    if wanted not in there:
        abort(404)
    return Tab(wanted)


def query(form: SearchForm, wanted: Tab) -> str:
    """The query of an address that asks for the same tab under the same filters, from its beginning."""
    return urlencode({"tab": wanted.value, **form.said()})


def code(form: SearchForm) -> str | None:
    """The report code that was searched for; one with a slip of the pen is an error of the field."""
    try:
        return codes.parse(form.q.data)
    except codes.BadCode as error:
        if error.reason == "check":
            form.q.errors = [_("Mã phản ánh sai một chữ hoặc số. Xin so lại với biên nhận.")]
    return None


def cursor(wanted: Tab) -> Cursor | None:
    """Where the page begins. Raises itsdangerous.BadSignature for what this portal did not write for this tab."""
    written = request.args.get("at")
    if written is None:
        return None
    back, moment, number = _signer(wanted).loads(written)
    return Cursor(back, moment and datetime.fromisoformat(moment), number)


def written(place: Cursor, wanted: Tab) -> str:
    """The cursor as it stands in an address: nobody else can write one."""
    return str(_signer(wanted).dumps([place.back, place.moment and place.moment.isoformat(), place.number]))


def _signer(wanted: Tab) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=f"inbox {wanted}")
