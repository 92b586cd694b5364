"""One's own account, and where it is signed in."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.services import accounts
from portal.web import context, identity
from portal.web.front.agents import device


def own() -> str:
    mine = identity.here()
    return render_template(
        "account/own.html",
        mine=mine,
        sessions=accounts.open_sessions(mine.account, now=context.now()),
        device=device,
    )


def end_one(session_id: int) -> ResponseReturnValue:
    """End that session; the one by which this was asked leads out."""
    mine = identity.here()
    if session_id == mine.id:
        identity.sign_out()
        return redirect(url_for("entrance.sign_in"), 303)
    accounts.end_session(session_id, mine.account, address=identity.address(), now=context.now())
    flash(_("Đã kết thúc phiên đăng nhập."))
    return redirect(url_for("account.own"), 303)


def end_others() -> ResponseReturnValue:
    mine = identity.here()
    ended = accounts.end_sessions(mine.account, but=mine.id, by=identity.seat(), now=context.now())
    flash(ngettext("Đã kết thúc %(num)s phiên đăng nhập.", "Đã kết thúc %(num)s phiên đăng nhập.", ended))
    return redirect(url_for("account.own"), 303)
