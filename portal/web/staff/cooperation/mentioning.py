"""Colleagues whom an internal note names: which names nobody has, and where an officer was named."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.models import Report
from portal.services.cooperation import mentions
from portal.web import context, identity

MOST_TOLD = 5


def unknown(report: Report, words: str) -> str:
    """Which names of this note nobody of the ticket's units has, as a sentence; '' where there is none."""
    found = [f"@{name}" for name in mentions.unknown(report, words, now=context.now())[:MOST_TOLD]]
    if not found:
        return ""
    return _("Không có ai tên %(names)s trong các đơn vị của hồ sơ này.", names=", ".join(found))


def listed() -> str:
    """Where the officer was named, what is not seen yet first."""
    return render_template("staff/mentions.html", mentions=mentions.listed(identity.seat()))


def see(event_id: int) -> ResponseReturnValue:
    """The officer has seen it: 303 to the list, also the second time; 404 where nobody named them so."""
    mentions.see(event_id, by=identity.seat(), now=context.now())
    return redirect(url_for("staff.mentions"), 303)
