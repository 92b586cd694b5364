"""Real servers for the tests, started on this machine and stopped with it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

IN_CI = os.environ.get("CI") == "true"
OURS = {"listen_addresses": "", "max_connections": "60"}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def missing(what: str, install: str) -> None:
    """Skip with the line that says how to install it; in CI that is a failure."""
    sentence = f"{what} is not installed: {install}"
    if IN_CI:
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def postgres_folder() -> Path | None:
    """Where Debian or the search path keeps initdb and postgres."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[4].zfill(3))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def postgres(durable: bool = False) -> Iterator[str]:
    """A cluster of its own on a unix socket; gives the address of its empty database."""
    binaries = postgres_folder()
    if binaries is None:
        missing("PostgreSQL", "apt install postgresql")
        return
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    as_user = {"user": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    if as_user:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    settings = {**OURS, **({} if durable else FAST), "unix_socket_directories": str(folder)}
    options = " ".join(f"-c {name}={value!r}" for name, value in settings.items())
    run = {"check": True, "capture_output": True, "cwd": folder, **as_user}
    create = ["-D", data, "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
    subprocess.run([binaries / "initdb", *create], **run)
    control = [binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    subprocess.run([*control, "-o", options, "start"], **run)
    try:
        yield f"postgresql+psycopg://portal@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **run)
        shutil.rmtree(folder, ignore_errors=True)


def certify(file: Path, *names: x509.GeneralName) -> None:
    """Write a key and its certificate for these names, signed by itself, valid today."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = made.add_extension(x509.SubjectAlternativeName(names), critical=False).sign(key, SHA256())
    written = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(written + signed.public_bytes(Encoding.PEM))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return as soon as somebody listens there; fail where the process ends before."""
    for _ in range(200):
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert process.poll() is None, f"{process.args} ended"
        time.sleep(0.02)
    pytest.fail(f"nobody listens on port {port}")


@contextmanager
def redis() -> Iterator[str]:
    """A Redis of its own on loopback that keeps nothing; gives its address."""
    program = shutil.which("redis-server")
    if program is None:
        missing("Redis", "apt install redis-server")
        return
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
        try:
            await_port(port, server)
            yield f"redis://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


@contextmanager
def openid_provider(password: str, *logins: str) -> Iterator[str]:
    """Canaille in a process of its own, where these people have an account; gives the address that it calls itself."""
    python = Path(sys.prefix, "provider", "bin", "python")
    if not python.exists():
        missing("Canaille", "make .venv/.provider")
        return
    with tempfile.TemporaryDirectory() as folder:
        command = [python, "-m", "tests.openid_provider", folder, password, *logins]
        insecure = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"}  # on this machine there is no https
        quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
        with subprocess.Popen(command, env=insecure, **quiet) as server:
            try:
                address = server.stdout.readline().strip()
                assert address, f"{command} ended"
                yield address
            finally:
                server.terminate()
