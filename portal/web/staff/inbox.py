"""The inbox: what the officer's unit owes, and the search that finds a ticket by its code or its words."""

from dataclasses import replace
from datetime import UTC, datetime

from flask import Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from itsdangerous import BadSignature

from portal.core.errors import NotFound
from portal.core.workflow import Status
from portal.models import Seat
from portal.services import handling, inbox, places
from portal.services.cooperation import mentions
from portal.services.inbox import Wish, saved
from portal.web import context, identity
from portal.web.staff import searching
from portal.web.staff.searching import SearchForm
from portal.web.words import STAFF_STATUS

MOST_TITLE = 80


def show() -> ResponseReturnValue:
    """A page of a tab, or the ticket itself where its code is searched for.

    What the address asks wrongly is said: 422 at the field, 400 for a cursor that is none, with the first page.
    """
    seat, form = identity.seat(), searching.search_form()
    code = searching.code(form)
    if code and _is_ours(code, seat):
        return redirect(url_for("staff.ticket", code=code))
    tab = searching.tab()
    if form.errors:
        return _page(form, listing=None, tab=tab), 422
    wish, lost = Wish(tab, form.filters), False
    try:
        wish = replace(wish, cursor=searching.cursor(tab))
    except BadSignature:
        lost = True
    now = context.now()
    listing = inbox.listing(seat, wish, now=now)
    return _page(form, listing=listing, tab=tab, code=code, lost=lost, now=now), 400 if lost else 200


def points() -> Response:
    """Where the reports of a tab lie, the first 500 of them: {"points": [{"code", "title", …}], "more": bool}."""
    form = _right()
    found = inbox.points(identity.seat(), searching.tab(), form.filters, now=context.now())
    shown = [
        {
            "address": url_for("staff.ticket", code=row.code),
            "latitude": row.latitude,
            "longitude": row.longitude,
            "late": bool(row.next_due_at and row.next_due_at < context.now()),
            "title": f"{row.code} · {STAFF_STATUS[Status(row.status)]} · {row.description[:MOST_TITLE]}",
        }
        for row in found[: inbox.MOST_POINTS]
    ]
    return jsonify(points=shown, more=len(found) > inbox.MOST_POINTS)


def news() -> Response:
    """How many reports came since the moment `since` of the page: {"words": "Có 3 hồ sơ mới"}, '' for none."""
    form = _right()
    try:
        since = datetime.fromisoformat(request.args["since"]).astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        abort(400)
    number = inbox.arrived(identity.seat(), form.filters, since, now=context.now())
    words = ngettext("Có %(num)s hồ sơ mới", "Có %(num)s hồ sơ mới", number) if number else ""
    return jsonify(words=words)


def _right() -> SearchForm:
    """The form as the address fills it; 400 where that is wrong."""
    form = searching.search_form()
    if form.errors:
        abort(400)
    return form


def _page(form: SearchForm, **shown: object) -> str:
    return render_template(
        "staff/inbox.html",
        form=form,
        vintage=places.vintage_on(context.today()),
        saved=saved.usable_by(identity.seat(), now=context.now()),
        unseen_mentions=mentions.unseen(identity.seat()),
        query=searching.query(form, shown["tab"]),
        counted="page" in request.args,
        written=lambda place: searching.written(place, shown["tab"]),
        **shown,
    )


def _is_ours(code: str, seat: Seat) -> bool:
    try:
        handling.readable(code, seat)
    except NotFound:
        return False
    return True
