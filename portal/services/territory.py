"""The loaded territory pack."""

from portal.models import Territory, db


def current() -> Territory | None:
    """The loaded territory, or None before the first load."""
    return db.session.get(Territory, 1)
