"""Canaille, somebody else's OpenID Connect provider: says its address, then serves.

`.venv/provider/bin/python -m tests.openid_provider FOLDER PASSWORD LOGIN…`, in an environment of its own: these people,
all with that password; clients register themselves. Its store is SQLite in that folder: the one in memory takes any
code for any other.
"""

import socket
import sys
import uuid
from pathlib import Path

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import JWKRegistry
from werkzeug.serving import make_server


def main(folder: str, password: str, *logins: str) -> None:
    opened = socket.create_server(("127.0.0.1", 0))
    address = f"127.0.0.1:{opened.getsockname()[1]}"
    key = JWKRegistry.generate_key("RSA", 2048)
    key.ensure_kid()
    settings = {
        "ENV_FILE": None,
        "SECRET_KEY": uuid.uuid4().hex,
        "PREFERRED_URL_SCHEME": "http",
        "SERVER_NAME": address,
        "CANAILLE": {
            "DATABASE": "sql",
            "JAVASCRIPT": False,
            "HTMX": False,
            "ACL": {"DEFAULT": {"PERMISSIONS": ["use_oidc"]}},
        },
        "CANAILLE_SQL": {
            "DATABASE_URI": f"sqlite:///{Path(folder) / 'canaille.sqlite'}",
            "PASSWORD_SCHEMES": "plaintext",
        },
        "CANAILLE_OIDC": {
            "DYNAMIC_CLIENT_REGISTRATION_OPEN": True,
            "ACTIVE_JWKS": [key.as_dict(private=True)],
        },
    }
    app = create_app(config=settings, env_file=None)
    with app.app_context():
        for login in logins:
            mails = [f"{login}@example.vn"]
            Backend.instance.save(
                models.User(user_name=login, family_name=login, password=password, emails=mails)
            )
    server = make_server("127.0.0.1", 0, app, fd=opened.fileno())
    sys.stdout.write(f"http://{address}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
