"""The cast. Lan is a resident, Minh an officer of phường Đông Hà, Tuấn of another ward, Hà the administrator.

Every test that touches the database runs on SQLite and on PostgreSQL, each time on a database with the real pack
of Quảng Trị and the four persons, as if nothing had happened before.
"""

import gc
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from PIL import Image
from sqlalchemy import Engine, event, select, update

from portal.adapters import passwords
from portal.adapters.limits import Limits
from portal.adapters.storage import Storage
from portal.app import create_app
from portal.config import Config
from portal.core.deadlines import VIETNAM
from portal.models import Account, Appointment, Territory, Unit, apart, db, transaction
from portal.services import accounts, territory
from portal.web import identity
from tests.databases import Furnished
from tests.identities import PASSWORD_THERE, register
from tests.servers import openid_provider, postgres

MONDAY_8AM = datetime(2026, 11, 16, 8, 0, tzinfo=VIETNAM)
APPOINTED = date(2024, 1, 1)
COMPILED = FileSystemBytecodeCache()  # templates are compiled once, not once a test
NEVER = 99_999
SAME = 1  # version of the directory on both engines: what a process remembers of the one is true of the other
PASSWORD = "mat-khau-thu-nghiem"
STRONG = passwords.hasher
CAST = [
    ("minh", "Nguyễn Văn Minh", "officer", "UBND_19333"),
    ("tuan", "Lê Anh Tuấn", "officer", "UBND_19351"),
    ("ha", "Trần Thị Thu Hà", "administrator", None),
]


passwords.hasher = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)  # hundreds sign in


def pytest_collection() -> None:
    """While everything is imported nothing is garbage."""
    gc.disable()


def pytest_collection_finish() -> None:
    """What is imported stays: the collector need not look through it again and again."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


class Client(FlaskClient):
    """Each request is alone, as on a server: the test's own context would carry who is signed in to the next.

    After it the test's own session looks anew, as another person's would.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        db.session.rollback()
        return response


@event.listens_for(Engine, "connect")
def _leave_no_order_to_chance(connection: Any, _record: object) -> None:
    """SQLite hands out backwards whatever nobody asked to be sorted: PostgreSQL promises no order either."""
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("PRAGMA reverse_unordered_selects = ON")


def build(database_url: str, instance: Path) -> Flask:
    """The clocks of sessions stand still, because tests jump by days; those about sessions set them."""
    config = Config(
        DATABASE_URL=database_url,
        INSTANCE=instance,
        BASE_URL="http://localhost",
        SESSION_IDLE_MINUTES=NEVER,
        SESSION_HOURS=NEVER,
        LIMITS_URL="none",
    )
    app = create_app(config)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = Client
    app.jinja_env.bytecode_cache = COMPILED
    return app


def furnish(app: Flask) -> None:
    """Tables by migration, the real territory, and the cast."""
    with app.app_context():
        upgrade()
        territory.load(app.config["PACK"], now=MONDAY_8AM)
        kept = passwords.digest(PASSWORD)
        with transaction():
            db.session.execute(update(Territory).values(revision=SAME))
            for username, name, role, unit in CAST:
                db.session.add(
                    Account(
                        username=username,
                        name=name,
                        appointments=[Appointment(role=role, unit=unit and _unit(unit), since=APPOINTED)],
                        password_hash=kept,
                        sign_in_stamp=f"stamp-{username}",
                        created_at=MONDAY_8AM.astimezone(UTC),
                    )
                )
        db.session.remove()
        db.engine.dispose()


def _unit(code: str) -> Unit:
    return db.session.scalars(select(Unit).filter_by(code=code, valid_until=None)).one()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    furnish(build("", folder))
    return folder / "portal.sqlite"


@pytest.fixture(scope="session")
def furnished_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    with postgres() as address:
        furnish(build(address, tmp_path_factory.mktemp("template")))
        furnished = Furnished(address)
        yield furnished
        furnished.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sqlite") / "portal.sqlite"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of the furnished database as it was at first, on each engine in turn."""
    if request.param == "sqlite":
        file = request.getfixturevalue("sqlite_file")
        for left in file.parent.iterdir():
            left.unlink()
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    furnished = request.getfixturevalue("furnished_postgres")
    furnished.restore()
    yield furnished.url


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    """The portal's clock stands at Monday 16/11/2026 08:00 in Vietnam; `now.move_to(…)` turns it."""
    with time_machine.travel(MONDAY_8AM, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Flask]]:
    """Give the application on a database; putting one together costs more than most tests."""
    apps: dict[str, Flask] = {}

    def on(database_url: str) -> Flask:
        if database_url not in apps:
            apps[database_url] = build(database_url, tmp_path_factory.mktemp("instance"))
        return apps[database_url]

    yield on
    for app in apps.values():
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(
    built: Callable[[str], Flask], database_url: str, tmp_path: Path, now: time_machine.Traveller
) -> Iterator[Flask]:
    """The application with a photo store of its own; what a test sets in its configuration goes with the test."""
    app = built(database_url)
    settings = dict(app.config)
    app.extensions["storage"] = Storage(f"file://{tmp_path / 'photos'}")
    with app.app_context():
        yield app
        db.session.remove()
        if db.engine.dialect.name == "sqlite":  # whose file the next test replaces
            db.engine.dispose()
    app.config.clear()
    app.config.update(settings)


@pytest.fixture(scope="session")
def issuer() -> Iterator[str]:
    """Address of a real OpenID Connect provider of this machine."""
    with openid_provider(PASSWORD_THERE, "minh.sso", "la.sso") as address:
        yield address


@pytest.fixture
def app_with_single_sign_on(app: Flask, issuer: str) -> Iterator[Flask]:
    register(app, issuer)
    yield app
    app.extensions["single_sign_on"] = None


@pytest.fixture
def app_with_csrf(app: Flask) -> Flask:
    app.config["WTF_CSRF_ENABLED"] = True
    return app


@pytest.fixture
def app_with_limits(app: Flask) -> Iterator[Flask]:
    """With rate limits, which the other tests go without: they do in a moment what people do in a year."""
    before = app.extensions["limits"]
    app.extensions["limits"] = Limits("", "tests", apart)
    yield app
    app.extensions["limits"] = before


@pytest.fixture
def enter(app: Flask) -> Callable[[str], FlaskClient]:
    """Give a client with a signed-in session of that username."""

    def as_(username: str) -> FlaskClient:
        person = db.session.scalars(select(Account).filter_by(username=username)).one()
        opened, token = accounts.start_session(
            person,
            ["password"],
            address="127.0.0.1",
            agent="Tests",
            lasts=timedelta(hours=NEVER),
            now=datetime.now(UTC),
        )
        client = app.test_client()
        client.set_cookie(identity.SEEN_COOKIE, identity.seen_now(opened.id))
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return client

    return as_


@pytest.fixture
def lan(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def minh(enter: Callable[[str], FlaskClient]) -> FlaskClient:
    return enter("minh")


@pytest.fixture
def tuan(enter: Callable[[str], FlaskClient]) -> FlaskClient:
    return enter("tuan")


@pytest.fixture
def ha(enter: Callable[[str], FlaskClient]) -> FlaskClient:
    return enter("ha")


@pytest.fixture(scope="session")
def photo() -> bytes:
    """A sideways phone photo with an EXIF block that holds a position."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (16.0, 48.0, 0.0)
    out = BytesIO()
    Image.radial_gradient("L").resize((1200, 800)).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()
