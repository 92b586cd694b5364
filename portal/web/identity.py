"""Who is signed in, and in which of their appointments they act: the only module that knows the sign-in library.

A session is a row that can be ended at any time. When it was last used stands in a signed cookie of its own, because
reading a page writes nothing into the database (docs/adr/0018-sessions-of-staff.md says why this is enough).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user
from itsdangerous import BadSignature, Signer
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import HTTPException, Unauthorized

from portal.core import permissions
from portal.core.accounts.factors import both
from portal.core.errors import NotAllowed, NotFound
from portal.core.permissions import Deed, Role
from portal.models import Account, Appointment, Seat, StaffSession
from portal.services import accounts
from portal.services.accounts import seats
from portal.web import context
from portal.web.front.addresses import is_for_programs, refuse_programs
from portal.web.words import ROLES

SEEN_COOKIE, CHOSEN = "portal_seen", "appointment"
A_MINUTE = timedelta(minutes=1)
HALF_WAY_LASTS = timedelta(minutes=10)
SHOWN_LASTS = timedelta(minutes=10)

manager = LoginManager()


@dataclass
class Person(UserMixin):
    """The signed-in account with its session, the token that opened it, and the appointments in force."""

    session: StaffSession
    token: str
    appointments: Sequence[Appointment]

    @property
    def account(self) -> Account:
        return self.session.account

    @property
    def chosen(self) -> Appointment:
        """The appointment that was chosen in this session, else the first."""
        number = session.get(CHOSEN)
        return next((each for each in self.appointments if each.id == number), self.appointments[0])

    def get_id(self) -> str:
        return self.token


@dataclass(frozen=True)
class HalfWay:
    """Somebody who has `passed` some factors but not all: known to the sign-in pages alone, for ten minutes.

    `wanted` is the address that they came for.
    """

    account: Account
    passed: tuple[str, ...]
    wanted: str


def init_app(app: Flask) -> None:
    manager.init_app(app)
    app.extensions["deeds"] = {}
    app.jinja_env.globals.update(seat=seat, appointments=appointments, appointment=chosen, roles=ROLES)
    app.jinja_env.globals.update(may=may, only_reads=only_reads, role_may=permissions.may)
    app.after_request(_stay_awake)


@manager.user_loader
def _load(token: str) -> Person | None:
    found, held = accounts.session_of(token, now=context.now())
    if found is None and request.method == "POST" and request.endpoint == "account.change_password":
        token, found, held = _renewed(token)
    seen = _last_seen(found.id) if found else None
    if found is None or seen is None or context.now() - seen > _idle():
        return None
    g.awake = found.id, seen
    return Person(found, token, held)


def seat() -> Seat | None:
    """Who acts, in the appointment that they chose; None for a stranger, without asking the database where there is no
    session.
    """
    held = chosen()
    if held is None:
        return None
    return seats.seat(held, appointments(), session_id=current_user.session.id, address=address())


def chosen() -> Appointment | None:
    return current_user.chosen if staff_session() else None


def appointments() -> Sequence[Appointment]:
    """Everything in force that the person may act in."""
    return current_user.appointments if staff_session() else ()


def may(deed: Deed) -> bool:
    """May the person do this anywhere, in the appointment that they chose?"""
    held = chosen()
    return held is not None and permissions.may(deed, Role(held.role))


def opens(page: str) -> bool:
    """Does the page of that name open for the person, in the appointment that they chose?"""
    deed = current_app.extensions["deeds"].get(page)
    return deed is None or may(deed)


def leads_in(address: str) -> bool:
    """Does the page at this address of the site, if there is one, open for the person?"""
    page = _page_at(urlsplit(address).path.removeprefix(request.script_root), "GET")
    return page is None or opens(page)


def only_reads() -> bool:
    """Is the form of this page one that the person may look at and not send?"""
    page = _page_at(request.path, "POST")
    return page is not None and not opens(page)


def choose(number: int) -> None:
    """Act in that appointment from now on. Raises NotFound for one that is not theirs today."""
    if number not in [each.id for each in appointments()]:
        raise NotFound(appointment=number)
    session[CHOSEN] = number


def staff_session() -> StaffSession | None:
    """The session by which this request came, or None."""
    return current_user.session if "_user_id" in session and current_user.is_authenticated else None


def account() -> Account | None:
    """Whose session it is, whatever they are appointed to."""
    opened = staff_session()
    return opened.account if opened else None


def here() -> StaffSession:
    """The session by which this request came, behind a guard."""
    found = staff_session()
    if found is None:
        raise NotAllowed
    return found


def address() -> str:
    """The network address that this request came from."""
    return request.remote_addr or ""


def sign_in(person: Account, passed: Sequence[str]) -> bool:
    """Start a fresh session for an account that has shown all it must; what a stranger's session held is dropped.

    False where nothing is entrusted to the person today: nobody is signed in then.
    """
    session.clear()
    held = seats.held(person, now=context.now())
    if not held:
        return False
    opened, token = accounts.start_session(
        person,
        passed,
        address=address(),
        agent=request.user_agent.string,
        lasts=timedelta(hours=current_app.config["SESSION_HOURS"]),
        now=context.now(),
    )
    g.awake = opened.id, None
    return login_user(Person(opened, token, held))


def renew() -> None:
    """Go on in the same session under a new token; the old one opens nothing any more. Renewed once by the same form
    sent twice, even where the answer to the first, and the new token with it, was lost.
    """
    if session["_user_id"] == current_user.token:
        token = _following(current_user.token, context.now())
        accounts.renew_token(here(), token)
    else:
        token = current_user.token
    session["_user_id"] = token


def sign_in_half_way(person: Account, passed: Sequence[str], wanted: str) -> None:
    """Remember in the signed cookie who has passed these factors and must show another one. It opens nothing else."""
    session.clear()
    session["half_way"] = [
        person.id,
        person.sign_in_stamp,
        list(passed),
        wanted,
        int(context.now().timestamp()),
    ]


def half_way() -> HalfWay | None:
    """Who is half-way in, unless ten minutes have passed, the account was closed or its password changed."""
    if "half_way" not in session:
        return None
    number, stamp, passed, wanted, since = session["half_way"]
    if context.now() - datetime.fromtimestamp(since, UTC) > HALF_WAY_LASTS:
        return None
    person = accounts.unchanged(number, stamp)
    return HalfWay(person, tuple(passed), wanted) if person else None


def must_have_two() -> bool:
    """Does a role of this person demand two factors?"""
    return any(each.role in current_app.config["SECOND_FACTOR_ROLES"] for each in appointments())


def note_shown(factor: str) -> None:
    """Remember that the person has just shown this factor, in the session that is open."""
    if opened := staff_session():
        accounts.note_factor(opened.id, factor)
        session["shown_at"] = int(context.now().timestamp())


def shown_lately() -> bool:
    """Did whoever sits here show who they are within the last ten minutes? Else a deed of weight asks again."""
    opened = staff_session()
    if opened is None:
        return False
    last = max(opened.started_at.timestamp(), session.get("shown_at", 0))
    return context.now().timestamp() - last < SHOWN_LASTS.total_seconds()


def sign_out() -> None:
    """End this browser's session for good: its token opens nothing any more."""
    if opened := staff_session():
        accounts.end_session(opened.id, opened.account, deed="sign_out", address=address(), now=context.now())
    g.pop("awake", None)
    session.clear()


