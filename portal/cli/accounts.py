"""`flask accounts …`: the first administrator, and the way back in. Everybody else is added on the pages."""

import re
import secrets
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from portal.core import text
from portal.core.errors import Conflict, NotFound
from portal.models import Account
from portal.services import accounts, records
from portal.services.accounts import Person, factors, seats
from portal.web.letters import password_link

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")

group = AppGroup("accounts", help="Tài khoản. / Accounts.")


@group.command("administrator")
@click.argument("username")
@click.argument("name")
def add_administrator(username: str, name: str) -> None:
    """Thêm quản trị viên và in đường dẫn mời. / Add an administrator and print the link of invitation.

    NAME là họ và tên; người đó tự đặt mật khẩu qua đường dẫn, trong 3 ngày. Những người khác được thêm trên trang quản
    trị. / NAME is the full name; the person chooses a password by the link, within 3 days. Everybody else is added on
    the administration pages.
    """
    if not USERNAME.fullmatch(username):
        raise click.BadParameter("2 to 60 small letters a–z, digits and . _ -", param_hint="USERNAME")
    person = Person(name=text.clean(name), role="administrator", unit_id=None)
    token = _token()
    try:
        accounts.create(username, person, token, language="vi", by=None, now=_now())
    except Conflict as error:
        raise click.ClickException(f"There is an account {username} already.") from error
    click.echo(f"{username}  {password_link(token)}")


@group.command("list")
@click.option("--closed", is_flag=True, help="Cả tài khoản đã khóa. / Closed accounts too.")
def listed(closed: bool) -> None:
    """In mọi tài khoản: tên đăng nhập, vai trò hôm nay, tình trạng, số phiên, họ tên. / Print every account:
    username, roles of today, state, open sessions, name."""
    page = pages = 1
    while page <= pages:
        shown = accounts.everybody(page, state="all" if closed else "active", now=_now())
        page, pages = page + 1, shown.pages
        for person in shown.items:
            state = "closed" if not person.active else "open" if person.password_hash else "invited"
            count = len(accounts.open_sessions(person, now=_now()))
            roles = ",".join(sorted({held.role for held in seats.held(person, now=_now())})) or "-"
            click.echo(f"{person.username}\t{roles}\t{state}\t{count}\t{person.name}")


@group.command("link")
@click.argument("username")
def link(username: str) -> None:
    """In một đường dẫn mới để đặt mật khẩu. / Print a fresh link to choose a password.

    Dùng một lần, trong 3 ngày; đường dẫn cũ hết hiệu lực. / For one use within 3 days; earlier links end.
    """
    token = _token()
    try:
        accounts.hand_over(_person(username).id, token, by=None, now=_now())
    except NotFound as error:
        raise click.ClickException(f"The account {username} is closed.") from error
    click.echo(f"{username}  {password_link(token)}")


@group.command("unlock")
@click.argument("username")
def unlock(username: str) -> None:
    """Bỏ thời gian chờ vì đăng nhập sai. / Let somebody try again who failed too often."""
    person, limits = _person(username), current_app.extensions["limits"]
    limits.forgive("sign-in of account", person.username)
    limits.forgive(factors.LIMIT, str(person.id))
    click.echo(f"{username} may sign in again.")


@group.command("end-sessions")
@click.argument("username")
def end_sessions(username: str) -> None:
    """Kết thúc mọi phiên đăng nhập của một người. / End every session of a person."""
    ended = accounts.end_sessions(_person(username), by=None, now=_now())
    click.echo(f"{username}: {ended} sessions ended.")


@group.command("remove-factors")
@click.argument("username")
def remove_factors(username: str) -> None:
    """Bỏ xác thực hai bước của người đã mất hết. / Take two-step sign-in away from somebody who lost it all.

    Ứng dụng, khóa truy cập và mã dự phòng bị xóa, mọi phiên kết thúc. / App, passkeys and recovery codes go, every
    session ends.
    """
    removed = factors.remove_all(_person(username), by=None, now=_now())
    click.echo(f"{username}: {removed} factors removed.")


@group.command("close")
@click.argument("username")
def close(username: str) -> None:
    """Khóa tài khoản và kết thúc mọi phiên. / Close an account and end its sessions."""
    person = _person(username)
    try:
        accounts.set_active(person.id, False, seen=records.version(person), by=None, now=_now())
    except Conflict as error:
        raise click.ClickException(f"{username} is the last administrator.") from error
    click.echo(f"{username} is closed.")


def _person(username: str) -> Account:
    if (found := accounts.named(username)) is None:
        raise click.ClickException(f"There is no account {username}.")
    return found


def _token() -> str:
    return accounts.drawn(current_app.config["SECRET_KEY"], secrets.token_hex())


def _now() -> datetime:
    return datetime.now(UTC)
