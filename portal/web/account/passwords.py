"""Changing one's own password."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.errors import TooOften, WeakPassword, WrongCredentials
from portal.services import accounts
from portal.web import context, identity
from portal.web.account.forms import ChangePasswordForm
from portal.web.passwords import wait, weak


def password() -> ResponseReturnValue:
    return _page(ChangePasswordForm(), 200)


def change_password() -> ResponseReturnValue:
    """Change it. Every other session ends, and so does whatever was copied of this one."""
    form, mine = ChangePasswordForm(), identity.here()
    if not form.validate():
        return _page(form, 422)
    try:
        accounts.change_password(
            mine,
            form.old.data or "",
            form.password.data or "",
            address=identity.address(),
            limits=context.limits(),
            now=context.now(),
        )
    except WeakPassword as error:
        weak(form, error)
    except WrongCredentials:
        form.old.errors = [_("Mật khẩu hiện tại không đúng.")]
    except TooOften as error:
        form.old.errors = [wait(error)]
        return _page(form, 429)
    else:
        identity.renew()
        flash(_("Đã đổi mật khẩu. Mọi phiên đăng nhập khác đã kết thúc."))
        return redirect(url_for("account.own"), 303)
    return _page(form, 422)


def _page(form: ChangePasswordForm, status: int) -> ResponseReturnValue:
    return render_template("account/password.html", form=form, mine=identity.here()), status
