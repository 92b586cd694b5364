"""A code to a phone number or e-mail address: asked for, entered, and this browser shows what was reported with it."""

from dataclasses import asdict

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.adapters import channels
from portal.core import phones
from portal.core.errors import CodeRefused, TooOften
from portal.services import residents
from portal.services.residents import Asked
from portal.web import context, identity
from portal.web.resident.forms import AskCodeForm, CodeForm

OVER = {
    "expired": _l("Mã đã hết hạn. Xin lấy mã mới."),
    "used": _l("Mã này đã được dùng. Xin lấy mã mới."),
    "spent": _l("Đã nhập sai 5 lần, mã này không dùng được nữa. Xin lấy mã mới."),
}


def blank() -> str:
    return _asking(AskCodeForm(formdata=None))


def ask() -> ResponseReturnValue:
    """Send a code. The answer is the same whether or not anybody has reported with this number or address."""
    form = AskCodeForm()
    if not form.validate():
        return _asking(form), 422
    channel, to = form.channel, form.to.data
    to = phones.parse(to) if channel == "sms" else to
    try:
        asked = residents.ask(
            channel,
            to,
            language=context.language(),
            vault=context.vault(),
            limits=context.limits(),
            address=identity.address(),
            now=context.now(),
        )
    except TooOften:
        form.to.errors = [_("Số hoặc e-mail này đã được gửi nhiều mã. Xin thử lại sau một giờ.")]
        return _asking(form), 429
    session.permanent = True
    session["code"] = {**asdict(asked), "to": channels.masked(to)}
    return redirect(url_for("resident.code"), 303)


def enter() -> ResponseReturnValue:
    if "code" not in session:
        return redirect(url_for("resident.ask_code"))
    return _entering(CodeForm(formdata=None))


def entered() -> ResponseReturnValue:
    """Let this browser in, or say what is wrong: 422 where another try helps, 410 where only a new code does."""
    if "code" not in session:
        return redirect(url_for("resident.ask_code"), 303)
    form = CodeForm()
    if not form.validate():
        return _entering(form), 422
    kept = dict(session["code"])
    masked = kept.pop("to")
    asked = Asked(**kept)
    try:
        residents.enter(
            asked,
            form.code.data,
            former=session.get("device", {}).get("token", ""),
            agent=request.user_agent.string,
            vault=context.vault(),
            limits=context.limits(),
            address=identity.address(),
            now=context.now(),
        )
    except CodeRefused as refusal:
        return _refused(form, refusal)
    except TooOften:
        form.code.errors = [_("Đã thử quá nhiều mã. Xin thử lại sau một giờ.")]
        return _entering(form), 429
    session.permanent = True
    session["device"] = {"token": asked.token, "to": masked}
    flash(_("Máy này xem được các phản ánh gắn với %(contact)s.", contact=masked))
    return redirect(url_for("resident.mine"), 303)


def _refused(form: CodeForm, refusal: CodeRefused) -> ResponseReturnValue:
    if refusal.details["reason"] == "wrong":
        left = refusal.details["left"]
        form.code.errors = [
            ngettext("Mã không đúng. Còn %(num)s lần nhập.", "Mã không đúng. Còn %(num)s lần nhập.", left)
        ]
        return _entering(form), 422
    form.code.errors = [OVER[refusal.details["reason"]]]
    return _entering(form, over=True), 410


def _asking(form: AskCodeForm) -> str:
    return render_template("resident/ask_code.html", form=form)


def _entering(form: CodeForm, over: bool = False) -> str:
    return render_template("resident/code.html", form=form, to=session["code"]["to"], over=over)
