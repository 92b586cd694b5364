"""A reform gives no report about the people of an office to whoever carries that office on."""

from flask import Flask
from sqlalchemy import select, update

from portal.core.permissions import Role
from portal.core.reform import Kinship
from portal.core.reform.changes import read
from portal.models import Cooperation, Event, Report, Unit, db, transaction
from portal.services import causes, inbox
from portal.services.cooperation import mentions
from portal.services.inbox.choosing import Filters, Tab
from portal.services.inbox.listing import Wish, counts
from tests.core.test_reform import HEADER, row
from tests.factories import hire, seat, send_report
from tests.services.test_reform import BEFORE, THEN, Clock, done, new_unit

REFORM = (
    "split PC_QT DIEN_BAC area_code=19333",
    "split PC_QT DIEN_NAM",
    "merge SXD DIEN_NAM",
    "merge CAT DIEN_BAC",
)


def test_offices_carry_on_others_through_many_reforms() -> None:
    changes = read("f.csv", (HEADER + row("split B C") + "\n" + row("abolish C UBND_XA") + "\n").encode())
    units = [("A", "department", "B"), ("B", "department", None), ("C", "department", None)]
    kinship = Kinship([*units, ("X1", "commune", "A"), ("X2", "commune", None)], changes)
    assert kinship.forebears("X2") == {"X2", "C", "B", "A", "X1"}
    assert kinship.heirs("B") == {"B", "C", "X1", "X2", "A"}
    assert kinship.heirs("X2") == {"X2"}


def about_power(lead: str) -> Report:
    """A report about the people of the power company, led by that unit."""
    report = send_report(
        category="dien_luc",
        area="19333",
        about_officials=True,
        description="Thái độ của nhân viên",
        latitude=16.8,
        longitude=107.1,
        located="pin",
    )
    with transaction():
        report.lead_unit_id = unit_id(lead)
    return report


def unit_id(code: str) -> int:
    return db.session.scalars(
        select(Unit.id).filter_by(code=code).order_by(Unit.valid_from.desc()).limit(1)
    ).one()


def test_every_heir_is_kept_from_it(app: Flask, now: Clock) -> None:
    """Of those that led or helped, both become heirs; of what lies with one already, no list, count or map tells."""
    now.move_to(BEFORE, tick=False)
    report = about_power("SXD")
    with transaction():
        for asked in ("CAT", "SCT"):
            db.session.add(Cooperation(report_id=report.id, unit_id=unit_id(asked), since=BEFORE))
    new_unit("DIEN_BAC"), new_unit("DIEN_NAM")
    told = done(now, *REFORM)
    helping = select(Unit.code).join(Cooperation).where(Cooperation.report_id == report.id)
    assert report.lead_unit.code == "IOC"
    assert set(db.session.scalars(helping)) == {"SCT"}
    assert told["undecided"] == {"concerned": 1}
    assert [report.code, "concerned"] in [listed[:2] for listed in told["listed"]]
    assert db.session.query(Event).filter_by(report_id=report.id, step="reform").one()
    hire("bac", "DIEN_BAC"), hire("nam", "DIEN_NAM", Role.UNIT_LEAD)
    mine = send_report(category="dien_luc", area="19351", latitude=16.8, longitude=107.1, located="pin")
    assert mine.lead_unit.code == "DIEN_NAM"
    with transaction():  # as if it had slipped through
        values = {"lead_unit_id": unit_id("DIEN_NAM")}
        db.session.execute(update(Report).where(Report.id == report.id).values(**values))
        db.session.add(Cooperation(report_id=report.id, unit_id=unit_id("DIEN_BAC"), since=THEN))
        causes.link(report, mine)
    for name, number in (("nam", 1), ("bac", 0)):
        here = seat(name)
        counted = counts(here, Filters(), now=THEN)
        assert counted[Tab.TODO] == number
        for tab in counted:
            seen = inbox.listing(here, Wish(tab), now=THEN).reports
            assert report not in seen and len(seen) == counted[tab], (name, tab)
            assert report.code not in [point.code for point in inbox.points(here, tab, Filters(), now=THEN)]
    assert not inbox.near(mine, seat("nam"), now=THEN) and not causes.others(mine, seat("nam"))
    named = {account.username for account, _unit in mentions.nameable(report, now=THEN)}
    assert not named & {"nam", "bac"}
