"""What is mine: the reports of this browser and of the number that it proved, and the phones that show them."""

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.models import Device
from portal.services import reports, residents
from portal.web import context, identity
from portal.web.front import agents
from portal.web.resident import picturing, reading


def mine() -> str:
    device = reading.device()
    found = residents.reports_of(device) if device else []
    codes = {report.code for report in found}
    found += reports.of_codes([code for code in context.mine() if code not in codes])
    found.sort(key=lambda report: report.submitted_at, reverse=True)
    covers = {report.code: next(picturing.of_report(report), None) for report in found}
    return render_template(
        "resident/mine.html", reports=found, covers=covers, device=device, proved=_proved(device)
    )


def devices() -> ResponseReturnValue:
    device = reading.device()
    if device is None:
        return redirect(url_for("resident.mine"))
    shown = residents.devices(device, now=context.now())
    return render_template(
        "resident/devices.html", device=device, devices=shown, agent=agents.device, proved=_proved(device)
    )


def end(device_id: int) -> ResponseReturnValue:
    """Sign one phone out; from this one goes what a code can bring back, and what only it knows stays."""
    device = reading.device()
    if device is None:
        return redirect(url_for("resident.mine"), 303)
    own = device_id == device.id
    theirs = {report.code for report in residents.reports_of(device)} if own else set()
    residents.end(device, device_id, address=identity.address(), now=context.now())
    if not own:
        flash(_("Thiết bị đó không còn xem được các phản ánh của bạn."))
        return redirect(url_for("resident.devices"), 303)
    session.pop("device", None)
    session["mine"] = [code for code in context.mine() if code not in theirs]
    flash(_("Đã thoát khỏi máy này."))
    return redirect(url_for("resident.mine"), 303)


def end_others() -> ResponseReturnValue:
    device = reading.device()
    if device is None:
        return redirect(url_for("resident.mine"), 303)
    residents.end_others(device, address=identity.address(), now=context.now())
    flash(_("Chỉ còn máy này xem được các phản ánh của bạn."))
    return redirect(url_for("resident.devices"), 303)


def _proved(device: Device | None) -> str:
    """The number or address as its owner knows it again."""
    return session["device"]["to"] if device else ""
