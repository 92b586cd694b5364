"""What no row of a territory pack can know by itself: whether it agrees with all the others.

One module for each room of the pack; each yields its problems.
"""

from portal.core.contradictions.whole import check

__all__ = ["check"]
