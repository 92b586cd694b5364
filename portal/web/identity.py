"""Who is signed in: the only module that knows the sign-in library."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from portal.models import Account
from portal.services import accounts

manager = LoginManager()


@dataclass
class Person(UserMixin):
    """The signed-in account. Its ticket holds the stamp, so a new password ends every older session."""

    account: Account

    def get_id(self) -> str:
        return f"{self.account.id}.{self.account.sign_in_stamp}"


def init_app(app: Flask) -> None:
    manager.init_app(app)
    app.jinja_env.globals["account"] = account


@manager.user_loader
def _load(ticket: str) -> Person | None:
    number, _, stamp = ticket.partition(".")
    found = accounts.signed_in(int(number), stamp) if number.isdecimal() else None
    return Person(found) if found else None


def account() -> Account | None:
    """The signed-in account, or None; asks nothing of the database where there is no session."""
    return current_user.account if "_user_id" in session and current_user.is_authenticated else None


def sign_in(person: Account) -> None:
    """Start a fresh session for this account; what a stranger's session held is dropped."""
    session.clear()
    login_user(Person(person))


def sign_out() -> None:
    logout_user()
    session.clear()


def guard(*roles: str) -> Callable[[], ResponseReturnValue | None]:
    """A door's guard: strangers are led to the sign-in page, people of another role are refused (403)."""

    def check() -> ResponseReturnValue | None:
        person = account()
        if person is None:
            if request.method in ("GET", "HEAD"):
                return redirect(url_for("entrance.sign_in", next=request.full_path.rstrip("?")))
            abort(403)
        if person.role not in roles:
            abort(403)
        return None

    return check
