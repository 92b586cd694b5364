"""Photos as every door takes and shows them: kept, their addresses behind that door, and the picture itself.

Those that a form brings are kept before anything else is judged, so that no error loses them.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from portal.adapters.photos import SIZES
from portal.core import text
from portal.core.errors import BadPhoto
from portal.models import Photo, Report
from portal.services import reports
from portal.web import context

MOST_PHOTOS = 5
MOST_BYTES = 12 * 1024 * 1024
MOST_BYTES_TOGETHER = MOST_PHOTOS * MOST_BYTES + 4 * 1024 * 1024
MOST_NAME_SIGNS = 60
REFUSED = {
    "format": _l("tệp này không phải là ảnh đọc được (nhận JPEG, PNG, WebP, HEIC, GIF)"),
    "large": _l("ảnh quá lớn (mỗi ảnh tối đa 12 MB)"),
    "wide": _l("ảnh quá lớn (mỗi ảnh tối đa 60 triệu điểm ảnh)"),
    "broken": _l("ảnh bị hỏng, không mở được"),
}


@dataclass(frozen=True)
class Picture:
    """A photo as pages show it: addresses of its sizes, the large one's pixels, words, and its token before sending.

    `event` is the step that brought it; None where it came with the report.
    """

    small: str
    large: str
    width: int
    height: int
    alt: str
    token: str = ""
    event: int | None = None


def keep(*, traced: bool = False) -> tuple[list[Photo], list[str]]:
    """Keep up to five photos of the sent form, those of its earlier sendings first.

    Return them with a sentence for each file that was not kept, by its name. `traced`: when and where they were
    taken is kept too.
    """
    kept = kept_before()
    fresh = [file for file in request.files.getlist("photos") if file.filename]
    refused = []
    for place, file in enumerate(fresh):
        if len(kept) == MOST_PHOTOS:
            refused.append(_too_many(len(fresh) - place))
            break
        try:
            kept.append(
                reports.keep_photo(read(file), storage=context.storage(), now=context.now(), traced=traced)
            )
        except BadPhoto as error:
            refused.append(_("“%(file)s”: %(why)s.", file=name(file), why=REFUSED[error.details["reason"]]))
    request.close()
    return kept, refused


def kept_before() -> list[Photo]:
    """The photos that earlier sendings of this form have brought."""
    return reports.kept_photos(request.form.getlist("kept")[:MOST_PHOTOS])


def read(file: FileStorage) -> bytes:
    raw = file.stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise BadPhoto(reason="large")
    return raw


def name(file: FileStorage) -> str:
    """A file's name, as short as it fits into a sentence."""
    said = " ".join(text.clean(file.filename or "").split())
    return said if len(said) <= MOST_NAME_SIGNS else f"…{said[-MOST_NAME_SIGNS:]}"


def _too_many(left: int) -> str:
    return _(
        "Mỗi phản ánh có tối đa %(most)s ảnh: đã giữ %(most)s ảnh đầu, bỏ %(left)s ảnh sau.",
        most=MOST_PHOTOS,
        left=left,
    )


def kept_pictures(photos: Sequence[Photo]) -> Iterator[Picture]:
    """Photos of a form that is not sent yet."""
    for number, photo in enumerate(photos, start=1):
        address = url_for("resident.kept_photo", token=photo.token)
        alt = _("Ảnh %(number)s đã giữ", number=number)
        yield Picture(address, address, photo.width, photo.height, alt, photo.token)


def of_report(report: Report, endpoint: str, shown: str, events: Collection[int] = ()) -> Iterator[Picture]:
    """The reporter's photos, and those of these events, with their addresses behind the door of `endpoint`; pages
    show the size `shown`.
    """
    folder = url_for(endpoint, code=report.code, n=0, size="large").removesuffix("0/large")
    for number, photo in enumerate(report.photos, start=1):
        event = photo.event_id
        if event is None or event in events:
            address = f"{folder}{number}/"
            alt = _("Ảnh %(number)s của phản ánh", number=number)
            yield Picture(address + shown, f"{address}large", photo.width, photo.height, alt, event=event)


def nth(report: Report, n: int, size: str, events: Collection[int]) -> Response:
    """A report's n-th photo in that size; 404 where there is none, or none of the reporter or these events."""
    if size not in SIZES or not 1 <= n <= len(report.photos):
        abort(404)
    photo = report.photos[n - 1]
    if photo.event_id is not None and photo.event_id not in events:
        abort(404)
    return webp(photo.token, size)


def webp(token: str, size: str) -> Response:
    """The picture, or that the browser's own copy is still allowed: it asks each time, so that erased ones vanish."""
    key = reports.photo_key(token, size)
    mark = sha256(key.encode()).hexdigest()[:16]  # a token never gets another picture
    known = request.if_none_match.contains(mark)
    response = Response(status=304) if known else Response(context.storage().get(key), mimetype="image/webp")
    response.set_etag(mark)
    return response
