"""What was done and who read what: written down in the same transaction, sealed in a chain, verified by anybody."""

from portal.services.audit.forgetting import forget_report, forget_words
from portal.services.audit.noting import DEEDS, note
from portal.services.audit.proving import proof
from portal.services.audit.sealing import beginning, recent, seal
from portal.services.audit.searching import (
    MOST_EXPORTED,
    Found,
    Wanted,
    account_named,
    chain_days,
    days_that_fail,
    export,
    open_up,
    report_codes,
    search,
)
from portal.services.audit.verifying import Fault, Head, days, verify, verify_ended

__all__ = [
    "DEEDS",
    "MOST_EXPORTED",
    "Fault",
    "Found",
    "Head",
    "Wanted",
    "account_named",
    "beginning",
    "chain_days",
    "days",
    "days_that_fail",
    "export",
    "forget_report",
    "forget_words",
    "note",
    "open_up",
    "proof",
    "recent",
    "report_codes",
    "seal",
    "search",
    "verify",
    "verify_ended",
]
