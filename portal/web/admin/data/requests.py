"""What reporters ask about their data: the list by due time, one request, and the decision."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import ValidationError

from portal.core.errors import Held, NotAllowed
from portal.models import DataRequest
from portal.services.privacy import requests
from portal.web import context, identity
from portal.web.admin.data.words import STATES
from portal.web.admin.fields import text_area


class DecisionForm(FlaskForm):
    """Why not, where it is refused, or why later."""

    reason = text_area(_l("Lý do, nếu từ chối hoặc gia hạn"), 1000)

    def validate_reason(self, field: object) -> None:
        if {"refuse", "later"} & request.form.keys() and not self.reason.data:
            raise ValidationError(_("Từ chối hoặc gia hạn thì cần nêu lý do cho người phản ánh."))


def listed() -> str:
    return render_template(
        "admin/data_requests.html",
        waiting=requests.listed(identity.seat()),
        done=requests.listed(identity.seat(), done=True),
        now=context.now(),
        states=STATES,
    )


def show(request_id: int) -> str:
    return _page(requests.found(request_id, identity.seat()), DecisionForm(formdata=None))


def read(request_id: int) -> str:
    """The same page with the words that the reporter wishes for, which is written down."""
    asked = requests.found(request_id, identity.seat())
    words = requests.opened(asked, by=identity.seat(), vault=context.vault(), now=context.now())
    return _page(asked, DecisionForm(formdata=None), words)


def decide(request_id: int) -> ResponseReturnValue:
    """Do it, refuse, or take longer: 303 to the list; 404, 409 and 422 as the law and the form say."""
    asked, form = requests.found(request_id, identity.seat()), DecisionForm()
    if not form.validate():
        return _page(asked, form), 422
    try:
        _act(request_id, form.reason.data or "")
    except NotAllowed:
        form.form_errors.append(
            _("Có phản ánh khác được gộp vào phản ánh này. Đơn vị cần tách ra hoặc kết thúc trước.")
        )
        return _page(asked, form), 403
    except Held:
        form.form_errors.append(_("Phản ánh đang được giữ vì một vụ việc theo luật, nên chưa xóa được."))
        return _page(asked, form), 409
    flash(_("Đã ghi quyết định."))
    return redirect(url_for("admin.data_requests"), 303)


def _act(request_id: int, reason: str) -> None:
    by, now = identity.seat(), context.now()
    if "later" in request.form:
        requests.put_off(request_id, because=reason, by=by, now=now)
        return
    grant = "refuse" not in request.form
    requests.decide(request_id, grant=grant, reason=reason, by=by, vault=context.vault(), now=now)


def _page(asked: DataRequest, form: DecisionForm, words: str = "") -> str:
    return render_template(
        "admin/data_request.html",
        asked=asked,
        form=form,
        words=words,
        certificate=requests.certificate(asked),
        now=context.now(),
        states=STATES,
    )
