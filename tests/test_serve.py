"""`python -m portal.serve` as a person starts it: real processes on a free port of this machine."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from portal import serve
from portal.config import ROOT
from tests.packs import SONG_AO

SECONDS = 60


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    """Production and a small province, because they need no demonstration data and start in seconds."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ours = ("PORTAL_", "PYTHON")  # a person has none of them, so that modules are compiled once
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | {
        "PORTAL_ENV": "production",
        "PORTAL_SECRET_KEY": "a secret that is long enough for this",
        "PORTAL_VAULT_KEYS": "YSBrZXkgb2YgdGhlIHRlc3RzLCBvZiAzMiBieXRlcyE=",
        "PORTAL_INDEX_KEY": "another secret, long enough for this",
        "PORTAL_PORT": str(port),
        "PORTAL_PACK": str(SONG_AO),
        "PORTAL_INSTANCE": str(tmp_path / "instance"),
        "PORTAL_WEB_WORKERS": "1",
    }


@contextmanager
def started(settings: dict[str, str]) -> Iterator[subprocess.Popen]:
    """The launcher after it has printed the addresses."""
    command = [sys.executable, "-m", "portal.serve"]
    with subprocess.Popen(
        command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as run:
        try:
            said = b""
            while b"Ctrl-C" not in said:
                line = run.stdout.readline()
                assert line, f"it ended before it was ready: {said.decode()}"
                said += line
            yield run
        finally:
            run.terminate()
            run.wait(SECONDS)


def parts_of(run: subprocess.Popen) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()]


def caught_by(run: subprocess.Popen) -> set[int]:
    """The signals that it handles itself."""
    mask = int(re.search(r"SigCgt:\s*(\w+)", Path(f"/proc/{run.pid}/status").read_text())[1], 16)
    return {number for number in signal.valid_signals() if mask >> (number - 1) & 1}


@pytest.fixture
def refused(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., str]]:
    """Give what the launcher says when it cannot start with these changes of the settings; it is one line."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)
    before = {number: signal.getsignal(number) for number in numbers}
    for name in os.environ.keys() - settings.keys():
        monkeypatch.delenv(name)

    def say(**changes: str) -> str:
        for name, value in (settings | changes).items():
            monkeypatch.setenv(name, value)
        assert serve.main() == 1
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1), said
        return said.err

    signal.signal(signal.SIGALRM, _starts_after_all)
    signal.alarm(SECONDS)
    yield say
    signal.alarm(0)
    for number, handler in before.items():
        signal.signal(number, handler)


def _starts_after_all(_number: int, _frame: object) -> None:
    raise TimeoutError("the launcher started and serves")


def test_the_site_answers_until_it_is_told_to_end_or_a_part_dies_and_starts_again(settings):
    with started(settings) as run:
        line = HTTPConnection("127.0.0.1", int(settings["PORTAL_PORT"]), timeout=SECONDS)
        line.request("GET", "/", headers={"Accept-Encoding": "gzip"})
        answer = line.getresponse()
        assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
        line.close()
        parts = parts_of(run)
        assert len(parts) == 2
        assert {signal.SIGINT, signal.SIGTERM, signal.SIGHUP} <= caught_by(run)
        run.send_signal(signal.SIGINT)
        assert run.wait(SECONDS) == 0
        assert not [pid for pid in parts if Path(f"/proc/{pid}").exists()]
    with started(settings) as run:
        server, worker = parts_of(run)
        os.kill(worker, signal.SIGKILL)
        assert run.wait(SECONDS) == 1
        assert b"The worker ended by itself" in run.stdout.read()
        assert not Path(f"/proc/{server}").exists()


def test_a_busy_port_is_named(refused, settings):
    with socket.create_server(("127.0.0.1", int(settings["PORTAL_PORT"]))):
        said = refused()
    assert re.search(rf"port {settings['PORTAL_PORT']}.*PORTAL_PORT", said)


def test_a_folder_that_cannot_be_written_is_named(refused, tmp_path):
    (tmp_path / "instance").write_text("a file stands in the way")
    assert str(tmp_path / "instance") in refused()
    (tmp_path / "instance").unlink()
    (tmp_path / "photos").write_text("another one")
    assert "photos" in refused(PORTAL_STORAGE_URL=f"file://{tmp_path}/photos/of/reports")


def test_a_database_that_a_start_would_not_change_must_take_something_too(refused, sqlite_template):
    said = refused(PORTAL_DATABASE_URL=f"sqlite:///file:{sqlite_template}?mode=ro&uri=true")
    assert "readonly" in said


def test_a_database_out_of_reach_is_one_line_without_the_password(refused):
    said = refused(PORTAL_DATABASE_URL="postgresql://lan:geheim@127.0.0.1:1/portal")
    assert "database" in said
    assert "geheim" not in said


def test_default_secrets_are_refused_in_production(refused):
    for name in ("PORTAL_SECRET_KEY", "PORTAL_VAULT_KEYS", "PORTAL_INDEX_KEY"):
        assert name in refused(**{name: ""})
    for address in ("http://phananh.example.vn", "http://0.0.0.0:5000"):
        assert "PORTAL_BASE_URL: must begin with https://" in refused(PORTAL_BASE_URL=address)
    assert "PORTAL_BASE_URL" in refused(PORTAL_BASE_URL="", PORTAL_HOST="0.0.0.0")
