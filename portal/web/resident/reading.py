"""What this browser may read of a report: everything of a public one; of a private one only its reporter does."""

from portal.core.codes import BadCode
from portal.core.errors import NotFound
from portal.models import Report
from portal.services import reports
from portal.web import context


def find(raw_code: str) -> Report:
    """The report of a code in an address. Raises NotFound, also for what is no code at all."""
    try:
        return reports.by_code(raw_code)
    except BadCode as error:
        raise NotFound(code=raw_code) from error


def is_mine(report: Report) -> bool:
    """Did this browser send it, or open the link that only the reporter has?"""
    return report.code in context.mine()


def public_events(report: Report) -> frozenset[int]:
    """The steps that everybody who may read the report sees."""
    return frozenset(event.id for event in report.events if event.public)


def may_read(report: Report) -> bool:
    """The text, place and photos, beside status, unit and dates that everybody may know."""
    return is_mine(report) or (report.category.visibility == "public" and not report.private)
