"""Server time of the residents' pages, as a ratio to an empty Flask view served the same way in the same run.

Both are served by gunicorn with one worker; the figure is the worker's CPU time (user and system) per request
over one kept-alive connection, so that neither the client nor a busy machine is counted.
The target that this run can judge is at most 10 times the floor; 3 ms a page is the aim on a machine of today,
where the empty view takes about 0.3 ms.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from portal.app import create_app
from portal.config import Config
from portal.models import Report, db
from portal.services import demonstration, territory

REQUESTS = 200
ROUNDS = 7
TICK = os.sysconf("SC_CLK_TCK")
MOST_RATIO = 10.0

floor = Flask("floor")
floor.add_url_rule("/", "empty", lambda: "")


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served(application: str, folder: Path) -> Iterator[tuple[HTTPConnection, int]]:
    """Serve an application; give a connection to it and the pid of its only worker."""
    port, pidfile = free_port(), folder / "pid"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--workers",
        "1",
        "--threads",
        "1",
        "--worker-class",
        "gthread",
    ]
    command += ["--bind", f"127.0.0.1:{port}", "--pid", str(pidfile), "--no-control-socket", application]
    server = subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": f"{Path.cwd()}:{Path(__file__).parent}"}
    )
    try:
        connection = wait_for(port)
        yield connection, worker_of(server.pid)
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> HTTPConnection:
    for _ in range(200):
        try:
            connection = HTTPConnection("127.0.0.1", port)
            connection.connect()
            return connection
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise RuntimeError("the server did not start")


def worker_of(pid: int) -> int:
    """The only child of the server, which listens before it has one."""
    for _ in range(200):
        if children := Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            return int(children[0])
        time.sleep(0.05)
    raise RuntimeError("the server has no worker")


def milliseconds(connection: HTTPConnection, pid: int, path: str) -> float:
    """CPU milliseconds per request; the best of seven rounds, after a warm-up."""
    best = float("inf")
    for number in range(ROUNDS + 1):
        before = cpu_seconds(pid)
        for _ in range(REQUESTS if number else REQUESTS // 10):
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            response = connection.getresponse()
            body = response.read()
            assert response.status == 200, (path, response.status, body[:200])
        if number:
            best = min(best, 1000 * (cpu_seconds(pid) - before) / REQUESTS)
    return best


def prepare(folder: Path) -> str:
    """A furnished database with thirty reports; gives the code of a resolved one with photos."""
    app = create_app(Config(INSTANCE=folder))
    with app.app_context():
        now = datetime.now(UTC)
        upgrade()
        territory.load(app.config["PACK"], now=now)
        kept = {name: app.extensions[name] for name in ("storage", "vault")}
        demonstration.seed(reports=30, random_seed=1, now=now, progress=None, **kept)
        reports = db.session.scalars(db.select(Report)).all()
        return max(reports, key=lambda report: (len(report.photos), len(report.events), report.code)).code


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["PORTAL_INSTANCE"] = name
        code = prepare(folder)
        with served("pages:floor", folder) as (connection, pid):
            least = milliseconds(connection, pid, "/")
        print(f"{'empty Flask view':<16} {least:6.2f} ms")
        met = True
        with served("portal.app:create_served_app()", folder) as (connection, pid):
            for title, path in (("home", "/"), ("form", "/phan-anh/moi"), ("report", f"/phan-anh/{code}")):
                figure = milliseconds(connection, pid, path)
                met &= figure <= MOST_RATIO * least
                print(f"{title:<16} {figure:6.2f} ms  {figure / least:5.1f} × the floor")
    print("target met" if met else f"target missed: at most {MOST_RATIO} × the floor")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
