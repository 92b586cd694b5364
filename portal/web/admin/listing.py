"""Lists that go on for pages: which page is asked for, and what is answered where there is none."""

from collections.abc import Container
from urllib.parse import urlencode

from flask import render_template, request

from portal.services.records import NoSuchPage
from portal.web.asking import line


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
    return line(request.args.get("q"))[:200]


def no_such_page(_error: NoSuchPage) -> tuple[str, int]:
    rest = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    first = f"{request.script_root}{request.path}?{urlencode(rest)}"
    return render_template("admin/no_page.html", first=first), 404
