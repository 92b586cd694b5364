"""Sending a report: the empty form, and what comes back with it."""

from uuid import uuid4

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import phones
from portal.models import Photo
from portal.services import directory, places, reports
from portal.services.reports import Draft
from portal.web import context, words
from portal.web.resident import locating, picturing
from portal.web.resident.forms import ReportForm
from portal.web.resident.locating import Spot


def blank() -> str:
    form = _form(None)
    form.category.data = request.args.get("category")
    form.client_key.data = uuid4().hex
    return _page(form, [], Spot())


def send() -> ResponseReturnValue:
    """Keep the photos, then judge the rest: whatever is wrong, the form comes back with everything in it."""
    request.max_content_length = picturing.MOST_BYTES_TOGETHER
    form = _form(request.form)
    kept, refused = picturing.keep()
    form.validate()
    spot = locating.locate(form)
    form.photos.errors = refused
    form.area.errors = [spot.wrong] if spot.wrong else []
    if form.errors:
        return _page(form, kept, spot), 400 if form.expired else 422
    report = reports.submit(_draft(form, kept, spot), now=context.now())
    context.remember(report.code)
    return redirect(url_for("resident.report", code=report.code), 303)


def _form(sent: object) -> ReportForm:
    form = ReportForm(formdata=sent)
    form.offered = directory.active_categories()
    form.category.choices = [(category.code, words.named(category)) for category in form.offered]
    return form


def _page(form: ReportForm, kept: list[Photo], spot: Spot) -> str:
    if spot.point is None:
        form.latitude.data = form.longitude.data = form.located.data = ""
    return render_template(
        "resident/form.html",
        form=form,
        kept=list(picturing.kept_pictures(kept)),
        spot=spot,
        areas=places.choices(locating.today()),
        pictograms={category.code: category.pictogram for category in form.offered},
        hints={category.code: words.hinted(category) for category in form.offered},
    )


def _draft(form: ReportForm, kept: list[Photo], spot: Spot) -> Draft:
    latitude, longitude = spot.point or (None, None)
    located = "pin" if form.located.data == "pin" else "device"
    return Draft(
        category=form.category.data,
        description=form.description.data,
        area=form.area.data,
        client_key=form.client_key.data or uuid4().hex,
        latitude=latitude,
        longitude=longitude,
        place=form.place.data,
        located=located if spot.point else "area",
        language=context.language(),
        name=form.name.data,
        phone=phones.parse(form.phone.data) if form.phone.data else "",
        email=form.email.data,
        consent=form.consent.data,
        photos=tuple(photo.token for photo in kept),
    )
