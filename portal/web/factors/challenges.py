"""The random question of a passkey: signed, and good for five minutes. The browser brings it back with the answer."""

from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from portal.core.errors import WrongFactor
from portal.services.accounts.factors.passkeys import Challenge
from portal.web import context

LASTS = timedelta(minutes=5)
NONCE_BYTES = 32


def fresh() -> tuple[bytes, str]:
    """A nonce to ask with, and the token that says when it was asked."""
    nonce = token_bytes(NONCE_BYTES)
    return nonce, _signer().dumps([b64encode(nonce).decode(), context.now().isoformat()])


def read(token: str) -> Challenge:
    """The challenge of that token. Raises WrongFactor for one that is not ours or too old."""
    try:
        nonce, asked = _signer().loads(token)
    except BadSignature as error:
        raise WrongFactor from error
    challenge = Challenge(b64decode(nonce), datetime.fromisoformat(asked))
    if context.now() - challenge.asked_at > LASTS:
        raise WrongFactor
    return challenge


def asked(question: dict[str, Any], token: str) -> dict[str, Any]:
    """What static/js/passkey.js fetches."""
    return {"question": question, "challenge": token}


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="passkey")
