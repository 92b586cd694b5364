"""A real nginx in front, with the file that the documents give: who is believed, what is cut off, what is logged."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from cryptography.x509 import DNSName

from portal.config import ROOT
from tests.servers import await_port, certify, free_port, missing

NAME = "phananh.example.vn"
MAIN = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log info;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/phananh.conf;
}}
"""


@dataclass(frozen=True)
class Site:
    """Ports of nginx, and the folder with its log and the certificate to trust."""

    https: int
    http: int
    folder: Path

    def connection(self, source: str = "127.0.0.1") -> HTTPSConnection:
        trust = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))
        trust.check_hostname = False
        return HTTPSConnection("127.0.0.1", self.https, context=trust, timeout=20, source_address=(source, 0))

    def ask(self, method: str, path: str, source: str = "127.0.0.1", **sent: object) -> HTTPResponse:
        headers = {"Host": NAME, **sent.pop("headers", {})}  # type: ignore[dict-item]
        line = self.connection(source)
        line.request(method, path, headers=headers, **sent)  # type: ignore[arg-type]
        answer = line.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]
        line.close()
        return answer


def configure(folder: Path, https: int, http: int, behind: int) -> None:
    """The file of the documents with our ports, names of files, and less patience."""
    said = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
    for theirs, ours in {
        "listen 443 ssl": f"listen 127.0.0.1:{https} ssl",
        "listen 80": f"listen 127.0.0.1:{http}",
        "/etc/ssl/phananh.pem": str(folder / "cert.pem"),
        "/etc/ssl/private/phananh.key": str(folder / "cert.pem"),
        "/var/log/nginx/phananh.log": str(folder / "access.log"),
        "127.0.0.1:5000": f"127.0.0.1:{behind}",
        "client_header_timeout 10s": "client_header_timeout 500ms",
        "client_body_timeout 20s": "client_body_timeout 500ms",
    }.items():
        assert theirs in said, theirs
        said = said.replace(theirs, ours)
    (folder / "phananh.conf").write_text(said, encoding="utf-8")
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder), encoding="utf-8")


@contextmanager
def running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        await_port(port, process)
        yield
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Site]:
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        missing("nginx", "apt install nginx-light")
    folder = tmp_path_factory.mktemp("nginx")
    shutil.copy(sqlite_template, folder / "portal.sqlite")
    https, http, behind = free_port(), free_port(), free_port()
    certify(folder / "cert.pem", DNSName(NAME))
    configure(folder, https, http, behind)
    settings = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")} | {
        "PORTAL_ENV": "production",
        "PORTAL_BASE_URL": f"https://{NAME}",
        "PORTAL_SECRET_KEY": "a secret that is long enough for this",
        "PORTAL_VAULT_KEYS": "YSBrZXkgb2YgdGhlIHRlc3RzLCBvZiAzMiBieXRlcyE=",
        "PORTAL_INDEX_KEY": "another secret, long enough for this",
        "PORTAL_INSTANCE": str(folder),
        "PORTAL_TRUSTED_PROXIES": "1",
    }
    options = f"-m gunicorn --bind 127.0.0.1:{behind} --threads 4 --worker-class gthread --no-control-socket"
    portal = [sys.executable, *options.split(), "portal.app:create_served_app()"]
    nginx = [
        str(program),
        "-p",
        str(folder),
        "-e",
        str(folder / "error.log"),
        "-c",
        str(folder / "nginx.conf"),
    ]
    with running(portal, behind, settings), running(nginx, https, settings):
        yield Site(https, http, folder)


def test_what_comes_over_tls_gets_secure_cookies_and_may_come_no_other_way(site: Site) -> None:
    answer = site.ask("GET", "/phan-anh/moi")
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-portal=") and {"Secure", "HttpOnly"} <= set(cookie.split("; "))
    assert answer.headers["Server"] == "nginx"
    plain = HTTPConnection("127.0.0.1", site.http, timeout=10)
    plain.request("GET", "/tra-cuu?ma=QT", headers={"Host": "example.org"})
    moved = plain.getresponse()
    assert (moved.status, moved.headers["Location"]) == (301, f"https://{NAME}/tra-cuu?ma=QT")
    plain.close()


