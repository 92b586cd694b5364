"""How long a text is as SMS (3GPP TS 23.038): 160 signs of GSM-7, or 70 of UCS-2; in parts of 153 or 67."""

from typing import NamedTuple

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # take two places


class Length(NamedTuple):
    """`signs` as the alphabet counts them, `parts` as the operator bills them."""

    signs: int
    parts: int
    alphabet: str


def length(sms: str) -> Length:
    """The length of an SMS; Vietnamese marks need UCS-2, where what lies beyond the first plane counts twice."""
    if set(sms) <= _BASIC | _EXTENDED:
        return _parts(sum(1 + (sign in _EXTENDED) for sign in sms), 160, 153, "GSM-7")
    return _parts(len(sms.encode("utf-16-be")) // 2, 70, 67, "UCS-2")


def _parts(signs: int, alone: int, joined: int, alphabet: str) -> Length:
    return Length(signs, 1 if signs <= alone else -(-signs // joined), alphabet)
