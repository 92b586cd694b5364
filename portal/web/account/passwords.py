"""Changing one's own password."""

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.errors import TooOften, WrongCredentials
from portal.services import accounts
from portal.web import identity
from portal.web.account.forms import ChangePasswordForm
from portal.web.passwords import try_password, wait


def password() -> ResponseReturnValue:
    return _page(ChangePasswordForm(), 200)


def change_password() -> ResponseReturnValue:
    """Change it. Every other session ends, and so does whatever was copied of this one."""
    form, mine = ChangePasswordForm(), identity.here()
    if not form.validate():
        return _page(form, 422)
    try:
        if not try_password(form, partial(accounts.change_password, mine, form.old.data or "")):
            return _page(form, 422)
    except WrongCredentials:
        form.old.errors = [_("Mật khẩu hiện tại không đúng.")]
        return _page(form, 422)
    except TooOften as error:
        form.old.errors = [wait(error)]
        return _page(form, 429)
    identity.renew()
    flash(_("Đã đổi mật khẩu. Mọi phiên đăng nhập khác đã kết thúc."))
    return redirect(url_for("account.own"), 303)


def _page(form: ChangePasswordForm, status: int) -> ResponseReturnValue:
    return render_template("account/password.html", form=form, mine=identity.here()), status
