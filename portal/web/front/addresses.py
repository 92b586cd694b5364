"""What an address says: who it is for, where a request comes from, and where somebody may be led: within this site."""

from urllib.parse import SplitResult, urlsplit

from flask import abort, current_app, request

LONGEST_ADDRESS = 500
FOR_PROGRAMS = (".json", ".geojson")


def is_for_programs() -> bool:
    """Does a program read what comes from here? Then it is JSON, whatever goes wrong, and never another page."""
    return request.path.endswith(FOR_PROGRAMS)


def refuse_programs() -> None:
    """Before somebody is led to another page, which no program can read: 403."""
    if is_for_programs():
        abort(403)


def local(address: str | None) -> str | None:
    """The address if it leads into this site, else None (no open redirect)."""
    if not address or len(address) > LONGEST_ADDRESS:
        return None
    if not address.startswith("/") or address.startswith("//") or "\\" in address:
        return None
    parts = _split(address)
    return None if parts.scheme or parts.netloc or any(ord(ch) < 32 for ch in address) else address


def came_from() -> str | None:
    """The page of ours that led here, as an address within the site."""
    parts = _split(request.referrer or "")
    if parts.netloc != request.host or parts.path == request.path:
        return None
    return local(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def is_foreign() -> bool:
    """Was this request caused by another site? Browsers say so; what says nothing is no browser of today."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    ours = (request.host, urlsplit(current_app.config["SITE_URL"]).netloc)
    return origin != "null" and _split(origin).netloc not in ours


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # no address at all, such as one with a bracket too many
        return SplitResult("", "", "", "", "")
