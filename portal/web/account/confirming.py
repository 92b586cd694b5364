"""Asking again who sits here, before a deed of weight."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field

from portal.core.accounts.factors import Factor
from portal.core.errors import AccountLocked, TooOften, WrongCredentials, WrongFactor
from portal.models import Account
from portal.services import accounts
from portal.services.accounts import factors
from portal.web import context, identity
from portal.web.account.forms import PasswordForm
from portal.web.errors import DOMAIN
from portal.web.factors import showing
from portal.web.factors.forms import CodeForm, PasskeyForm

P = ParamSpec("P")
BACK = ("account.factors", "account.authenticator", "account.passkey")


def asked_again(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """A view for who showed in the last ten minutes who they are; others are asked, and come back to this page."""

    @wraps(view)
    def check(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if identity.shown_lately():
            return view(*args, **kwargs)
        return redirect(url_for("account.confirm", next=request.endpoint), 303)

    return check


def confirm() -> ResponseReturnValue:
    """By a second factor where the person has one, for a password alone must not take it away; else by the password."""
    person = identity.account() or abort(403)
    held = factors.held(person)
    form: CodeForm | PasswordForm = CodeForm() if held.count else PasswordForm()
    passkey, status = PasskeyForm(), 200
    if passkey.answer.data or form.validate_on_submit():
        try:
            identity.note_shown(_shown(person, form, passkey))
        except (WrongFactor, WrongCredentials, AccountLocked, TooOften) as error:
            status, sentence = DOMAIN[type(error)]
            _field(form).errors = [sentence]
        else:
            return redirect(url_for(_wanted()), 303)
    elif form.errors:
        status = 422
    page = render_template(
        "account/confirm.html",
        form=form,
        field_of=_field(form),
        by_code=bool(held.count),
        by_passkey=bool(held.passkeys) and context.site().usable,
    )
    return page, status


def _shown(person: Account, form: CodeForm | PasswordForm, passkey: PasskeyForm) -> Factor:
    """Which factor was sent. Raises WrongFactor, WrongCredentials, AccountLocked, TooOften."""
    if isinstance(form, CodeForm):
        return showing.shown(person, form, passkey)
    accounts.sign_in(person.username, form.password.data or "", demonstration_allowed=True, now=context.now())
    return Factor.PASSWORD


def _field(form: CodeForm | PasswordForm) -> Field:
    return form.code if isinstance(form, CodeForm) else form.password


def _wanted() -> str:
    asked = request.args.get("next", "")
    return asked if asked in BACK else "account.factors"
