"""The province's own texts: where a complaint in law goes, whom to call."""

from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import select

from portal.models import Text, db
from portal.services.territory import Version, version


class Wording(NamedTuple):
    """One text in both languages."""

    text: str
    text_en: str


def called(key: str) -> Wording | None:
    """The text of that key, or None."""
    return _all(version()).get(key)


@lru_cache(maxsize=4)
def _all(_version: Version | None) -> dict[str, Wording]:
    return {row.key: Wording(row.text, row.text_en) for row in db.session.scalars(select(Text))}
