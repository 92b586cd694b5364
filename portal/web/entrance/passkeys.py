"""Signing in by a passkey alone, and the question that every sign-in by one answers."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.accounts.factors import Factor
from portal.core.errors import WrongFactor
from portal.services import accounts
from portal.services.accounts import factors
from portal.web import context, identity
from portal.web.entrance import access
from portal.web.factors import challenges, showing
from portal.web.factors.forms import PasskeyForm


def question() -> ResponseReturnValue:
    """What the browser asks its keys: those of the person who is here already, or whichever one a stranger has."""
    half = identity.half_way()
    person = half.account if half else identity.account()
    nonce, token = challenges.fresh()
    known = [each.credential_id for each in factors.held(person).passkeys] if person else []
    return challenges.asked(context.site().ask(nonce, known), token)


def sign_in() -> ResponseReturnValue:
    form = PasskeyForm()
    try:
        if not form.validate():
            raise WrongFactor
        person = showing.owner_of_key(form)
    except WrongFactor:
        return access.refused(_("Khóa truy cập này không mở được tài khoản nào ở đây. Xin thử lại."), 422)
    if not accounts.may_enter(person, demonstration_allowed=access.demonstration_allowed()):
        factors.note_refused(person, Factor.PASSKEY, address=identity.address(), now=context.now())
        return access.refused(_("Tài khoản này đã bị khóa. Xin liên hệ quản trị viên."), 403)
    return access.onward(person, [Factor.PASSKEY], request.form.get("next", ""))
