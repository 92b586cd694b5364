"""The second step of signing in: a code or a passkey, after the password."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.errors import TooOften, WrongFactor
from portal.services.accounts import factors
from portal.web import context, identity
from portal.web.entrance import access
from portal.web.errors import DOMAIN
from portal.web.factors import showing
from portal.web.factors.forms import CodeForm, PasskeyForm


def second_step() -> ResponseReturnValue:
    half = identity.half_way()
    if half is None:
        flash(_("Đã quá mười phút. Xin đăng nhập lại từ đầu."), "wait")
        return redirect(url_for("entrance.sign_in"), 303)
    form, passkey, status = CodeForm(), PasskeyForm(), 200
    if passkey.answer.data or form.validate_on_submit():
        try:
            factor = showing.shown(half.account, form, passkey)
        except (WrongFactor, TooOften) as error:
            status, sentence = DOMAIN[type(error)]
            form.code.errors = [sentence]
        else:
            return access.onward(half.account, [*half.passed, factor], half.wanted)
    elif form.errors:
        status = 422
    held = factors.held(half.account)
    page = render_template(
        "entrance/second_step.html",
        form=form,
        held=held,
        by_passkey=bool(held.passkeys) and context.site().usable,
    )
    return page, status
