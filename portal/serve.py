"""`make run`: from an empty folder to a site that answers; the one process that starts the others and ends them."""

import itertools
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryFile
from types import FrameType

from flask_migrate import upgrade
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from portal.adapters.storage import Storage, StorageError
from portal.app import create_app
from portal.config import ROOT, Config, ConfigError
from portal.core.packs import PackError
from portal.models import Territory, db, transaction
from portal.services import demonstration, territory
from portal.services.demonstration import SignIn

Part = subprocess.Popen
WORKER = [sys.executable, "-m", "flask", "--app", "portal.app", "worker"]
ROOM_TO_START = 1024 * 1024
SECONDS_TO_END = 10


class CannotStart(Exception):
    """One line that says what stands in the way."""


def main() -> int:
    """Serve until Ctrl-C, SIGTERM or the end of a part; return the exit status."""
    _on_ending(signal.default_int_handler)
    try:
        config = Config.from_env()
        with _port(config) as port:
            sign_ins = prepare(config)
            _serve(config, port, sign_ins)
    except (CannotStart, ConfigError, PackError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def prepare(config: Config) -> list[SignIn]:
    """Bring folder, database, territory and demonstration data up to date; give its sign-ins.

    There is no demonstration in production, nor for a territory that it does not tell of.
    """
    _check_room(config.INSTANCE)
    try:
        app = create_app(config)
        logging.getLogger("alembic").setLevel(logging.WARNING)
        with app.app_context():
            upgrade()
            _check_writing(app.extensions["storage"])
            now = datetime.now(UTC)
            territory.load(config.PACK, now=now)
            if config.production or not demonstration.fits(territory.current()):
                return []
            kept = {name: app.extensions[name] for name in ("storage", "vault")}
            demonstration.seed(now=now, progress=_counter(), **kept)
            return list(demonstration.SIGN_INS)
    except OperationalError as error:
        raise CannotStart(f"The database cannot be used: {_cause(error)}") from error
    except StorageError as error:
        raise CannotStart(f"Photos cannot be kept in {config.storage_url}: {_cause(error)}") from error
    except OSError as error:
        raise CannotStart(f"Cannot write into {config.INSTANCE}: {_cause(error)}") from error


def _cause(error: Exception) -> str:
    return str(error.__cause__ or error).splitlines()[0]


def _counter() -> Callable[[int], None]:
    """Says now and then how many demonstration reports there are by now."""
    totals = itertools.count(1)

    def show(_added: int) -> None:
        if (total := next(totals)) % 50 == 0:
            print(f"Making demonstration reports, once: {total}", flush=True)

    return show


def _check_room(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as probe:
            probe.write(bytes(ROOM_TO_START))
    except OSError as error:
        raise CannotStart(f"Cannot write into {folder} (PORTAL_INSTANCE): {error.strerror}") from error


def _check_writing(storage: Storage) -> None:
    """Database and photo store may lie outside the folder, or belong to somebody else; a start may change neither."""
    with transaction():
        db.session.execute(update(Territory).values(revision=Territory.revision))
    storage.put("start", b"")
    storage.delete(["start"])


@contextmanager
def _port(config: Config) -> Iterator[socket.socket]:
    """The listening socket that the server inherits; taken first, so that nobody else can take it meanwhile."""
    family = socket.AF_INET6 if ":" in config.HOST else socket.AF_INET
    try:
        port = socket.create_server((config.HOST, config.PORT), family=family, backlog=256)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (")[0]
        raise CannotStart(
            f"Cannot listen on {config.HOST} port {config.PORT}: {reason}. Another port: PORTAL_PORT=5001 make run"
        ) from error
    with port:
        yield port


def _serve(config: Config, port: socket.socket, sign_ins: list[SignIn]) -> None:
    # The signals; raised instead, one could fall into Popen.poll and leave its lock held.
    told: list[int] = []
    _on_ending(lambda number, _frame: told.append(number))
    with _parts() as parts:
        parts["server"] = _start(_server(config, port), port.fileno())
        _watch(parts, lambda: told or _answers(config))
        if not told:
            parts["worker"] = _start(WORKER)
            print(_welcome(config, sign_ins), flush=True)
        _watch(parts, lambda: told)


def _on_ending(handler: Callable[[int, FrameType | None], object]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


def _server(config: Config, port: socket.socket) -> list[str]:
    """Gunicorn's command; the control socket that it would open in the home folder has no use here."""
    options = f"--bind=fd://{port.fileno()} --workers={config.WEB_WORKERS} --threads={config.WEB_THREADS}"
    options += (
        " --worker-class=gthread --preload --no-control-socket --log-level=warning --graceful-timeout=5"
    )
    return [sys.executable, "-m", "gunicorn", *options.split(), "portal.app:create_served_app()"]


def _start(command: list[str], *inherited: int) -> Part:
    """Start a part in a process group of its own: Ctrl-C reaches this process alone, which then ends all."""
    return Part(command, cwd=ROOT, stdin=subprocess.DEVNULL, pass_fds=inherited, process_group=0)


@contextmanager
def _parts() -> Iterator[dict[str, Part]]:
    """The running parts by name; whatever was put in has ended when this ends."""
    parts: dict[str, Part] = {}
    try:
        yield parts
    finally:
        for part in parts.values():
            part.terminate()
        for part in parts.values():
            _await_end(part)


def _await_end(part: Part) -> None:
    try:
        part.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        os.killpg(part.pid, signal.SIGKILL)
        part.wait()


def _watch(parts: dict[str, Part], enough: Callable[[], object]) -> None:
    """Return as soon as it is enough; raise CannotStart when a part ends before."""
    while not enough():
        for name, part in parts.items():
            if (status := part.poll()) is not None:
                raise CannotStart(f"The {name} ended by itself (status {status}), so everything ends")
        time.sleep(0.1)


def _answers(config: Config) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.HOST, config.HOST)  # noqa: S104 — compared, not bound
    with suppress(OSError, HTTPException):
        line = HTTPConnection(host, config.PORT, timeout=2)
        line.request("HEAD", "/healthz")
        line.getresponse()
        return True
    return False


def _welcome(config: Config, sign_ins: list[SignIn]) -> str:
    lines = [
        "",
        f"  Residents       {config.base_url}/",
        f"  Staff           {config.base_url}/can-bo/",
        f"  Administration  {config.base_url}/quan-tri/",
    ]
    if sign_ins:
        lines += ["", "  Demonstration sign-ins (refused in production):"]
        lines += [f"  {one.username:<10} {one.password:<15} {one.what}" for one in sign_ins]
    return "\n".join([*lines, "", "  Ctrl-C ends everything.", ""])


if __name__ == "__main__":
    sys.exit(main())
