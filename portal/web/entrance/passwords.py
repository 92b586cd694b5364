"""Forgotten passwords, and links by which one is chosen.

The token of a link goes at once from the address into the session, so that no page that is shown has it in its address.
"""

from functools import partial

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.errors import LinkSpent
from portal.models import Account
from portal.services import accounts
from portal.web import context, identity
from portal.web.entrance.forms import ForgottenForm
from portal.web.errors import DOMAIN
from portal.web.passwords import NewPasswordForm, try_password


def forgotten() -> ResponseReturnValue:
    """Ask for a link; the answer is the same whether or not anybody has that name."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return render_template("entrance/forgotten.html", form=form), 422 if form.errors else 200
    accounts.ask_reset(
        form.who.data or "",
        language=context.language(),
        address=identity.address(),
        limits=context.limits(),
        now=context.now(),
    )
    return redirect(url_for("entrance.asked"), 303)


def asked() -> str:
    return render_template("entrance/asked.html")


def follow(token: str) -> ResponseReturnValue:
    session["link"] = token
    return redirect(url_for("entrance.new_password"), 303)


def new_password() -> ResponseReturnValue:
    try:
        person = accounts.holder(session.get("link", ""), now=context.now())
    except LinkSpent:
        return _spent()
    return _page(NewPasswordForm(), person, 200)


def choose_password() -> ResponseReturnValue:
    token, form = session.get("link", ""), NewPasswordForm()
    try:
        if form.validate() and try_password(form, partial(accounts.choose_password, token)):
            flash(_("Đã đặt mật khẩu mới. Xin đăng nhập."))
            return redirect(url_for("entrance.sign_in"), 303)
        return _page(form, accounts.holder(token, now=context.now()), 422)
    except LinkSpent:
        return _spent()


def _page(form: NewPasswordForm, person: Account, status: int) -> ResponseReturnValue:
    return render_template("entrance/new_password.html", form=form, person=person), status


def _spent() -> ResponseReturnValue:
    status, sentence = DOMAIN[LinkSpent]
    return render_template("entrance/spent.html", sentence=sentence), status
