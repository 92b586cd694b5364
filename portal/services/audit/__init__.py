"""What was done and who read what: written down in the same transaction, sealed in a chain, verified by anybody."""

from portal.services.audit.forgetting import forget_report, forget_words
from portal.services.audit.noting import DEEDS, note
from portal.services.audit.proving import proof
from portal.services.audit.sealing import beginning, recent, seal
from portal.services.audit.verifying import Fault, Head, days, verify

__all__ = [
    "DEEDS",
    "Fault",
    "Head",
    "beginning",
    "days",
    "forget_report",
    "forget_words",
    "note",
    "proof",
    "recent",
    "seal",
    "verify",
]
