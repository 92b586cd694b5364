"""How often somebody may do something: one line for each limit, with its reason.

A mobile network puts hundreds of phones behind one address, and a ward office all its officers; so what counts by
network is generous, and what guards one secret counts by whom the secret belongs to.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Count(StrEnum):
    """Where it is counted when no Redis is configured; with Redis everything is counted there, exactly."""

    EXACTLY = "exactly"  # in the database, one count for all processes
    ROUGHLY = "roughly"  # in each process by itself: for what only reads, and so may not write
    SHARED = "shared"  # not at all: reading pages, which the proxy in front limits


@dataclass(frozen=True)
class Limit:
    """At most so many in so many seconds."""

    most: int
    seconds: int
    count: Count = Count.EXACTLY


LONGER_AND_LONGER = (Limit(5, MINUTE), Limit(10, 10 * MINUTE), Limit(20, HOUR))  # the wait, with each try
LIMITS: dict[str, tuple[Limit, ...]] = {
    # by network
    "page": (Limit(1200, MINUTE, Count.SHARED),),  # reading: an office of fifty looking things up
    "guess": (Limit(60, 10 * MINUTE, Count.ROUGHLY),),  # codes and links that lead nowhere: trying them out
    "hint": (Limit(1200, 10 * MINUTE, Count.ROUGHLY),),  # asked about once for each line that is typed
    "report": (Limit(300, 10 * MINUTE), Limit(3000, DAY)),  # a storm over one mobile network, not a flood
    "hasty report": (Limit(100, 10 * MINUTE),),  # sent before anybody can have read the form
    "same report": (Limit(100, HOUR),),  # the very same words
    "reply": (Limit(120, 10 * MINUTE),),  # with photos, which cost most
    "sign-in": (Limit(60, 10 * MINUTE),),  # an office at eight in the morning
    "code": (Limit(30, 10 * MINUTE), Limit(200, DAY)),  # codes to phone or e-mail: each costs money
    # by person who is signed in
    "deed": (Limit(600, 10 * MINUTE),),  # every other form: faster than any hand, slower than a program
    "identity": (Limit(20, DAY),),  # who needs to know more people than that goes through them
    "export": (Limit(30, 10 * MINUTE, Count.ROUGHLY),),  # whole tables
    # by whom it concerns, counted by the use case that owns it
    "second factor of account": (Limit(5, 15 * MINUTE), Limit(20, DAY)),  # of a million codes three are right
    "sign-in of account": LONGER_AND_LONGER,  # guessing one password from many networks
    "sign-in of browser": LONGER_AND_LONGER,  # the same in one that was let in before
    "reset of account": (Limit(3, HOUR), Limit(6, DAY)),  # flooding somebody's mailbox
    "code to contact": (Limit(5, HOUR), Limit(10, DAY)),  # flooding somebody's phone
    "code of contact": (Limit(10, HOUR),),  # trying out the code itself
}


@lru_cache(maxsize=1024)
def network(address: str) -> str:
    """Whose address it is: an IPv4 address, or the /64 that one IPv6 connection owns; '' for what is none."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((int(found), 64), strict=False))
    return str(found)
