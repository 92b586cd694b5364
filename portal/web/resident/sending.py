"""Sending a report: the empty form, and what comes back with it."""

from typing import Any
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.models import Photo
from portal.services import reports
from portal.services.privacy import masking
from portal.services.reports import Draft
from portal.web import asking, context, pictures
from portal.web.asking import BadAnswer
from portal.web.front import limits, patience
from portal.web.resident import hinting, locating, offering
from portal.web.resident.forms import ReportForm
from portal.web.resident.hinting import Hints
from portal.web.resident.locating import Spot
from portal.web.words import named, personal_kinds


def blank() -> str:
    """The form as everybody gets it, with a key of its own, or with the place that a link names."""
    wanted = offering.category_called(request.args.get("category", ""))
    places = offering.places_called(request.args.get("area", ""))
    only = places[0].code if len(places) == 1 else ""
    return render_template(
        "resident/form.html",
        form=ReportForm(formdata=None, area=only) if places else None,
        kept=[],
        spot=Spot(),
        candidates=[] if only else places,
        hints=Hints(),
        answered=(),
        category=wanted.code if wanted else None,
        client_key=uuid4().hex,
        opened=patience.stamp(),
        offer=offering,
        nothing_yet=_nothing_yet,
    )


def _nothing_yet() -> dict[str, Any]:
    return {
        "form": ReportForm(formdata=None),
        "kept": [],
        "spot": Spot(),
        "hints": Hints(),
        "answered": (),
        "offer": offering,
    }


def send() -> ResponseReturnValue:
    """Keep the photos, then judge the rest: whatever is wrong, the form comes back with everything in it."""
    request.max_content_length = pictures.MOST_BYTES_TOGETHER
    form = ReportForm(formdata=request.form)
    wait = limits.seconds_to_wait("report")
    kept, refused = (pictures.kept_before(), []) if wait else pictures.keep()
    form.validate()
    spot = locating.locate(form)
    form.photos.errors = refused
    form.area.errors = [spot.wrong] if spot.wrong else []
    answers = _answers(form)
    hints = _hints(form)
    if wait:
        form.form_errors.append(_("Từ mạng này vừa có quá nhiều phản ánh. Xin bấm gửi lần nữa sau ít phút."))
        return _page(form, kept, spot, answers, hints), 429, {"Retry-After": str(wait)}
    if not form.errors:
        form.form_errors += patience.doubts(form.description.data)
    if form.errors:
        return _page(form, kept, spot, answers, hints), form.status
    report = reports.submit(_draft(form, kept, spot, answers), vault=context.vault(), now=context.now())
    context.remember(report.code)
    if report.category_code != form.category.data:
        flash(
            _(
                "Lĩnh vực đã chọn nay thuộc “%(name)s”; phản ánh được nhận vào đó.",
                name=named(report.category),
            )
        )
    if kinds := masking.kinds_of(report.id):
        flash(
            _(
                "Đã che %(kinds)s trong nội dung công khai; đơn vị xử lý chỉ xem khi cần và việc xem được ghi lại.",
                kinds=personal_kinds(kinds),
            )
        )
    return redirect(url_for("resident.report", code=report.code), 303)


def _answers(form: ReportForm) -> dict[str, str]:
    """The category's answers; what is wrong with it or with them stands at the category."""
    if not form.category.data:
        return {}
    if offering.category_called(form.category.data) is None:
        form.category.errors = [_("Xin chọn một lĩnh vực trong danh sách.")]
        return {}
    try:
        return asking.answers(form.category.data)
    except BadAnswer:
        form.category.errors = [_("Xin chọn câu trả lời trong danh sách.")]
        return {}


def _hints(form: ReportForm) -> Hints:
    """Categories where none is chosen; another door's words, which are to be seen once before sending."""
    if form.description.errors:
        return Hints()
    hints = hinting.about(form.description.data)
    if not hints.acknowledged(form.go_on.data or []):
        form.go_on.errors = [_("Xin đọc nơi giải quyết, rồi đánh dấu nếu vẫn muốn gửi.")]
    return hints if form.category.errors else hints.without_categories()


def _page(form: ReportForm, kept: list[Photo], spot: Spot, answers: dict[str, str], hints: Hints) -> str:
    """The form with what was typed."""
    if spot.point is None:
        form.latitude.data = form.longitude.data = form.located.data = ""
    wanted = offering.category_called(form.category.data or "")
    return render_template(
        "resident/form.html",
        form=form,
        kept=list(pictures.kept_pictures(kept)),
        spot=spot,
        hints=hints,
        answered=tuple(answers.items()),
        category=wanted.code if wanted else None,
        client_key=form.client_key.data or uuid4().hex,
        opened=patience.first_stamp(),
        offer=offering,
    )


def _draft(form: ReportForm, kept: list[Photo], spot: Spot, answers: dict[str, str]) -> Draft:
    latitude, longitude = spot.point or (None, None)
    located = "pin" if form.located.data == "pin" else "device"
    return Draft(
        category=form.category.data,
        description=form.description.data,
        area=spot.chosen,
        client_key=form.client_key.data or uuid4().hex,
        latitude=latitude,
        longitude=longitude,
        place=form.place.data,
        located=located if spot.point else "area",
        known_by=spot.known_by,
        language=context.language(),
        name=form.name.data,
        phone=form.phone.data,
        email=form.email.data,
        consent=form.consent.data,
        photos=tuple(photo.token for photo in kept),
        answers=answers,
        about_officials=form.about_officials.data,
    )
