"""Who was shown whose report this is: for the reporter, who may ask at any time."""

from flask import render_template
from flask_babel import gettext as _

from portal.core.errors import NotFound
from portal.core.privacy.revealing import Why
from portal.models import AuditEntry
from portal.services.privacy import revealing
from portal.web.resident import reading
from portal.web.words import WHY_REVEALED, personal_kinds


def looks(code: str) -> str:
    """When, which unit, and why; not which officer, whose name the audit keeps. Raises NotFound for everybody else."""
    report = reading.find(code)
    if not reading.is_mine(report):
        raise NotFound(code=code)
    return render_template(
        "resident/looks.html",
        report=report,
        looks=[(entry, _why(entry)) for entry in revealing.looks(report)],
    )


def _why(entry: AuditEntry) -> str:
    if "why" in entry.details:
        return str(WHY_REVEALED[Why(entry.details["why"])])
    return _("Xem phần đã che: %(kinds)s", kinds=personal_kinds(entry.details["kinds"]))
