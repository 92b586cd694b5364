"""A form that is sent again, by a second tap or a line that broke off, is the same form: its key says so."""

from sqlalchemy import select

from portal.models import Event, db


def is_done(request_key: str | None) -> bool:
    """Was the form of this key sent before?"""
    if request_key is None:
        return False
    return db.session.scalar(select(Event.id).where(Event.request_key == request_key)) is not None
