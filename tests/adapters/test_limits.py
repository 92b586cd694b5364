"""Rate limits: exactly so many, however many processes count, on every engine and in Redis."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from time_machine import Traveller

from portal.adapters.limits import Limits
from portal.core.errors import TooOften
from portal.core.front.limits import LIMITS, MINUTE, Count, network
from portal.models import RateCount, apart, db, transaction
from tests.counting import PROCESSES, TRIES
from tests.servers import free_port, redis

ROOT = Path(__file__).parents[2]
MOST = LIMITS["code"][0].most


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with redis() as url:
        yield url


def counted(*pairs: str) -> list[int]:
    """How many of `code` four processes were allowed together, for each pair of database and counters."""
    command = [sys.executable, "-m", "tests.counting", "code", *pairs]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return [sum(map(int, line.split())) for line in done.stdout.splitlines()]


def test_four_processes_are_allowed_exactly_so_many(app: Flask, database_url: str, redis_url: str) -> None:
    assert PROCESSES * TRIES > MOST
    shared = ("sqlite://", redis_url) if database_url.startswith("sqlite") else ()
    assert set(counted(database_url, "", *shared)) == {MOST}
    assert {row.count for row in db.session.scalars(db.select(RateCount))} == {PROCESSES * TRIES, MOST}


def test_redis_counts_what_the_database_does_not_and_forgets_by_itself(redis_url: str) -> None:
    limits = Limits(redis_url, "tests", apart)
    for _ in range(LIMITS["guess"][0].most):
        limits.spend("guess", "203.0.113.7")
    with pytest.raises(TooOften) as stopped:
        limits.check("guess", "203.0.113.7")
    assert 0 < stopped.value.details["seconds"] <= LIMITS["guess"][0].seconds
    limits.spend("page", "203.0.113.7")
    assert limits.forget() == 0


def test_a_redis_that_is_away_holds_nobody_up(caplog: pytest.LogCaptureFixture) -> None:
    limits = Limits(f"redis://127.0.0.1:{free_port()}", "tests", apart)
    with caplog.at_level(logging.ERROR):
        limits.spend("report", "203.0.113.7")
    assert "report was not counted" in caplog.text


def test_a_window_ends_and_another_whom_has_his_own(app: Flask, now: Traveller) -> None:
    limits = Limits("", "tests", apart)
    for _ in range(5):
        limits.check("code to contact", "+84912345678")
        limits.spend("code to contact", "+84912345678")
    with pytest.raises(TooOften) as stopped:
        limits.spend("code to contact", "+84912345678")
    assert stopped.value.details["seconds"] == 60 * MINUTE
    limits.spend("code to contact", "+84905123456")
    kept = db.session.scalars(db.select(RateCount.key)).all()
    assert kept and not [key for key in kept if "912345678" in key]
    now.shift(60 * MINUTE)
    limits.spend("code to contact", "+84912345678")
    limits.forgive("code to contact", "+84912345678")
    for _ in range(5):
        limits.spend("code to contact", "+84912345678")
    now.shift(25 * 60 * MINUTE)
    db.session.rollback()
    assert limits.forget() == len(kept) and limits.forget() == 0


def test_a_count_does_not_hang_on_the_transaction_around_it(app: Flask) -> None:
    limits = Limits("", "tests", apart)
    with transaction(), pytest.raises(RuntimeError):
        limits.spend("report", "203.0.113.7")


def test_without_limits_nobody_is_counted(app: Flask) -> None:
    limits = Limits("none", "tests", apart)
    for _ in range(MOST + 1):
        limits.spend("code", "203.0.113.7")
    assert db.session.query(RateCount).count() == 0


def test_what_only_reads_is_never_counted_in_the_database() -> None:
    for name in ("page", "guess", "hint", "export"):
        assert {limit.count for limit in LIMITS[name]} <= {Count.ROUGHLY, Count.SHARED}, name


@pytest.mark.parametrize(
    ("address", "owner"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_a_network_is_an_address_or_a_whole_ipv6_connection(address: str, owner: str) -> None:
    assert network(address) == owner
