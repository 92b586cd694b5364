"""Lists that go on for pages: which page is asked for, and what is answered where there is none."""

from collections.abc import Container
from typing import Any

from flask import render_template, request, url_for

from portal.services.records import NoSuchPage


def page_number() -> int:
    """The page that the address asks for, the first where it asks for none. Raises NoSuchPage."""
    typed = request.args.get("page", "1")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 9):
        raise NoSuchPage(page=typed)
    return int(typed)


def choice(name: str, allowed: Container[str], default: str = "") -> str:
    """One of the allowed words that the address may say; anything else counts as the default."""
    typed = request.args.get(name, default)
    return typed if typed in allowed else default


def search() -> str:
    """The words looked for, as typed."""
    return request.args.get("q", "")[:200]


def no_such_page(_error: NoSuchPage) -> tuple[str, int]:
    rest: dict[str, Any] = {name: value for name, value in request.args.items() if name != "page"}
    first = url_for(str(request.endpoint), **rest)
    return render_template("admin/no_page.html", first=first), 404
