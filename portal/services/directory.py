"""Who exists and what may be reported: units and categories, read and kept."""

from datetime import date

from sqlalchemy import select

from portal.models import Category, Unit, db
from portal.services import routing


def active_categories() -> list[Category]:
    """The categories that residents may choose, in the order of the form."""
    query = select(Category).where(Category.active).order_by(Category.position, Category.code)
    return list(db.session.scalars(query))


def open_units(day: date) -> list[Unit]:
    """The units that exist on that day, by name without marks: those that reports may be sent to."""
    query = select(Unit).where(*routing.exists_on(day)).order_by(Unit.name_folded, Unit.code)
    return list(db.session.scalars(query))
