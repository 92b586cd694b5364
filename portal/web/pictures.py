"""Photos as every door shows them: their addresses behind that door, and the picture itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, abort, url_for
from flask_babel import gettext as _

from portal.adapters.photos import SIZES
from portal.models import Report
from portal.services import reports
from portal.web import context


@dataclass(frozen=True)
class Picture:
    """A photo as pages show it: addresses of its sizes, the large one's pixels, words, and its token before sending."""

    small: str
    large: str
    width: int
    height: int
    alt: str
    token: str = ""


def of_report(report: Report, endpoint: str, shown: str) -> Iterator[Picture]:
    """A report's photos with their addresses behind the door of `endpoint`; pages show the size `shown`."""
    for number, photo in enumerate(report.photos, start=1):
        small, large = (url_for(endpoint, code=report.code, n=number, size=size) for size in (shown, "large"))
        alt = _("Ảnh %(number)s của phản ánh", number=number)
        yield Picture(small, large, photo.width, photo.height, alt)


def nth(report: Report, n: int, size: str) -> Response:
    """A report's n-th photo in that size; 404 where there is none."""
    if size not in SIZES or not 1 <= n <= len(report.photos):
        abort(404)
    return webp(report.photos[n - 1].token, size)


def webp(token: str, size: str) -> Response:
    return Response(context.storage().get(reports.photo_key(token, size)), mimetype="image/webp")
