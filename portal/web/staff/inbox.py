"""The inbox: what the officer's unit owes, and the search that finds a ticket by its code or its words."""

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature

from portal.core.errors import NotFound
from portal.services import handling, inbox
from portal.services.inbox import Wish
from portal.web import context, identity
from portal.web.staff import searching
from portal.web.staff.searching import SearchForm


def show() -> ResponseReturnValue:
    """A page of a tab, or the ticket itself where its code is searched for.

    What the address asks wrongly is said: 422 at the field, 400 for a cursor that is none, with the first page.
    """
    officer, form = identity.account(), searching.search_form()
    code = searching.code(form)
    if code and _is_ours(code, officer.unit_id):
        return redirect(url_for("staff.ticket", code=code))
    tab = searching.tab()
    if form.q.errors or form.errors:
        return _page(form, listing=None, tab=tab), 422
    wish, lost = Wish(tab, form.filters), False
    try:
        wish = replace(wish, cursor=searching.cursor(tab))
    except BadSignature:
        lost = True
    now = context.now()
    listing = inbox.listing(officer, wish, now=now)
    return _page(form, listing=listing, tab=tab, code=code, lost=lost, now=now), 400 if lost else 200


def _page(form: SearchForm, **shown: object) -> str:
    return render_template(
        "staff/inbox.html",
        form=form,
        query=searching.query(form, shown["tab"]),
        counted="page" in request.args,
        written=lambda place: searching.written(place, shown["tab"]),
        **shown,
    )


def _is_ours(code: str, unit_id: int) -> bool:
    try:
        handling.readable(code, unit_id)
    except NotFound:
        return False
    return True
