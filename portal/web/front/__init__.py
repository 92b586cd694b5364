"""What stands before every door: headers, limits, and a form that could not be taken, given back."""

from flask import Flask

from portal.web.front import headers, limits


def init_app(app: Flask) -> None:
    for part in (limits, headers):
        part.init_app(app)
