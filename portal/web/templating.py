"""Templates that find their names in one plain dictionary, and the reader's words with one look at the locale."""

from collections.abc import MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment as FlaskEnvironment
from flask_babel import Domain, get_babel, get_locale


class Environment(FlaskEnvironment):
    """Every name that templates share is known before the first of them is loaded.

    So each may have a copy; Jinja compares these names at every import of macros, which took 7 % of a page
    with its chain of maps.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


class Catalogue(Domain):
    """The words of a language; Flask-Babel's own domain asks the request twice as often, and writes out the locale."""

    def get_translations(self) -> Any:
        locale = get_locale()
        found = self.cache.get(locale and locale.language)
        if found is None:
            found = self.cache[locale and locale.language] = super().get_translations()
        return found


def init_app(app: Flask) -> None:
    """Let templates and code ask one catalogue: Flask-Babel's own way for templates asks for its domain each time."""
    catalogue = Catalogue()
    get_babel(app).instance.domain_instance = catalogue
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: catalogue.get_translations().ugettext(text),
        ngettext=lambda one, many, number: catalogue.get_translations().ungettext(one, many, number),
        pgettext=lambda context, text: catalogue.get_translations().upgettext(context, text),
        npgettext=lambda context, one, many, number: catalogue.get_translations().unpgettext(
            context, one, many, number
        ),
        newstyle=True,
    )
