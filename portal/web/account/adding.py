"""Setting up a second factor: an app that makes codes, or a passkey."""

from secrets import token_urlsafe

import segno
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.adapters import one_time_codes
from portal.core.accounts.factors import Factor
from portal.core.errors import WrongFactor
from portal.models import Account
from portal.services.accounts import factors
from portal.web import context, identity
from portal.web.account.factors import codes, mine, shown_once
from portal.web.account.forms import AuthenticatorForm, NewPasskeyForm
from portal.web.factors import challenges

QUIET_ZONE = 4
LETTERS_IN_A_GROUP = 4


def authenticator() -> ResponseReturnValue:
    """The QR code with a new secret, until the app's code proves that it was read."""
    person, vault = mine(), context.vault()
    form, status = AuthenticatorForm(), 200
    if form.validate_on_submit():
        drawn = codes(person, form.request_key.data or "")
        code = "".join((form.code.data or "").split())
        try:
            fresh = factors.authenticators.add(
                person,
                form.offer.data or "",
                code,
                codes=drawn,
                by=identity.seat(),
                vault=vault,
                now=context.now(),
            )
        except WrongFactor:
            form.code.errors = [
                _("Mã không đúng. Xin xem lại mã đang hiện trong ứng dụng và giờ của điện thoại.")
            ]
        else:
            return _added(person, Factor.CODE, drawn if fresh else [])
    if form.errors:
        status = 422
    return render_template("account/authenticator.html", form=form, **_offered(person, form)), status


def passkey_question() -> ResponseReturnValue:
    nonce, token = challenges.fresh()
    question = factors.passkeys.question_for_new(mine(), nonce, site=context.site(), vault=context.vault())
    return challenges.asked(question, token)


def passkey() -> ResponseReturnValue:
    person, site = mine(), context.site()
    form, status = NewPasskeyForm(), 200
    if not form.is_submitted():
        form.request_key.data = token_urlsafe(24)
    if form.validate_on_submit():
        drawn = codes(person, form.request_key.data or "")
        try:
            fresh = factors.passkeys.add(
                person,
                form.answer.data or "",
                challenges.read(form.challenge.data or ""),
                form.name.data or "",
                codes=drawn,
                site=site,
                by=identity.seat(),
                vault=context.vault(),
                now=context.now(),
            )
        except WrongFactor:
            form.form_errors.append(_("Chưa tạo được khóa truy cập. Xin thử lại."))
        else:
            return _added(person, Factor.PASSKEY, drawn if fresh else [])
    if form.errors:
        status = 422
    return render_template("account/passkey.html", form=form, usable=site.usable), status


def _added(person: Account, factor: Factor, fresh: list[str]) -> ResponseReturnValue:
    """Show the recovery codes, where these are the first; the session has shown the new factor by it."""
    identity.note_shown(factor)
    if fresh:
        return shown_once(person, fresh)
    flash(_("Đã thêm. Lần đăng nhập sau, bạn có thể dùng cách này."))
    return redirect(url_for("account.factors"), 303)


def _offered(person: Account, form: AuthenticatorForm) -> dict[str, str]:
    """The secret of this form as QR code and in groups of letters; a form that brings none back gets a new one."""
    vault = context.vault()
    try:
        secret = factors.authenticators.offered(person, form.offer.data or "", vault=vault)
    except WrongFactor:
        form.offer.data = factors.authenticators.offer(person, vault=vault)
        form.request_key.data = token_urlsafe(24)
        secret = factors.authenticators.offered(person, form.offer.data, vault=vault)
    site = context.site().host
    address = one_time_codes.address(secret, username=person.username, issuer=site)
    drawn = segno.make(address, error="m", micro=False)
    groups = [
        secret[start : start + LETTERS_IN_A_GROUP] for start in range(0, len(secret), LETTERS_IN_A_GROUP)
    ]
    qr = str(drawn.svg_inline(border=QUIET_ZONE, omitsize=True, svgclass="qr", lineclass=None))
    return {"qr": qr, "secret": " ".join(groups), "address": address}
