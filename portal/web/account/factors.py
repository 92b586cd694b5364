"""A person's second factors: what they have, and what they take away."""

from collections.abc import Callable
from secrets import token_urlsafe

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.errors import Conflict
from portal.models import Account
from portal.services.accounts import factors
from portal.web import context, identity


def mine() -> Account:
    return identity.account() or abort(403)


def codes(person: Account, request_key: str) -> list[str]:
    """Ten recovery codes, the same for the same form."""
    return factors.recovery.made(current_app.config["SECRET_KEY"], person, request_key)


def shown_once(person: Account, drawn: list[str]) -> str:
    return render_template("account/recovery_codes.html", codes=drawn, person=person)


def overview() -> str:
    person, provider = mine(), context.single_sign_on()
    return render_template(
        "account/factors.html",
        held=factors.held(person),
        must=identity.must_have_two(),
        provider=provider,
        linked=provider and factors.identities.of(person, provider.issuer),
        request_key=token_urlsafe(24),
    )


def remove_authenticator() -> ResponseReturnValue:
    person = mine()
    return _removed(
        lambda must: factors.remove_authenticator(
            person, must_have=must, by=identity.seat(), now=context.now()
        )
    )


def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    person = mine()
    return _removed(
        lambda must: factors.remove_passkey(
            person, passkey_id, must_have=must, by=identity.seat(), now=context.now()
        )
    )


def recovery_codes() -> ResponseReturnValue:
    """Draw new codes, which ends the old ones."""
    person = mine()
    if not factors.held(person).count:
        return redirect(url_for("account.factors"), 303)
    drawn = codes(person, request.form.get("request_key", ""))
    factors.recovery.give(person, drawn, by=identity.seat(), vault=context.vault(), now=context.now())
    return shown_once(person, drawn)


def _removed(remove: Callable[[bool], None]) -> ResponseReturnValue:
    try:
        remove(identity.must_have_two())
    except Conflict:
        flash(_("Vai trò của bạn phải xác thực hai bước: xin thêm cách khác trước khi bỏ cách này."), "error")
    else:
        flash(_("Đã bỏ. Những nơi khác đang đăng nhập tài khoản này đã kết thúc."))
    return redirect(url_for("account.factors"), 303)