def guard(door: Blueprint, deeds: Mapping[Deed, str] | None = None) -> None:
    """Put a guard at the door: strangers are led to the sign-in page, who may nowhere do the deed is refused (403).

    `deeds`: by deed the names of the pages that are this deed; a page of none is refused to everybody. Without any,
    whoever is signed in may pass. With them, who must have two factors and showed one is led to set up another.
    """
    of_page = {f"{door.name}.{page}": deed for deed, pages in (deeds or {}).items() for page in pages.split()}

    def check() -> ResponseReturnValue | None:
        opened = staff_session()
        reading = request.method in ("GET", "HEAD")
        if opened is None:
            if reading:
                if is_for_programs():
                    raise Unauthorized(www_authenticate=_way_in())
                return redirect(url_for("entrance.sign_in", next=request.full_path.rstrip("?")))
            abort(403)
        if deeds is not None:
            deed = of_page.get(request.endpoint or "")
            if deed is None or not may(deed):
                abort(403)
            if must_have_two() and not both(opened.passed.split()):
                refuse_programs()
                return redirect(url_for("account.factors"), 303)
        if not reading:
            accounts.note_deed(opened, now=context.now())
        return None

    door.before_request(check)
    door.record_once(lambda state: state.app.extensions["deeds"].update(of_page))


def _way_in() -> WWWAuthenticate:
    """What a refusal must say (RFC 9110): a cookie opens, and this form gives it."""
    return WWWAuthenticate("Cookie", {"form-action": url_for("entrance.sign_in")})


def seen_now(session_id: int) -> str:
    """What the cookie of this session says when it is used at this moment."""
    return _signer().sign(f"{session_id}.{int(context.now().timestamp())}").decode()


def _page_at(path: str, method: str) -> str | None:
    """The name of the page of that address; None where there is none."""
    try:
        name, _values = current_app.create_url_adapter(request).match(path, method)
    except HTTPException:
        return None
    return name


def _last_seen(session_id: int) -> datetime | None:
    try:
        said = _signer().unsign(context.cookie(SEEN_COOKIE)).decode()
    except BadSignature:
        return None
    number, _, moment = said.partition(".")
    return datetime.fromtimestamp(int(moment), UTC) if number == str(session_id) else None


def _stay_awake(response: Response) -> Response:
    """Write anew when this session was used, at most once a minute. What a page asks by itself is no use of it."""
    session_id, seen = g.get("awake", (None, None))
    if session_id and not is_for_programs() and (seen is None or context.now() - seen >= A_MINUTE):
        context.put_cookie(response, SEEN_COOKIE, seen_now(session_id))
    return response


def _renewed(token: str) -> tuple[str, StaffSession | None, Sequence[Appointment]]:
    """The session that this token opened until a minute or two ago, and the token that replaced it then."""
    now = context.now()
    for moment in (now, now - A_MINUTE):
        following = _following(token, moment)
        found, held = accounts.session_of(following, now=now)
        if found:
            return following, found, held
    return token, None, ()


def _following(token: str, moment: datetime) -> str:
    """The token that replaces this one in that minute: whoever holds the old one cannot tell it."""
    secret = current_app.secret_key or ""
    signer = Signer(secret, salt="following", digest_method=sha256)
    return signer.get_signature(f"{token} {moment:%Y%m%d%H%M}").decode()


def _idle() -> timedelta:
    return timedelta(minutes=current_app.config["SESSION_IDLE_MINUTES"])


def _signer() -> Signer:
    return Signer(current_app.secret_key or "", salt="seen")
