"""Who was shown whose report this is: for the reporter, who may ask at any time."""

from flask import render_template

from portal.core.errors import NotFound
from portal.core.privacy.revealing import Why
from portal.services.privacy import revealing
from portal.web.resident import reading
from portal.web.words import WHY_REVEALED


def showings(code: str) -> str:
    """When, which unit, and why; not which officer, whose name the audit keeps. Raises NotFound for everybody else."""
    report = reading.find(code)
    if not reading.is_mine(report):
        raise NotFound(code=code)
    told = [
        {"when": event.at, "unit": event.unit, "why": WHY_REVEALED[Why(event.details["why"])]}
        for event in revealing.showings(report)
    ]
    return render_template("resident/showings.html", report=report, showings=told)
