"""`flask accounts …`: the first administrator; everybody else is added on the pages."""

import re
import secrets
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from portal.core import text
from portal.core.errors import Conflict
from portal.services import accounts
from portal.services.accounts import Person

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")

group = AppGroup("accounts", help="Tài khoản. / Accounts.")


@group.command("administrator")
@click.argument("username")
@click.argument("name")
def add_administrator(username: str, name: str) -> None:
    """Thêm quản trị viên và in mật khẩu một lần. / Add an administrator and print the password once.

    NAME là họ và tên; những người khác được thêm trên trang quản trị. / NAME is the full name; everybody else is
    added on the administration pages.
    """
    if not USERNAME.fullmatch(username):
        raise click.BadParameter("2 to 60 small letters a–z, digits and . _ -", param_hint="USERNAME")
    person = Person(name=text.clean(name), role="administrator", unit_id=None)
    password = accounts.initial_password(current_app.config["SECRET_KEY"], secrets.token_hex())
    try:
        accounts.create(username, person, password, by=None, now=datetime.now(UTC))
    except Conflict as error:
        raise click.ClickException(f"There is an account {username} already.") from error
    click.echo(f"{username}  {password}")
