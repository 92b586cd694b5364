"""What was done and who read what: written down in the same transaction, sealed in a chain, verified by anybody."""

from portal.services.audit.noting import DEEDS, note

__all__ = ["DEEDS", "note"]
