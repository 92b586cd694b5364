"""Signing in at the single sign-on, and linking it to one's account. The provider never makes an account."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.adapters.openid import ProviderRefused
from portal.core.accounts.factors import Factor
from portal.core.errors import Conflict
from portal.services import accounts
from portal.services.accounts import factors
from portal.web import context, identity
from portal.web.entrance import access
from portal.web.factors import single_sign_on
from portal.web.factors.single_sign_on import Arrival
from portal.web.front.addresses import local


def begin() -> ResponseReturnValue:
    try:
        return redirect(single_sign_on.begin("sign-in", local(request.args.get("next")) or ""))
    except ProviderRefused as error:
        return _refused(error)


def come_back() -> ResponseReturnValue:
    """Where the provider sends the browser. Reading this page does nothing yet: its form, which sends itself, does."""
    single_sign_on.provider()
    if request.method == "GET":
        return render_template("entrance/come_back.html", brought=single_sign_on.brought(request.args))
    try:
        arrival = single_sign_on.finish()
    except ProviderRefused as error:
        return _refused(error)
    return _link(arrival) if arrival.purpose == "link" else _sign_in(arrival)


def _sign_in(arrival: Arrival) -> ResponseReturnValue:
    person = factors.identities.owner(arrival.issuer, arrival.subject)
    if person is None:
        sentence = _(
            "Danh tính này chưa được liên kết với tài khoản nào. Xin đăng nhập bằng mật khẩu, rồi liên kết "
            "tại trang Tài khoản của tôi."
        )
        return access.refused(sentence, 403)
    if not accounts.may_enter(person, demonstration_allowed=access.demonstration_allowed()):
        factors.note_refused(person, Factor.SINGLE_SIGN_ON, address=identity.address(), now=context.now())
        return access.refused(_("Tài khoản này đã bị khóa. Xin liên hệ quản trị viên."), 403)
    return access.onward(person, [Factor.SINGLE_SIGN_ON], arrival.wanted)


def _link(arrival: Arrival) -> ResponseReturnValue:
    """Only who is signed in, and showed it lately, links an identity: to their own account."""
    person = identity.account()
    if person is None or not identity.shown_lately():
        return access.refused(_("Đã quá mười phút. Xin đăng nhập lại từ đầu."), 403)
    try:
        factors.identities.link(
            person, arrival.issuer, arrival.subject, by=identity.seat(), now=context.now()
        )
    except Conflict:
        flash(_("Danh tính này đã được liên kết với một tài khoản khác."), "error")
    else:
        flash(_("Đã liên kết đăng nhập một lần với tài khoản của bạn."))
    return redirect(url_for("account.factors"), 303)


def _refused(error: ProviderRefused) -> ResponseReturnValue:
    current_app.logger.warning("single sign-on refused: %r", error.args)
    sentence = _(
        "Chưa đăng nhập một lần được: phiên đã hết hạn, đã dùng rồi, hoặc hệ thống kia không xác nhận. Xin thử lại."
    )
    return access.refused(sentence, 403)
