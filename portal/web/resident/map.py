"""The map's own addresses: so far the boundaries that every map draws."""

from flask import Response, request

from portal.core.errors import NotFound
from portal.services import boundaries

ONE_YEAR = 31_536_000
ONE_MINUTE = 60
MIMETYPE = "application/geo+json"


def boundary_lines(vintage: str) -> Response:
    """The simplified boundaries of a vintage; an address that names their digest (`?v=`) may be kept for a year."""
    source = boundaries.source_of(vintage)
    if source is None:
        raise NotFound(vintage=vintage)
    response = Response(boundaries.geojson(source), mimetype=MIMETYPE)
    named = request.args.get("v") == source.sha256[:12]
    response.cache_control.public = True
    response.cache_control.max_age = ONE_YEAR if named else ONE_MINUTE
    response.set_etag(source.sha256[:24])
    return response.make_conditional(request)
