"""What this browser may read of a report: everything of a public one; of a private one only its reporter does."""

from flask import g, session

from portal.core.codes import BadCode
from portal.core.errors import NotFound
from portal.models import Device, Report
from portal.services import reports, residents
from portal.web import context


def find(raw_code: str) -> Report:
    """The report of a code in an address. Raises NotFound, also for what is no code at all."""
    try:
        return reports.by_code(raw_code)
    except BadCode as error:
        raise NotFound(code=raw_code) from error


def is_mine(report: Report) -> bool:
    """Did this browser send it, open the link that only the reporter has, or prove to be reached as its reporter is?"""
    if report.code in context.mine():
        return True
    if report.id not in (known := g.setdefault("theirs", {})):
        proved = device()
        known[report.id] = proved is not None and residents.is_theirs(proved, report)
    return known[report.id]


def device() -> Device | None:
    """What this browser has proved by a code, looked up once a request; None where nothing, or no more."""
    if "device" not in g:
        token = session.get("device", {}).get("token")
        g.device = residents.device_of(token, now=context.now()) if token else None
    return g.device


def public_events(report: Report) -> frozenset[int]:
    """The steps that everybody who may read the report sees."""
    return frozenset(event.id for event in report.events if event.public)


def may_read(report: Report) -> bool:
    """The text, place and photos, beside status and dates that everybody may know; so may they the unit, except of a
    report about an office.
    """
    return is_mine(report) or (report.category.visibility == "public" and not report.private)
