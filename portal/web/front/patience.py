"""Against programs that send reports: a trap that people do not see, the time since the form was shown, same words.

None of them is the last word. Whoever is asked sends again, with everything still typed; nobody has to see, hear or
solve anything. A program that waits passes: it is the limits of `core.front.limits` that hold it.
"""

from datetime import datetime
from functools import cache
from hashlib import sha256

from flask import current_app, request
from flask_babel import gettext as _
from itsdangerous import BadSignature, TimestampSigner

from portal.core import text
from portal.core.errors import TooOften
from portal.web import context
from portal.web.front.limits import here

LEAST_SECONDS = 3
TRAP = "website"


def stamp() -> str:
    """Signs the moment at which a form is shown; the form brings it back as `opened`."""
    return _signer(current_app.secret_key).sign(b"form").decode()


def first_stamp() -> str:
    """The stamp that the form has brought back, so that looking at it again takes no patience anew."""
    brought = request.form.get("opened", "")
    return brought if _opened_at(brought) else stamp()


def doubts(words: str) -> list[str]:
    """Sentences that ask the sender of this form to look at it once more; none for nearly everybody."""
    limits = context.limits()
    if request.form.get(TRAP):
        return [
            _("Một ô không dành cho người đã được điền, nay đã để trống. Xin xem lại rồi bấm gửi lần nữa.")
        ]
    try:
        if _is_hasty():
            limits.spend("hasty report", here())
        limits.spend("same report", f"{here()} {sha256(text.fold(words).encode()).hexdigest()}")
    except TooOften as error:
        return [ASKED[str(error.details["name"])]()]
    return []


ASKED = {
    "hasty report": lambda: _(
        "Từ mạng này vừa có rất nhiều phản ánh được gửi quá nhanh. Xin xem lại rồi bấm gửi lần nữa."
    ),
    "same report": lambda: _(
        "Từ mạng này vừa có rất nhiều phản ánh cùng một nội dung. Nếu là việc khác, xin ghi rõ hơn ở đâu, khi nào."
    ),
}


def _is_hasty() -> bool:
    """Was it sent sooner than anybody can have read the form?"""
    opened = _opened_at(request.form.get("opened", ""))
    return opened is None or (context.now() - opened).total_seconds() < LEAST_SECONDS


def _opened_at(stamp: str) -> datetime | None:
    try:
        return _signer(current_app.secret_key).unsign(stamp, return_timestamp=True)[1]
    except BadSignature:
        return None


@cache
def _signer(secret: str) -> TimestampSigner:
    return TimestampSigner(secret, salt="patience")
