"""A deed of weight asks again who sits here."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.web import identity
from portal.web.front.addresses import came_from, refuse_programs

P = ParamSpec("P")


def asked_again(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """A view for whoever showed in the last ten minutes who they are. Others are asked, and led back: to this page, or
    to the one that has the form."""

    @wraps(view)
    def check(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if identity.shown_lately():
            return view(*args, **kwargs)
        wanted = request.path if request.method == "GET" else came_from()
        refuse_programs()
        return redirect(url_for("account.confirm", next=wanted), 303)

    return check
