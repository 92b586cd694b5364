"""Photos: those that a form brings are kept before anything else is judged, so that no error loses them."""

from collections.abc import Iterator, Sequence

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from portal.core import text
from portal.core.errors import BadPhoto, NotFound
from portal.models import Photo, Report
from portal.services import reports
from portal.web import context, pictures
from portal.web.pictures import Picture
from portal.web.resident import reading

MOST_PHOTOS = 5
MOST_BYTES = 12 * 1024 * 1024
MOST_BYTES_TOGETHER = MOST_PHOTOS * MOST_BYTES + 4 * 1024 * 1024
MOST_NAME_SIGNS = 60
ONE_DAY = 86_400

REFUSED = {
    "format": _l("tệp này không phải là ảnh đọc được (nhận JPEG, PNG, WebP, HEIC, GIF)"),
    "large": _l("ảnh quá lớn (mỗi ảnh tối đa 12 MB)"),
    "broken": _l("ảnh bị hỏng, không mở được"),
}


def keep() -> tuple[list[Photo], list[str]]:
    """Keep up to five photos of the sent form, those of its earlier sendings first.

    Return them with a sentence for each file that was not kept, by its name.
    """
    kept = reports.kept_photos(request.form.getlist("kept")[:MOST_PHOTOS])
    fresh = [file for file in request.files.getlist("photos") if file.filename]
    refused = []
    for place, file in enumerate(fresh):
        if len(kept) == MOST_PHOTOS:
            refused.append(_too_many(len(fresh) - place))
            break
        try:
            kept.append(reports.keep_photo(_read(file), storage=context.storage(), now=context.now()))
        except BadPhoto as error:
            refused.append(_("“%(file)s”: %(why)s.", file=_name(file), why=REFUSED[error.details["reason"]]))
    request.close()
    return kept, refused


def _read(file: FileStorage) -> bytes:
    raw = file.stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise BadPhoto(reason="large")
    return raw


def _name(file: FileStorage) -> str:
    name = " ".join(text.clean(file.filename or "").split())
    return name if len(name) <= MOST_NAME_SIGNS else f"…{name[-MOST_NAME_SIGNS:]}"


def _too_many(left: int) -> str:
    return _(
        "Mỗi phản ánh có tối đa %(most)s ảnh: đã giữ %(most)s ảnh đầu, bỏ %(left)s ảnh sau.",
        most=MOST_PHOTOS,
        left=left,
    )


def of_report(report: Report) -> Iterator[Picture]:
    """A report's photos with their public addresses."""
    return pictures.of_report(report, "resident.photo", shown="small")


def kept_pictures(photos: Sequence[Photo]) -> Iterator[Picture]:
    """Photos of a form that is not sent yet."""
    for number, photo in enumerate(photos, start=1):
        address = url_for("resident.kept_photo", token=photo.token)
        alt = _("Ảnh %(number)s đã giữ", number=number)
        yield Picture(address, address, photo.width, photo.height, alt, photo.token)


def kept(token: str) -> Response:
    """The small picture of a photo that no report has taken yet."""
    if not reports.kept_photos([token]):
        raise NotFound(token=token)
    return _lasting(pictures.webp(token, "small"))


def photo(code: str, n: int, size: str) -> Response:
    """A report's n-th photo, by the same rule as its page: of a private category only for its reporter."""
    report = reading.find(code)
    if not reading.may_read(report):
        abort(404)
    return _lasting(pictures.nth(report, n, size))


def _lasting(response: Response) -> Response:
    """A picture never changes: this browser may keep it for a day."""
    response.cache_control.private = True
    response.cache_control.max_age = ONE_DAY
    return response
