"""Does the time of an answer tell a stranger whether an account exists? Each kind of name by turns, through HTTP.

What is compared within one run: a wrong password for an open account, for a closed one, for one that was never opened
and for a name that nobody has; the refusal to look at another try, for a name that is there and one that is not;
asking for a new password. Two groups of the same kind say how far apart equals lie by chance on this machine: a kind
is told apart when its whole confidence interval (99 % of the ratio of medians, by resampling) lies outside of that.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from statistics import median
from threading import Thread
from urllib.parse import urlencode

from flask_migrate import upgrade
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.adapters import passwords
from portal.app import create_app
from portal.config import Config
from portal.models import Account, db, transaction

ROUNDS = 150
TRIES = 4  # of each name: one less than before anybody has to wait
REFUSED = 10  # tries of each name that is worn out
FRESH = 500  # number of the first name that nobody has tried
RESAMPLES = 2000
SAME = "open", "open, other half"  # the two groups of one kind
KINDS = (*SAME, "closed", "never opened", "unknown")
Times = dict[str, list[float]]
networks = count(1)


class Quiet(WSGIRequestHandler):
    """Keeps connections open and says nothing."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        pass


def name(kind: str, number: int) -> str:
    return f"{kind.replace(',', '').replace(' ', '-')}.{number}"


def fill(names: int) -> None:
    """As many accounts of each kind, except of the unknown; all have an address."""
    kept = passwords.digest("mật khẩu của phép đo")
    with transaction():
        for kind in KINDS[:-1]:
            for number in (*range(names), *range(FRESH, FRESH + names)):
                db.session.add(
                    Account(
                        username=name(kind, number),
                        name="Người được đo",
                        email=f"{name(kind, number)}@example.vn",
                        password_hash="" if kind == "never opened" else kept,
                        sign_in_stamp="",
                        active=kind != "closed",
                        created_at=datetime.now(UTC),
                    )
                )


@contextmanager
def served(names: int) -> Iterator[HTTPConnection]:
    """A connection to the portal with its rate limits on; each request comes from another network."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(INSTANCE=Path(folder), LOG_LEVEL="WARNING", TRUSTED_PROXIES=1))
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            upgrade()
            fill(names)
            db.session.remove()
        server = make_server("127.0.0.1", 0, app, request_handler=Quiet)
        Thread(target=server.serve_forever, daemon=True).start()
        connection = HTTPConnection("127.0.0.1", server.server_port)
        try:
            yield connection
        finally:
            connection.close()
            server.shutdown()


def post(connection: HTTPConnection, address: str, form: dict[str, str]) -> tuple[float, int]:
    """Milliseconds until the answer is read, and its status."""
    number = next(networks)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
    }
    begin = time.perf_counter()
    connection.request("POST", address, urlencode(form), headers)
    answer = connection.getresponse()
    answer.read()
    return 1000 * (time.perf_counter() - begin), answer.status


def attempt(connection: HTTPConnection, username: str) -> tuple[float, int]:
    return post(connection, "/dang-nhap", {"username": username, "password": "sai"})


def refusals(connection: HTTPConnection, rounds: int) -> Times:
    """A wrong password, by turns in ever another order."""
    taken: Times = {kind: [] for kind in KINDS}
    for turn in range(rounds):
        for kind in random.sample(KINDS, len(KINDS)):
            spent, status = attempt(connection, name(kind, turn // TRIES))
            assert status == 422
            taken[kind].append(spent)
    return taken


def waits(connection: HTTPConnection, rounds: int) -> Times:
    """One try more than is looked at; the time to wait is a minute, so each name is worn out just before."""
    kinds = (*SAME, "unknown")
    taken: Times = {kind: [] for kind in kinds}
    for turn in range(rounds // REFUSED):
        names = {kind: name(kind, FRESH + turn) for kind in kinds}
        for username in names.values():
            while attempt(connection, username)[1] != 429:
                pass
        for _ in range(REFUSED):
            for kind in random.sample(kinds, len(kinds)):
                spent, status = attempt(connection, names[kind])
                assert status == 429
                taken[kind].append(spent)
    return taken


def resets(connection: HTTPConnection, rounds: int) -> Times:
    """Asking for a new password; each name three times, before nothing more is sent."""
    kinds = (*SAME, "closed", "unknown")
    taken: Times = {kind: [] for kind in kinds}
    for turn in range(rounds):
        for kind in random.sample(kinds, len(kinds)):
            spent, status = post(connection, "/quen-mat-khau", {"who": name(kind, turn // 3)})
            assert status == 303
            taken[kind].append(spent)
    return taken


def interval(one: list[float], other: list[float]) -> tuple[float, float, float]:
    """Ratio of the medians, and the bounds between which it lies with 99 % confidence."""
    ratios = sorted(
        median(random.choices(one, k=len(one))) / median(random.choices(other, k=len(other)))
        for _ in range(RESAMPLES)
    )
    return median(one) / median(other), ratios[RESAMPLES // 200], ratios[-RESAMPLES // 200]


def judge(title: str, taken: Times) -> bool:
    """Print each kind beside the open accounts; can none be told apart?"""
    open_ones, others = taken.pop(SAME[0]), taken.pop(SAME[1])
    ratio, low, high = interval(others, open_ones)
    noise = max(high, 1 / low)
    print(f"{title}: {median(open_ones):.2f} ms; equals differ by up to {noise:.3f} ({ratio:.3f} here)")
    equal = True
    for kind, times in taken.items():
        ratio, low, high = interval(times, open_ones + others)
        apart = low > noise or high < 1 / noise
        equal = equal and not apart
        print(f"  {kind:14} {ratio:.3f}  [{low:.3f}, {high:.3f}]  {'TOLD APART' if apart else 'equal'}")
    return equal


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each kind")
    rounds = parser.parse_args().rounds
    with served(rounds) as connection:
        attempt(connection, "warm.up")
        equal = [
            judge("Wrong password", refusals(connection, rounds)),
            judge("No look at another try", waits(connection, rounds)),
            judge("New password asked for", resets(connection, rounds)),
        ]
    return 0 if all(equal) else 1


if __name__ == "__main__":
    sys.exit(main())
