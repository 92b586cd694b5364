"""Signing in and out, and choosing the language."""

from collections.abc import Mapping, Sequence

from flask import abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.core.accounts.factors import both
from portal.core.errors import TooOften, WrongCredentials
from portal.core.permissions import Role
from portal.models import Account
from portal.services import accounts
from portal.services.accounts import factors
from portal.web import context, identity
from portal.web.entrance import browsers
from portal.web.entrance.forms import SignInForm
from portal.web.errors import DOMAIN
from portal.web.front.addresses import local
from portal.web.passwords import wait

NONE: Mapping[str, str] = {}
ONE_YEAR = 31_536_000
OFFICES = {
    Role.ADMINISTRATOR: "admin.response_times",
    Role.AUDITOR: "admin.response_times",
    Role.EDITOR: "admin.templates",
}  # where those begin who have no inbox
NOTHING_ENTRUSTED = _l("Tài khoản này hiện không được giao nhiệm vụ nào. Xin hỏi quản trị viên.")


def sign_in() -> ResponseReturnValue:
    form = SignInForm(next=request.args.get("next", ""))
    status, headers = 422 if form.is_submitted() else 200, {}
    if form.validate_on_submit():
        try:
            person = accounts.sign_in(
                form.username.data or "",
                form.password.data or "",
                browser=browsers.known(),
                address=identity.address(),
                limits=context.limits(),
                demonstration_allowed=demonstration_allowed(),
                now=context.now(),
            )
        except WrongCredentials:
            form.password.errors = [DOMAIN[WrongCredentials][1]]
        except TooOften as error:
            form.password.errors = [wait(error)]
            status, headers = 429, {"Retry-After": str(error.details["seconds"])}
        else:
            return onward(person, ["password"], form.next.data or "")
    return _page(form, status, headers=headers)


def refused(sentence: str, status: int) -> ResponseReturnValue:
    """The sign-in page, with the reason why another way in did not lead in."""
    return _page(SignInForm(formdata=None), status, sentence)


def onward(person: Account, passed: Sequence[str], wanted: str) -> ResponseReturnValue:
    """In, for whoever has passed these factors: to the address that they came for, or to their desk where that opens
    for others only.

    Who has a second factor and did not show it is half-way in.
    """
    if not both(passed) and factors.held(person).count:
        identity.sign_in_half_way(person, passed, local(wanted) or "")
        return redirect(url_for("entrance.second_step"), 303)
    if not identity.sign_in(person, passed):
        return render_template("error.html", code=403, sentence=NOTHING_ENTRUSTED), 403
    address = local(wanted)
    response = make_response(redirect(address if address and identity.leads_in(address) else _home(), 303))
    browsers.remember(response, person)
    return response


def choose_seat() -> ResponseReturnValue:
    """Act in another appointment from now on, and begin at its first page."""
    identity.choose(request.form.get("appointment", 0, int))
    return redirect(_home(), 303)


def sign_out() -> ResponseReturnValue:
    identity.sign_out()
    return redirect(url_for("resident.home"), 303)


def demonstration_allowed() -> bool:
    return current_app.config["ENV"] != "production"


def _page(
    form: SignInForm, status: int, refusal: str = "", headers: Mapping[str, str] = NONE
) -> ResponseReturnValue:
    page = render_template(
        "entrance/sign_in.html",
        form=form,
        refusal=refusal,
        wanted=form.next.data or "",
        by_passkey=context.site().usable,
        single_sign_on=context.single_sign_on(),
    )
    return page, status, dict(headers)


def language(language: str) -> ResponseReturnValue:
    if language not in context.LANGUAGES:
        abort(404)
    response = make_response(redirect(local(request.args.get("next")) or url_for("resident.home")))
    context.put_cookie(response, context.LANGUAGE_COOKIE, language, lasts=ONE_YEAR)
    return response


def _home() -> str:
    """Where the person begins the work in the seat that they have taken."""
    return url_for(OFFICES.get(identity.seat().role, "staff.inbox"))
