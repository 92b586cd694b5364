"""Documents of a step as every door names and hands them out: to be saved, never shown by the browser."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote

from flask import Response, abort, url_for

from portal.models import Event, Report
from portal.services import evidence
from portal.web import context


@dataclass(frozen=True)
class Paper:
    """A document on a page: its name, address and bytes."""

    name: str
    address: str
    size: int


def of_event(event: Event, code: str, endpoint: str) -> list[Paper]:
    """The documents that a step brought, with their addresses behind the door of `endpoint`."""
    return [
        Paper(name, url_for(endpoint, code=code, document_id=number), size)
        for number, name, size in event.details.get("documents", ())
    ]


def download(report: Report, document_id: int, events: Collection[int]) -> Response:
    """A document of one of these events of the report; 404 for every other."""
    document, event = evidence.document(report, document_id)
    if event.id not in events:
        abort(404)
    found = Response(context.storage().get(evidence.document_key(document.token)), mimetype="application/pdf")
    found.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(document.name, safe='')}"
    return found
