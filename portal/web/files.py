"""Static files under an address that holds their content's hash, so that a browser keeps them for a year."""

from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from importlib.util import find_spec
from mimetypes import guess_type
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request, url_for
from werkzeug.security import safe_join

OWN = Path(__file__).resolve().parents[2] / "static"
FOREIGN = Path(str(files("portal_assets"))) if find_spec("portal_assets") else None

door = Blueprint("files", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(door)
    app.jinja_env.globals |= {"static": static, "has_map": FOREIGN is not None}
    app.extensions["static_digest"] = digest()


def static(path: str) -> str:
    """Address of a file of ours, or of an installed one as `vendor/…`."""
    return _address(path, request.script_root, current_app.extensions["static_digest"])


@lru_cache(maxsize=256)
def _address(path: str, _root: str, digest: str) -> str:
    return url_for("files.show", digest=digest, path=path)


@cache
def digest() -> str:
    """Twelve hex digits over every static file's name and content: any change moves all addresses at once."""
    total = sha256()
    for root in filter(None, (OWN, FOREIGN)):
        for path in sorted(
            path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts
        ):
            total.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]


@door.get("/static/<digest>/<path:path>")
def show(digest: str, path: str) -> Response:
    current = digest == current_app.extensions["static_digest"]
    content, mimetype = _read(path, current_app.extensions["static_digest"])
    response = Response(content, mimetype=mimetype)
    response.cache_control.public = True
    response.cache_control.max_age = 31_536_000 if current else 60
    response.cache_control.immutable = current
    response.add_etag()
    return response.make_conditional(request)


@lru_cache(maxsize=64)
def _read(path: str, _digest: str) -> tuple[bytes, str]:
    """Content and type of a file of ours, or of an installed one under `vendor/`; 404 where there is none."""
    root, inside = (FOREIGN, path.removeprefix("vendor/")) if path.startswith("vendor/") else (OWN, path)
    found = safe_join(str(root), inside) if root else None
    if found is None or not Path(found).is_file():
        abort(404)
    return Path(found).read_bytes(), guess_type(found)[0] or "application/octet-stream"
