"""Server time of the residents' pages, as a ratio to an empty Flask view served the same way in the same run.

Both are served by gunicorn with one worker; the figure is the worker's CPU time (user and system) per request
over one kept-alive connection, so that neither the client nor a busy machine is counted. A machine's speed wanders
within seconds: each round visits all of them one after the other, and what is told is the median of the rounds.
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
from statistics import median

from flask import Flask
from flask_migrate import upgrade

from portal.app import create_app
from portal.config import Config
from portal.models import Report, db
from portal.services import demonstration, territory

REQUESTS = 200
WARMING = 50
ROUNDS = 15
SITE = "portal.app:create_served_app()"
MOST_RATIO = 10.0

Server = tuple[HTTPConnection, int]

floor = Flask("floor")
floor.add_url_rule("/", "empty", lambda: "")


def cpu_seconds(pid: int) -> float:
    """What the threads of a process have run, which Linux counts in nanoseconds; its usual ticks are of 10 ms."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served(application: str, folder: Path) -> Iterator[Server]:
    """Serve an application; give a connection to it and the pid of its only worker."""
    port = free_port()
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
    command += ["--bind", f"127.0.0.1:{port}", "--keep-alive", "60", "--no-control-socket", application]
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


def milliseconds(server: Server, path: str, requests: int = REQUESTS) -> float:
    """CPU milliseconds per request."""
    connection, pid = server
    before = cpu_seconds(pid)
    for _ in range(requests):
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, (path, response.status, body[:200])
    return 1000 * (cpu_seconds(pid) - before) / requests


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
        paths = {"home": "/", "form": "/phan-anh/moi", "report": f"/phan-anh/{code}"}
        with served("pages:floor", folder) as floor_, served(SITE, folder) as site:
            views = [
                ("empty Flask view", floor_, "/"),
                *((title, site, path) for title, path in paths.items()),
            ]
            for _title, server, path in views:
                milliseconds(server, path, WARMING)
            rounds = [[milliseconds(server, path) for _title, server, path in views] for _ in range(ROUNDS)]
    met = True
    for (title, _server, _path), figures in zip(views, zip(*rounds, strict=True), strict=True):
        ratio = median(figure / least for figure, (least, *_) in zip(figures, rounds, strict=True))
        met &= ratio <= MOST_RATIO
        print(f"{title:<16} {median(figures):6.2f} ms  {ratio:5.1f} × the floor")
    print("target met" if met else f"target missed: at most {MOST_RATIO} × the floor")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
