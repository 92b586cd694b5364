from datetime import datetime, timedelta

from portal.core.deadlines import VIETNAM
from portal.core.evidence import Demand, Doubt, Trace, doubts, met
from portal.core.places import Point

SENT = datetime(2026, 11, 16, 8, tzinfo=VIETNAM)
NOW = SENT + timedelta(days=2)
MARKET = Point(16.8163, 107.1003)
NEAR, FAR = Point(16.8188, 107.1003), Point(16.8191, 107.1003)  # 278 and 311 metres north


def test_what_a_category_demands() -> None:
    given = [(0, 0), (1, 0), (0, 1), (1, 1)]
    assert [[met(demand, *each) for each in given] for demand in Demand] == [
        [True, True, True, True],
        [False, True, False, True],
        [False, False, True, True],
        [False, True, True, True],
    ]


def test_a_photo_proves_by_its_moment_and_its_place() -> None:
    later, before = SENT + timedelta(hours=3), SENT - timedelta(minutes=6)
    for trace, expected in (
        (Trace(later, NEAR), []),
        (Trace(SENT - timedelta(minutes=4), MARKET), []),
        (Trace(later, FAR), [Doubt.FAR]),
        (Trace(before, NEAR), [Doubt.EARLY]),
        (Trace(before, FAR), [Doubt.EARLY, Doubt.FAR]),
        (Trace(NOW + timedelta(hours=1), NEAR), [Doubt.UNDATED]),
        (Trace(later), [Doubt.UNPLACED]),
        (Trace(), [Doubt.UNDATED, Doubt.UNPLACED]),
    ):
        assert doubts([trace], SENT, MARKET, NOW) == expected, trace


def test_one_good_photo_is_enough_and_a_report_without_a_point_asks_for_the_moment_alone() -> None:
    good = Trace(SENT + timedelta(hours=3), NEAR)
    assert doubts([Trace(), good, Trace(good.taken_at, FAR)], SENT, MARKET, NOW) == []
    assert doubts([Trace(good.taken_at)], SENT, None, NOW) == []
    assert doubts([Trace()], SENT, None, NOW) == [Doubt.UNDATED]
