"""A form that could not be taken is given back: what was typed can be read, copied, and sent again with one press."""

import re

from flask import request
from werkzeug.exceptions import HTTPException

from portal.web.front.addresses import is_foreign

SECRET = re.compile(r"password|secret|passcode|csrf_token")
WORDS = re.compile(r"\s")


def fields() -> list[tuple[str, str]]:
    """Names and values of the refused form, as they came, without passwords and its token.

    Nothing of a form that another site has sent: its words are not the reader's.
    """
    if request.method != "POST" or is_foreign():
        return []
    try:
        sent = list(request.form.items(multi=True))
    except HTTPException:  # it is too large, or no form
        return []
    return [(name, value) for name, value in sent if not SECRET.search(name)]


def words(fields: list[tuple[str, str]]) -> list[str]:
    """What somebody wrote, rather than chose."""
    return list(dict.fromkeys(value for _name, value in fields if WORDS.search(value.strip())))


def files() -> bool:
    """Did the form bring files? They have to be chosen again."""
    try:
        return any(file.filename for file in request.files.values())
    except HTTPException:
        return False
