"""People: who may sign in, for which unit, and the links by which they choose a password."""

import secrets

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.adapters.channels import masked
from portal.core.errors import Conflict, Stale
from portal.models import Account
from portal.services import accounts, directory, records
from portal.services.accounts import Person, factors
from portal.web import context, identity
from portal.web.admin import listing, saving
from portal.web.admin.fields import choices
from portal.web.admin.forms import AddressForm, ChangePersonForm, NewPersonForm, PostForm
from portal.web.admin.saving import NOT_SENT, Outcome
from portal.web.admin.wording import by_name, conflict
from portal.web.letters import password_link
from portal.web.words import ROLES

STATES = ("active", "closed", "all")


def people() -> str:
    asked = {
        "q": listing.search(),
        "role": listing.choice("role", ROLES),
        "state": listing.choice("state", STATES, "active"),
    }
    shown = accounts.everybody(
        listing.page_number(),
        search=asked["q"],
        role=asked["role"],
        state=asked["state"],
        unit_id=identity.seat().unit_id,  # who belongs to a unit sees its people
        now=context.now(),
    )
    return render_template(
        "admin/people.html", listing=shown, asked=asked, roles=ROLES, today=context.today()
    )


def person(account_id: int) -> ResponseReturnValue:
    kept = accounts.person(account_id)
    return _page(kept, _filled(kept), NOT_SENT)


def change_person(account_id: int) -> ResponseReturnValue:
    form = ChangePersonForm()
    outcome = saving.save(form, lambda: _save(account_id, form), lambda: _fresh(account_id))
    if outcome.saved:
        flash(_("Đã lưu %(name)s.", name=outcome.saved.name))
        return redirect(url_for("admin.person", account_id=account_id), 303)
    return _page(accounts.person(account_id), form, outcome)


def read_address(account_id: int) -> ResponseReturnValue:
    """The person's page with the address in full, on this answer alone."""
    reading, address = AddressForm(), ""
    if reading.validate():
        by, now = identity.seat(), context.now()
        address = accounts.address_of(account_id, reason=reading.why.data or "", by=by, now=now)
    kept = accounts.person(account_id)
    outcome = Outcome(status=422 if reading.errors else 200)
    return _page(kept, _filled(kept), outcome, reading=reading, address=address)


def set_active(account_id: int) -> ResponseReturnValue:
    """Close or open an account; a page that is out of date or a refusal shows the person as things are."""
    wanted = request.form.get("active") == "yes"
    seen = request.form.get("seen", "")
    try:
        saved = accounts.set_active(account_id, wanted, seen=seen, by=identity.seat(), now=context.now())
    except Conflict as error:
        return refused(account_id, conflict(error), 422)
    except Stale:
        return refused(account_id, meanwhile(), 409)
    flash(_("Đã mở lại tài khoản.") if saved.active else _("Đã khóa tài khoản."))
    return redirect(url_for("admin.person", account_id=account_id), 303)


def hand_over_link(account_id: int) -> ResponseReturnValue:
    """Show a fresh link once; the same form sent twice shows the same one."""
    token = _token(request.form.get("request_key"), str(account_id))
    person = accounts.hand_over(account_id, token, by=identity.seat(), now=context.now())
    return _link_page(person, token)


def send_invitation(account_id: int) -> ResponseReturnValue:
    by = identity.seat()
    person = accounts.send_invitation(account_id, language=context.language(), by=by, now=context.now())
    flash(_sent(person))
    return redirect(url_for("admin.person", account_id=account_id), 303)


def end_sessions(account_id: int) -> ResponseReturnValue:
    person = accounts.person(account_id)
    ended = accounts.end_sessions(person, by=identity.seat(), now=context.now())
    flash(ngettext("Đã kết thúc %(num)s phiên đăng nhập.", "Đã kết thúc %(num)s phiên đăng nhập.", ended))
    return redirect(url_for("admin.person", account_id=account_id), 303)


def remove_factors(account_id: int) -> ResponseReturnValue:
    """For somebody who lost phone and codes; the next sign-in is by password, and sets up new ones where it must."""
    try:
        factors.remove_all(accounts.person(account_id), by=identity.seat(), now=context.now())
    except Conflict as error:
        return refused(account_id, conflict(error), 422)
    flash(_("Đã bỏ xác thực hai bước. Các phiên đăng nhập của người này đã kết thúc."))
    return redirect(url_for("admin.person", account_id=account_id), 303)


