"""By what somebody shows who they are, and when that is enough."""

from collections.abc import Collection
from enum import StrEnum


class Factor(StrEnum):
    """What was shown. The first two are a beginning; each of the others is, with it, a second factor."""

    PASSWORD = "password"  # noqa: S105 — the name of one
    SINGLE_SIGN_ON = "sso"  # somebody else's word
    CODE = "totp"  # of an authenticator app
    RECOVERY = "recovery"  # a code on paper
    PASSKEY = "passkey"  # two at once: the device, and the finger, face or PIN that opens it


BEGINNINGS = frozenset({Factor.PASSWORD, Factor.SINGLE_SIGN_ON})


def both(passed: Collection[str]) -> bool:
    """Are these two factors?"""
    return not BEGINNINGS.issuperset(passed)
