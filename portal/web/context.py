"""What a view may ask the building for: time, photo store, vault, language, and what this phone sent."""

from datetime import UTC, date, datetime

from flask import Response, current_app, g, request, session
from sqlalchemy.exc import SQLAlchemyError

from portal.adapters.limits import Limits
from portal.adapters.openid import Provider
from portal.adapters.passkeys import Site
from portal.adapters.storage import Storage
from portal.adapters.vault import Vault
from portal.core.deadlines import day_of
from portal.models import Seat, Territory, end_reading
from portal.services import territory
from portal.services.privacy import ringing
from portal.services.privacy.ringing import Due

LANGUAGES = ("vi", "en")
LANGUAGE_COOKIE = "language"
MOST_REMEMBERED = 30


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The day in Vietnam."""
    return day_of(now())


def storage() -> Storage:
    return current_app.extensions["storage"]


def vault() -> Vault:
    return current_app.extensions["vault"]


def limits() -> Limits:
    return current_app.extensions["limits"]


def site() -> Site:
    """This site as passkeys know it."""
    return Site(current_app.config["SITE_URL"])


def single_sign_on() -> Provider | None:
    return current_app.extensions["single_sign_on"]


def cookie_name(plain: str, secure: bool) -> str:
    """Over https a browser takes such a cookie from this very host alone, not from a neighbour of its domain."""
    return f"__Host-{plain}" if secure else plain


def cookie(plain: str) -> str:
    """What this browser's cookie says; '' where it has none."""
    return request.cookies.get(cookie_name(plain, current_app.config["SESSION_COOKIE_SECURE"]), "")


def put_cookie(response: Response, plain: str, value: str, lasts: int | None = None) -> None:
    """Give the browser a cookie for `lasts` seconds, or until it is closed; no script and no other site gets it."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    name = cookie_name(plain, secure)
    response.set_cookie(name, value, max_age=lasts, httponly=True, samesite="Lax", secure=secure)


def language() -> str:
    """The language that the reader chose; Vietnamese until then."""
    chosen = cookie(LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def mine() -> list[str]:
    """Codes of the reports that this browser sent or proved to have sent, newest first."""
    return session.get("mine", [])


def remember(code: str) -> None:
    """Keep the code in this browser's signed cookie, so that its reporter may answer and reopen."""
    session.permanent = True
    session["mine"] = [code, *(other for other in mine() if other != code)][:MOST_REMEMBERED]


def loaded_territory() -> Territory | None:
    """The territory, looked up once a request; None when none is loaded or the database is away."""
    if "territory" not in g:
        try:
            g.territory = territory.current()
        except SQLAlchemyError:
            end_reading()
            g.territory = None
    return g.territory


def example_code() -> str:
    """What a report code of this territory looks like; the check sign is wrong, so that it is nobody's."""
    loaded = loaded_territory()
    return f"{loaded.code_prefix if loaded else 'AA'}-2611-04F7-K"


def data_requests(seat: Seat) -> Due:
    """What reporters ask about their data, for whoever has to decide it."""
    return ringing.counted(seat, now=now())


def furnishings() -> dict[str, Territory | None]:
    """What every page shows."""
    return {"territory": loaded_territory()}
