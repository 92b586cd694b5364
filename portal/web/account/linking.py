"""Linking one's account to the single sign-on."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.adapters.openid import ProviderRefused
from portal.services.accounts import factors
from portal.web import context, identity
from portal.web.account.factors import mine
from portal.web.factors import single_sign_on


def link() -> ResponseReturnValue:
    """A page that leads to the provider, and back to the entrance, which finishes it.

    Sent by a form and its token, so that nobody's browser is led there, signed in as somebody else, unawares.
    """
    try:
        return render_template("account/linking.html", address=single_sign_on.begin("link", ""))
    except ProviderRefused:
        flash(_("Hệ thống đăng nhập một lần chưa trả lời. Xin thử lại sau."), "error")
        return redirect(url_for("account.factors"), 303)


def unlink() -> ResponseReturnValue:
    person, issuer = mine(), single_sign_on.provider().issuer
    factors.identities.unlink(person, issuer, by=identity.seat(), now=context.now())
    flash(_("Đã bỏ liên kết."))
    return redirect(url_for("account.factors"), 303)
