"""What stands before every door: headers, limits, and a form that could not be taken, given back."""

from flask import Flask, abort, request

from portal.web.front import headers, limits
from portal.web.front.addresses import is_foreign


def init_app(app: Flask) -> None:
    app.before_request(_refuse_foreign_forms)
    for part in (limits, headers):
        part.init_app(app)


def _refuse_foreign_forms() -> None:
    """Beside the token of every form: what another site sends is none of ours."""
    if request.method not in ("GET", "HEAD", "OPTIONS") and is_foreign():
        abort(403)
