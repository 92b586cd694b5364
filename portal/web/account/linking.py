"""Linking one's account to the single sign-on."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.adapters.openid import ProviderRefused
from portal.services.accounts import factors
from portal.web import context, identity
from portal.web.account.factors import mine
from portal.web.factors import single_sign_on


def link() -> ResponseReturnValue:
    """To the provider, and back to the entrance, which finishes it (portal/web/entrance/single_sign_on.py)."""
    try:
        return single_sign_on.begin("link", "")
    except ProviderRefused:
        flash(_("Hệ thống đăng nhập một lần chưa trả lời. Xin thử lại sau."), "error")
        return redirect(url_for("account.factors"), 303)


def unlink() -> ResponseReturnValue:
    person, issuer = mine(), single_sign_on.provider().issuer
    factors.identities.unlink(person, issuer, by=identity.seat(), now=context.now())
    flash(_("Đã bỏ liên kết."))
    return redirect(url_for("account.factors"), 303)
