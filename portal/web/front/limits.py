"""Under which limit of `core.front.limits` an address counts, and by whom."""

from contextlib import suppress

from flask import Flask, Response, request, session

from portal.core.errors import TooOften
from portal.core.front.limits import network
from portal.web import context

CHECKED_BY_THEMSELVES = {"resident.send_report"}  # the form comes back with everything in it
SENT_TO = {
    "entrance.sign_in": "sign-in",
    "entrance.second_step": "sign-in",
    "entrance.passkey": "sign-in",
    "entrance.come_back": "sign-in",
    "entrance.forgotten": "sign-in",
    "entrance.choose_password": "sign-in",
    "resident.send_code": "code",
    "resident.enter_code": "sign-in",
    "resident.hints": "hint",
    "resident.reply": "reply",
    "resident.answer_question": "reply",
    "resident.reopen": "reply",
    "resident.confirm": "reply",
    "resident.withdraw": "reply",
    "resident.export_data": "export",
    "admin.export_audit": "export",
    "admin.audit_proof": "export",
}
READ_FROM = {"admin.response_times_csv": "export"}
SECRETS = {"code", "token", "certificate_code"}  # parts of an address that somebody may try out


def init_app(app: Flask) -> None:
    app.before_request(_count)
    app.after_request(_count_guesses)


def here() -> str:
    """The network that this request comes from."""
    return network(request.remote_addr or "")


def seconds_to_wait(name: str) -> int:
    """Count one more of this network; return how long it must wait, 0 where it need not."""
    try:
        context.limits().spend(name, here())
    except TooOften as error:
        return int(str(error.details["seconds"]))
    return 0


def _count() -> None:
    """Raise TooOften where this request is one too many."""
    endpoint, limits = request.endpoint or "", context.limits()
    if request.blueprint == "files" or endpoint in CHECKED_BY_THEMSELVES:
        return
    reads = request.method in ("GET", "HEAD", "OPTIONS")
    name = READ_FROM.get(endpoint, "page") if reads else SENT_TO.get(endpoint, "deed")
    limits.spend(name, _person() if name in ("deed", "export") else here())
    if _may_be_a_guess():
        limits.check("guess", here())


def _count_guesses(response: Response) -> Response:
    """A code or link that leads nowhere counts; who tried too many is told nothing for a while, true or not."""
    if response.status_code == 404 and _may_be_a_guess():
        with suppress(TooOften):
            context.limits().spend("guess", here())
    return response


def _may_be_a_guess() -> bool:
    """Does what strangers ask for stand or fall with something that not everybody knows?"""
    if request.blueprint not in ("resident", "entrance"):
        return False
    return request.endpoint == "resident.look_up" or not SECRETS.isdisjoint(request.view_args or ())


def _person() -> str:
    """Who is signed in, else the network."""
    return session.get("_user_id") or here()
