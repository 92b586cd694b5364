"""Entering a report for somebody who called, came, wrote by Zalo or on paper: routed as any other, with a receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from portal.core import phones, text
from portal.core.errors import BadPoint, OutsideTerritory
from portal.core.places import Point
from portal.models import Photo
from portal.services import corrections, places, reports, routing
from portal.services.guidance import suggestions
from portal.services.reports import Draft
from portal.web import asking, context, geography, identity, maps, pictures
from portal.web.asking import BadAnswer
from portal.web.staff import correcting
from portal.web.staff.entry_form import EntryForm
from portal.web.words import named


@dataclass(frozen=True)
class Spot:
    """Where the report is: the code of its area, how that is known, and the point if there is one."""

    area: str
    known_by: str = "resident"
    point: Point | None = None


def blank() -> str:
    form = EntryForm(formdata=None, language="vi", client_key=uuid4().hex)
    _offer(form)
    return _page(form, [])


def keep() -> ResponseReturnValue:
    """Keep the report and show its receipt (303); 422 with everything typed where something is missing."""
    request.max_content_length = pictures.MOST_BYTES_TOGETHER
    form = EntryForm()
    kept, refused = pictures.keep()
    _offer(form)
    form.validate()
    form.photos.errors = refused
    if "take_phone" in request.form:
        return _with_phone_taken(form, kept)
    spot, answers = _locate(form), _answers(form)
    _ask_about_phone(form)
    if spot is None or form.errors:
        return _page(form, kept), form.status
    report = reports.submit(_draft(form, spot, answers, kept), vault=context.vault(), now=context.now())
    return redirect(url_for("staff.entered", code=report.code), 303)


def receipt(code: str) -> str:
    """The code and the unit, for the person at the counter; only who entered the report may see it."""
    return render_template("staff/entered.html", report=reports.entered(code, identity.seat()))


def _offer(form: EntryForm) -> None:
    today = context.today()
    form.category.choices = [
        SelectChoice("", _("Chọn lĩnh vực")),
        *(SelectChoice(category.code, named(category)) for category in corrections.choices()),
    ]
    form.area.choices = [
        SelectChoice("", _("Chọn phường, xã, đặc khu…")),
        *(
            SelectChoice(code, name, optgroup=title)
            for title, members in geography.by_old_district(today)
            for code, name in members
        ),
    ]


def _page(form: EntryForm, kept: Sequence[Photo]) -> str:
    """The form as it was typed, with the questions of its category and what its words suggest."""
    asked = routing.questions_of(form.category.data or "")
    return render_template(
        "staff/entry.html",
        form=form,
        kept=list(pictures.kept_pictures(kept)),
        asked=asked,
        answered={code: request.form.get(f"answer-{code}", "") for code in asked},
        triage=suggestions.examine(form.description.data or ""),
        found_phone=phones.found_in(form.description.data or ""),
    )


def _with_phone_taken(form: EntryForm, kept: Sequence[Photo]) -> str:
    """The number moves from the text to its field, because the officer said so; nothing is kept yet."""
    found = phones.found_in(form.description.data or "")
    form.phone.data = found or form.phone.data
    form.description.data = text.clean((form.description.data or "").replace(found, "")) if found else ""
    for field in form:
        field.errors = []
    return _page(form, kept)


def _ask_about_phone(form: EntryForm) -> None:
    """A number in a text that everybody will read is asked about once, and never taken without a word."""
    found = phones.found_in(form.description.data or "")
    if found and found != form.seen_phone.data:
        form.description.errors = [
            *form.description.errors,
            _(
                "Có số %(number)s trong nội dung công khai. Xin chuyển xuống liên hệ; gửi lại thì số này được che.",
                number=found,
            ),
        ]
    form.seen_phone.data = found


def _locate(form: EntryForm) -> Spot | None:
    """The place, with a sentence at its field where it is wrong or missing."""
    area, today = form.area.data or "", context.today()
    point = correcting.typed_point(form.point)
    if form.point.errors:
        return None
    if area and area not in {choice.code for choice in places.choices(today)}:
        form.area.errors = [_("Xin chọn phường, xã trong danh sách.")]
        return None
    if point is None:
        form.area.errors = [] if area else [_("Xin chọn phường, xã.")]
        return Spot(area) if area else None
    try:
        located = places.locate(*point, today)
    except (BadPoint, OutsideTerritory) as error:
        form.point.errors = [maps.refusal(error)]
        return None
    if not area and located.how != "inside":
        names = ", ".join(near.area.name for near in located.near)
        form.area.errors = [_("Xin chọn phường, xã. Gần tọa độ này: %(names)s.", names=names)]
        return None
    near = {one.area.code for one in located.near}
    return Spot(area or located.area.code, located.how if not area or area in near else "resident", point)


def _answers(form: EntryForm) -> dict[str, str]:
    """What was answered of the category's questions; they are shown first where they were not yet."""
    category = form.category.data or ""
    if category and category not in {choice.value for choice in form.category.choices}:
        form.category.errors = [_("Xin chọn một lĩnh vực trong danh sách.")]
        return {}
    asked = routing.questions_of(category).values()
    if any(f"answer-{question.code}" not in request.form for question in asked):
        form.category.errors = [
            _("Lĩnh vực này cần hỏi thêm. Xin trả lời các câu bên dưới, hoặc để “Không rõ”.")
        ]
        return {}
    try:
        return asking.answers(category)
    except BadAnswer:
        form.category.errors = [_("Xin chọn câu trả lời trong danh sách.")]
        return {}


def _draft(form: EntryForm, spot: Spot, answers: dict[str, str], kept: Sequence[Photo]) -> Draft:
    latitude, longitude = spot.point or (None, None)
    agreed = form.consent.data != "none"
    return Draft(
        category=form.category.data,
        description=form.description.data,
        area=spot.area,
        client_key=form.client_key.data,
        latitude=latitude,
        longitude=longitude,
        place=form.place.data,
        located="pin" if spot.point else "area",
        known_by=spot.known_by,
        language=form.language.data,
        channel=form.channel.data,
        name=form.name.data,
        phone=form.phone.data or "",
        email=form.email.data or "",
        consent=agreed,
        consent_how=form.consent.data if agreed else "form",
        photos=tuple(photo.token for photo in kept),
        answers=answers,
        entered_by=identity.seat(),
        about_officials=form.about_officials.data,
    )
