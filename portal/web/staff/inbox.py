"""The inbox: what the officer's unit owes, and the search that finds a ticket by its code or its words."""

import re

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from portal.core import codes
from portal.core.errors import NotFound
from portal.services import handling, inbox
from portal.services.inbox import Tab, Wish
from portal.web import context, identity
from portal.web.staff.forms import SearchForm
from portal.web.words import named

PAGE = re.compile(r"[1-9][0-9]{0,8}")


def show() -> ResponseReturnValue:
    """A page of a tab, or the ticket itself where its code is searched for. 404 where there is no such page."""
    officer = identity.account()
    form = _form()
    code = _code(form)
    if code and _is_ours(code, officer.unit_id):
        return redirect(url_for("staff.ticket", code=code))
    page = _page()
    wish = Wish(_tab(), page or 1, form.category.data, form.q.data)
    if form.errors:
        return render_template("staff/inbox.html", form=form, tab=wish.tab, listing=None, code=None), 422
    listing = inbox.listing(officer, wish, now=context.now())
    missing = page is None or page > listing.pages
    view = render_template(
        "staff/inbox.html", form=form, tab=wish.tab, listing=listing, code=code, missing=missing
    )
    return view, 404 if missing else 200


def _form() -> SearchForm:
    form = SearchForm(request.args)
    form.category.choices = [
        SelectChoice("", _("Tất cả lĩnh vực")),
        *(SelectChoice(category.code, named(category)) for category in inbox.categories()),
    ]
    form.category.data = form.category.data or ""
    form.validate()
    return form


def _tab() -> Tab:
    wanted = request.args.get("tab", Tab.TODO)
    if wanted not in set(Tab):
        abort(404)
    return Tab(wanted)


def _page() -> int | None:
    """The number of the page asked for; None for what is no such number."""
    wanted = request.args.get("page", "1")
    return int(wanted) if PAGE.fullmatch(wanted) else None


def _code(form: SearchForm) -> str | None:
    """The report code that was searched for; one with a slip of the pen is an error of the field."""
    try:
        return codes.parse(form.q.data)
    except codes.BadCode as error:
        if error.reason == "check":
            form.q.errors = [_("Mã phản ánh sai một chữ hoặc số. Xin so lại với biên nhận.")]
    return None


def _is_ours(code: str, unit_id: int) -> bool:
    try:
        handling.ticket(code, unit_id)
    except NotFound:
        return False
    return True