def test_only_nginx_is_believed_about_where_a_request_comes_from(site: Site) -> None:
    lies = {"X-Forwarded-Host": "example.org", "X-Forwarded-Proto": "http", "Forwarded": "host=example.org"}
    answer = site.ask("GET", "/phan-anh/moi", headers=lies)
    assert answer.status == 200 and "example.org" not in answer.text
    assert "__Host-" in answer.headers["Set-Cookie"]
    body = urlencode({"username": "", "password": ""})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    line, seen = site.connection(), []
    for number in range(62):
        lie = {"X-Forwarded-For": f"198.51.100.{number}, 10.0.0.1"}
        line.request("POST", "/dang-nhap", body=body, headers={"Host": NAME, **form, **lie})
        answer = line.getresponse()
        words = answer.read().decode()
        seen.append(answer.status)
    line.close()
    assert set(seen[:60]) == {400} and seen[60:] == [429, 429]
    assert "Bạn thao tác quá nhanh" in words and int(answer.headers["Retry-After"]) > 0
    assert site.ask("POST", "/dang-nhap", source="127.0.0.2", body=body, headers=form).status == 400


def test_nginx_itself_stops_a_flood_of_forms_in_words(site: Site) -> None:
    """From an address of its own, with a form that the portal would count as another person's each time."""
    line, answers = site.connection("127.0.0.3"), []
    for _ in range(140):
        line.request("POST", "/ngon-ngu/vi", body="", headers={"Host": NAME})
        answer = line.getresponse()
        answers.append((answer.status, answer.read().decode()))
    line.close()
    last, words = answers[-1]
    assert answers[0][0] == 405 and last == 429 and "Bạn thao tác quá nhanh" in words


def test_a_large_body_is_for_photos_only(site: Site) -> None:
    large = b"x" * (3 * 1024 * 1024)
    refused = site.ask("POST", "/dang-nhap", source="127.0.0.4", body=large)
    assert refused.status == 413 and "Tệp gửi lên quá lớn" in refused.text
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    photo = (
        b'--b\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
        + large
        + b"\r\n--b--\r\n"
    )
    taken = site.ask("POST", "/phan-anh/moi", source="127.0.0.4", body=photo, headers=form)
    assert taken.status == 400 and "a.jpg" in taken.text


@pytest.mark.parametrize(
    ("begun", "then"),
    [
        (b"GET /phan-anh/moi?x=", b"x"),  # byte by byte: the whole header has half a second
        (
            b"POST /phan-anh/moi HTTP/1.1\r\nHost: phananh.example.vn\r\nContent-Length: 999999\r\n\r\nabc",
            b"",
        ),
    ],
)
def test_who_is_slow_is_cut_off_and_holds_no_thread_meanwhile(site: Site, begun: bytes, then: bytes) -> None:
    """Six at once, where the portal has four threads."""
    assert site.ask("GET", "/healthz").status == 200, "it has started"
    trust = ssl.create_default_context(cafile=str(site.folder / "cert.pem"))
    with ExitStack() as open_lines:
        lines = []
        for _ in range(6):
            raw = open_lines.enter_context(socket.create_connection(("127.0.0.1", site.https), 10))
            lines.append(open_lines.enter_context(trust.wrap_socket(raw, server_hostname=NAME)))
            lines[-1].settimeout(0.05)
            lines[-1].sendall(begun)
        began = time.monotonic()
        assert site.ask("GET", "/healthz").status == 200
        answered = time.monotonic()
        said = heard(lines[-1], then)
        cut = time.monotonic()
    assert answered - began < 0.45 < cut - began < 1.5, "answered while they were all still open"
    assert said == b"" or b" 408 " in said.partition(b"\r\n")[0]


def heard(line: ssl.SSLSocket, then: bytes) -> bytes:
    """What comes, be it the end of the line; until then one piece more every twentieth of a second."""
    with suppress(BrokenPipeError, ConnectionResetError, ssl.SSLError):
        while True:
            try:
                return line.recv(4096)
            except TimeoutError:
                line.sendall(then)
    return b""


def test_the_log_holds_no_key_no_query_and_no_full_address(site: Site) -> None:
    for path in (
        "/phan-anh/QT-2611-04F7-K/theo-doi/bi-mat",
        "/dat-mat-khau/bi-mat",
        "/phan-anh/moi/anh/bi-mat",
        "/tra-cuu?ma=bi-mat",
        "/phan-anh/X/tra-loi/bi-mat",
    ):
        site.ask(
            "GET",
            path,
            source="127.0.0.5",
            headers={"Referer": f"https://{NAME}/bi-mat", "User-Agent": "bi-mat"},
        )
    lines = (site.folder / "access.log").read_text(encoding="utf-8").splitlines()
    assert "bi-mat" not in "".join(lines)
    assert re.search(r"127\.0\.0\.0 GET /phan-anh/QT-2611-04F7-K/theo-doi/\.\.\. \d{3} ", "\n".join(lines))
    assert not [line for line in lines if "127.0.0.5" in line]
