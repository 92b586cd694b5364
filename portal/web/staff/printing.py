"""The work order: one sheet of paper for whoever goes there, with a code that leads back to the ticket."""

from itertools import islice

import segno
from flask import current_app, render_template, url_for

from portal.models import Report
from portal.services import handling
from portal.web import context, identity, pictures

MOST_PHOTOS = 4
MOST_SIGNS = 500
MOST_UNITS = 4
QUIET_ZONE = 4  # modules of white around the code, as ISO/IEC 18004 wants


def work_order(code: str) -> str:
    """A ticket of the officer's unit, or one that it helps with, on one A4 page."""
    report = handling.readable(code, identity.seat())
    helping = [cooperation.unit for cooperation in report.cooperations]
    return render_template(
        "staff/work_order.html",
        report=report,
        words=" ".join(report.description.split()),
        most_signs=MOST_SIGNS,
        helping=helping[:MOST_UNITS],
        helping_too=len(helping[MOST_UNITS:]),
        pictures=list(islice(pictures.of_report(report, "staff.photo", shown="medium"), MOST_PHOTOS)),
        qr=_code_of(report),
        printed_at=context.now(),
    )


def _code_of(report: Report) -> str:
    """The ticket's address as a QR code in SVG; error correction M withstands a fold and some dirt."""
    address = current_app.config["SITE_URL"] + url_for("staff.ticket", code=report.code)
    drawn = segno.make(address, error="m", micro=False)
    return str(drawn.svg_inline(border=QUIET_ZONE, omitsize=True, svgclass="qr", lineclass=None))
