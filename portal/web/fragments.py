"""Pieces of pages that are the same for everybody: rendered once, kept until territory or directory change."""

from collections.abc import Callable, Hashable
from typing import Any

from flask import Flask, current_app, render_template
from flask_babel import get_locale
from markupsafe import Markup

from portal.web import context

MOST_KEPT = 500


def init_app(app: Flask) -> None:
    app.extensions["fragments"] = {}
    app.jinja_env.globals["fragment"] = fragment


def fragment(template: str, furnish: Callable[[], dict[str, Any]] = dict, **arguments: Hashable) -> Markup:
    """The rendered template, in the reader's language.

    It may depend on `arguments`, on territory and directory (which `furnish` reads when the piece is not at hand)
    and on nothing else: not on the request, the session or the clock.
    """
    loaded = context.loaded_territory()
    version = loaded and (loaded.digest, loaded.revision)
    kept: dict[Hashable, Markup] = current_app.extensions["fragments"]
    key = (template, str(get_locale()), version, tuple(sorted(arguments.items())))
    piece = kept.get(key)
    if piece is None:
        piece = Markup(render_template(template, **arguments, **furnish()))  # noqa: S704 — escaped by Jinja
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = piece
    return piece
