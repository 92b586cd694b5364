"""Is the process alive, and can it serve?"""

from flask import Response
from sqlalchemy.exc import SQLAlchemyError

from portal.services import territory


def alive() -> Response:
    return Response("ok\n", mimetype="text/plain")


def ready() -> Response:
    """200 when the database answers and a territory is loaded, else 503 with the reason in one line."""
    try:
        loaded = territory.current()
    except SQLAlchemyError:
        return Response("database does not answer\n", 503, mimetype="text/plain")
    if loaded is None:
        return Response("no territory is loaded\n", 503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")