def new_person() -> ResponseReturnValue:
    form = NewPersonForm(role="officer", request_key=secrets.token_urlsafe(24))
    with_units(form)
    form.unit_id.data = listing.choice("unit", {option.value for option in form.unit_id.choices})
    return _new_page(form, NOT_SENT)


def create_person() -> ResponseReturnValue:
    """Add somebody; their link goes to their address, or is shown once where there is none."""
    form = with_units(NewPersonForm())
    token = _token(form.request_key.data, form.username.data or "")
    outcome = saving.save(form, lambda: _create(form, token))
    if not outcome.saved:
        return _new_page(form, outcome)
    if not outcome.saved.email:
        return _link_page(outcome.saved, token)
    flash(_sent(outcome.saved))
    return redirect(url_for("admin.person", account_id=outcome.saved.id), 303)


def with_units(form: PostForm) -> PostForm:
    words = {"": "—"} | {str(unit.id): name for unit, name in by_name(directory.open_units(context.today()))}
    form.unit_id.choices = choices(words)
    return form


def meanwhile() -> str:
    return _("Có người vừa sửa tài khoản này. Xin xem lại rồi thực hiện tiếp.")


def refused(account_id: int, sentence: str, status: int) -> ResponseReturnValue:
    kept = accounts.person(account_id)
    return _page(kept, _filled(kept), Outcome(status=status), sentence)


def _page(
    kept: Account,
    form: ChangePersonForm,
    outcome: Outcome,
    refusal: str = "",
    reading: AddressForm | None = None,
    address: str = "",
) -> ResponseReturnValue:
    """The person; `address` where it was asked for and may be seen this once."""
    page = render_template(
        "admin/person.html",
        person=kept,
        form=form,
        reading=reading or AddressForm(formdata=None),
        address=address,
        masked=masked(kept.email) if kept.email else "",
        outcome=outcome,
        refusal=refusal,
        factors=factors.held(kept).count,
        version=records.version(kept),
        versions={each.id: records.version(each) for each in kept.appointments},
        today=context.today(),
        request_key=secrets.token_urlsafe(24),
        sessions=accounts.open_sessions(kept, now=context.now()),
    )
    return page, outcome.status


def _new_page(form: NewPersonForm, outcome: Outcome) -> ResponseReturnValue:
    return render_template("admin/person_new.html", form=form, outcome=outcome), outcome.status


def _filled(kept: Account) -> ChangePersonForm:
    return ChangePersonForm(formdata=None, name=kept.name, seen=records.version(kept))


def _fresh(account_id: int) -> ChangePersonForm:
    """What somebody else may have saved meanwhile, as far as it is shown."""
    form = _filled(accounts.person(account_id))
    del form.email, form.without_email
    return form


def _words(form: NewPersonForm) -> Person:
    unit_id = int(form.unit_id.data) if form.belongs else None
    return Person(form.name.data or "", form.role.data, unit_id, form.email.data or None)


def _save(account_id: int, form: ChangePersonForm) -> Account:
    """An address is changed by a new one, or goes where that is ticked."""
    kept = None if form.without_email.data else accounts.person(account_id).email
    name, email = form.name.data or "", form.email.data or kept
    seen, by = form.seen.data or "", identity.seat()
    return accounts.change(account_id, name, email, seen=seen, by=by, now=context.now())


def _create(form: NewPersonForm, token: str) -> Account:
    return accounts.create(
        form.username.data or "",
        _words(form),
        token,
        language=context.language(),
        by=identity.seat(),
        now=context.now(),
    )


def _token(request_key: str | None, *whose: str) -> str:
    key = request_key or secrets.token_urlsafe(24)
    return accounts.drawn(current_app.config["SECRET_KEY"], key, *whose)


def _link_page(person: Account, token: str) -> str:
    return render_template("admin/link.html", person=person, link=password_link(token))


def _sent(person: Account) -> str:
    return _("Đường dẫn đặt mật khẩu đang được gửi đến %(email)s.", email=masked(person.email or ""))
