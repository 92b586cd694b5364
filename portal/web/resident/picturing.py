"""Photos and documents behind the residents' door: their public addresses, and the files themselves."""

from collections.abc import Collection, Iterator

from flask import Response, abort

from portal.core.errors import NotFound
from portal.models import Report
from portal.services import reports
from portal.web import papers, pictures
from portal.web.pictures import Picture
from portal.web.resident import reading


def of_report(report: Report, events: Collection[int] = ()) -> Iterator[Picture]:
    """The reporter's photos, and those of these events, with their public addresses."""
    return pictures.of_report(report, "resident.photo", "small", events)


def kept(token: str) -> Response:
    """The small picture of a photo that no report has taken yet."""
    if not reports.kept_photos([token]):
        raise NotFound(token=token)
    return pictures.webp(token, "small")


def photo(code: str, n: int, size: str) -> Response:
    """A report's n-th photo, by the same rule as its page: of a private category only for its reporter."""
    report = reading.find(code)
    if not reading.may_read(report):
        abort(404)
    return pictures.nth(report, n, size, reading.public_events(report))


def document(code: str, document_id: int) -> Response:
    """A document of a public step, by the same rule."""
    report = reading.find(code)
    if not reading.may_read(report):
        abort(404)
    return papers.download(report, document_id, reading.public_events(report))
