"""Residents without an account: a code proves a number or address, and their phone keeps that for a year."""

from portal.services.residents.codes import DIGITS, LASTS, Asked, ask, enter, forget, fresh, recipient
from portal.services.residents.devices import device_of, devices, end, end_others, is_theirs, reports_of

__all__ = [
    "DIGITS",
    "LASTS",
    "Asked",
    "ask",
    "device_of",
    "devices",
    "end",
    "end_others",
    "enter",
    "forget",
    "fresh",
    "is_theirs",
    "recipient",
    "reports_of",
]
