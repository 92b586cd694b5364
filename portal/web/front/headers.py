"""What every answer tells the browser: only our own scripts and styles, no frames, no sniffing, no leaks."""

from urllib.parse import urlsplit

from flask import Flask, Response, request, session

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{tiles}; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)
TWO_YEARS = 63_072_000
SECRET_PARTS = {"key", "token"}  # names, in an address, of what is as good as a password
IN_PERSON = {"_user_id", "half_way", "link"}


def init_app(app: Flask) -> None:
    tiles = urlsplit(app.config["TILE_URL"])
    headers = {
        "Content-Security-Policy": POLICY.format(
            tiles=f" {tiles.scheme}://{tiles.netloc}" if tiles.netloc else ""
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
        "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if app.config["ENV"] == "production":
        headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"

    @app.after_request
    def protect(response: Response) -> Response:
        # To a 304 the browser's own copy has them already, and a slow phone pays for each.
        if response.status_code != 304:
            response.headers.extend(headers)
            response.headers["Referrer-Policy"] = _referrer_policy()
        if request.blueprint != "files":
            response.vary.add("Cookie")
            # Going back must bring back what a resident typed; what staff read must not stay on the machine.
            kept = "no-store" if IN_PERSON & session.keys() else "private, no-cache"
            response.headers.setdefault("Cache-Control", kept)
        return response


def _referrer_policy() -> str:
    """A private link stays out of every other request; other pages tell map servers the site, never the page."""
    if SECRET_PARTS & (request.view_args or {}).keys():
        return "no-referrer"
    return "strict-origin-when-cross-origin"
