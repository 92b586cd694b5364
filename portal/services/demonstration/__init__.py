"""Demonstration data: believable reports of eighteen months, sent and handled through the true use cases.

The same for the same seed, number and moment. Never in production: the doors refuse its accounts there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import func, select

from portal.adapters.storage import Storage
from portal.adapters.vault import Vault
from portal.models import Report, Territory, db
from portal.services.demonstration import stories
from portal.services.demonstration.people import SIGN_INS, SignIn, Staff
from portal.services.demonstration.stories import Tables
from portal.services.demonstration.telling import CHANNEL, Teller

__all__ = ["RANDOM_SEED", "REPORTS", "SIGN_INS", "Seeded", "SignIn", "fits", "seed"]

TERRITORY = "quang_tri"  # whose places, units and people the demonstration tells of
REPORTS, RANDOM_SEED = 300, 2672


@dataclass(frozen=True)
class Seeded:
    """How many reports were added, and how many of the demonstration there are now."""

    added: int
    total: int


def fits(territory: Territory | None) -> bool:
    """Can its reports happen in this territory?"""
    return territory is not None and territory.code == TERRITORY


def seed(
    *,
    now: datetime,
    storage: Storage,
    vault: Vault,
    reports: int = REPORTS,
    random_seed: int = RANDOM_SEED,
    progress: Callable[[int], None] | None = None,
) -> Seeded:
    """Bring the demonstration up to `reports` reports; those that are there are left alone.

    An interrupted run is taken up where it ended. `progress` is told of each report as it is added. Needs a
    territory that it fits.
    """
    there = db.session.scalars(select(func.count(Report.id)).where(Report.channel == CHANNEL)).one()
    if there >= reports:
        return Seeded(0, there)
    tables, chance = Tables(), Random(random_seed)  # noqa: S311 — nothing secret
    sent = stories.moments(reports, now, chance)
    texts = stories.deck(tables.texts, reports, chance)
    teller = Teller(tables, Staff(tables.people, now), storage, vault, now)
    for number in range(there, reports):
        teller.tell(f"{CHANNEL}-{random_seed}-{number}", texts[number], sent[number])
        if progress:
            progress(1)
    return Seeded(reports - there, reports)
