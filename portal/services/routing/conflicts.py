"""A report about the people of an office goes to the one above it."""

from dataclasses import replace
from datetime import datetime

from portal.core.deadlines import VIETNAM
from portal.models import Unit
from portal.services.routing import books
from portal.services.routing.deciding import Routed


def away_from(concerned: Unit, routed: Routed, *, now: datetime) -> Routed:
    """The same decision without this unit: where it would lead, the one above it does, or the coordination centre where
    there is none; it helps nobody either.
    """
    helping = [unit for unit in routed.cooperating if unit.id != concerned.id]
    if routed.unit.id != concerned.id:
        return replace(routed, cooperating=helping)
    lead = _above(concerned, now)
    sentence = f"Phản ánh về cán bộ, công chức của {concerned.name}, nên chuyển đến {lead.name}."
    decision = routed.decision | {"unit": lead.code, "lead": lead.code, "about": concerned.code}
    helping = [unit for unit in helping if unit.id != lead.id]
    decision |= {"sentence": sentence, "cooperating": [unit.code for unit in helping]}
    return Routed(lead, helping, decision)


def _above(concerned: Unit, now: datetime) -> Unit:
    today = now.astimezone(VIETNAM).date()
    shelf = books.current()
    for code in (concerned.parent_code, shelf.fallback):
        found = books.in_charge(code, today) if code else None
        if found and found.id != concerned.id:
            return found
    raise LookupError(f"nobody stands above {concerned.code}")
