"""Four processes spend one limit at once; says what each was allowed.

`python -m tests.counting NAME DATABASE LIMITS_URL …`: one line for each pair.
"""

import os
import sys
from contextlib import suppress

from flask import Flask

from portal.adapters.limits import Limits
from portal.core.errors import TooOften
from portal.models import apart, db

PROCESSES = 4
TRIES = 25


def allowed(app: Flask, limits_url: str, name: str) -> int:
    limits, taken = Limits(limits_url, "tests", apart), 0
    with app.app_context():
        for _ in range(TRIES):
            with suppress(TooOften):
                limits.spend(name, "203.0.113.7")
                taken += 1
    return taken


def main(name: str, *pairs: str) -> None:
    for database, limits_url in zip(pairs[::2], pairs[1::2], strict=True):
        app = Flask("counting")
        app.config["SQLALCHEMY_DATABASE_URI"] = database
        db.init_app(app)
        children = []
        for _ in range(PROCESSES):
            if not (child := os.fork()):
                os._exit(allowed(app, limits_url, name))
            children.append(child)
        each = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        sys.stdout.write(" ".join(map(str, each)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
