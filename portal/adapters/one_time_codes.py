"""Six-digit codes of authenticator apps (TOTP, RFC 6238): a new one every half minute."""

from datetime import datetime

import pyotp

SLACK = (0, -1, 1)  # half-minutes by which a phone's clock may be wrong


def new_secret() -> str:
    """160 random bits, in the letters that an app takes."""
    return pyotp.random_base32()


def address(secret: str, *, username: str, issuer: str) -> str:
    """What the QR code says to an app."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Number of the half-minute that this code belongs to, one of those around `now`; None where it is none."""
    totp = pyotp.TOTP(secret)
    current = totp.timecode(now)
    right = [step for step in SLACK if pyotp.utils.strings_equal(totp.generate_otp(current + step), code)]
    return current + right[0] if right else None
