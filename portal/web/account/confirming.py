"""Asking again who sits here, before a deed of weight."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field

from portal.core.accounts.factors import Factor
from portal.core.errors import TooOften, WrongCredentials, WrongFactor
from portal.models import Account
from portal.services import accounts
from portal.services.accounts import factors
from portal.web import context, identity
from portal.web.account.forms import PasswordForm
from portal.web.errors import DOMAIN
from portal.web.factors import showing
from portal.web.factors.forms import CodeForm, PasskeyForm
from portal.web.front.addresses import local


def confirm() -> ResponseReturnValue:
    """By a second factor where the person has one, for a password alone must not take it away; else by the password."""
    person = identity.account() or abort(403)
    held = factors.held(person)
    form: CodeForm | PasswordForm = CodeForm() if held.count else PasswordForm()
    passkey, status = PasskeyForm(), 200
    if passkey.answer.data or form.validate_on_submit():
        try:
            identity.note_shown(_shown(person, form, passkey))
        except (WrongFactor, WrongCredentials, TooOften) as error:
            status, sentence = DOMAIN[type(error)]
            _field(form).errors = [sentence]
        else:
            return redirect(local(request.args.get("next")) or url_for("account.factors"), 303)
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
    """Which factor was sent. Raises WrongFactor, WrongCredentials, TooOften."""
    if isinstance(form, CodeForm):
        return showing.shown(person, form, passkey)
    accounts.sign_in(
        person.username,
        form.password.data or "",
        browser=accounts.KnownBrowser(person.id, f"session {identity.here().id}"),
        address=identity.address(),
        limits=context.limits(),
        demonstration_allowed=True,
        now=context.now(),
    )
    return Factor.PASSWORD


def _field(form: CodeForm | PasswordForm) -> Field:
    return form.code if isinstance(form, CodeForm) else form.password
