"""What reporters agreed to: with the words that stood there, by purpose, and taken back at once."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal import worker
from portal.core.errors import NotAllowed
from portal.core.privacy.purposes import Purpose
from portal.core.workflow import Step
from portal.models import AuditEntry, ConsentText, Contact, Message, Report, Text, db, transaction
from portal.services import territory
from portal.services.privacy import consents
from tests.factories import send_report, step
from tests.services.test_notifications import Gateway


def now() -> datetime:
    return datetime.now(UTC)


def agreed(report: Report) -> list[tuple[str, int, str]]:
    return [(one.purpose, one.wording.version, one.how) for one in consents.in_force(report.id).values()]


def test_each_consent_keeps_its_words_and_goes_by_itself(app: Flask) -> None:
    report, silent = send_report(), send_report(phone="", consent=False)
    assert (agreed(report), agreed(silent)) == ([("follow", 1, "form")], [])
    for _tap in range(2):
        consents.give(report, Purpose.CONTACT, now=now())
    assert agreed(report) == [("follow", 1, "form"), ("contact", 1, "form")]
    with pytest.raises(NotAllowed):
        consents.give(silent, Purpose.CONTACT, now=now())
    with transaction():
        territory.revise()
        db.session.execute(
            update(Text).where(Text.key == "consent_follow").values(text="Tôi đồng ý nhận tin")
        )
    assert agreed(send_report(consent_how="oral")) == [("follow", 2, "oral")]
    words = {
        row.version: row.text for row in db.session.scalars(select(ConsentText).filter_by(purpose="follow"))
    }
    assert (words[2], "tin nhắn" in words[1]) == ("Tôi đồng ý nhận tin", True), "old words stay readable"
    other = send_report(phone="+84987654321", consent_how="written")
    assert consents.in_force(other.id)[Purpose.FOLLOW].wording.version == 2

    step(report, Step.RECEIVE)
    for _tap in range(2):
        consents.withdraw(report, Purpose.FOLLOW, now=now())
    assert agreed(report) == [("contact", 1, "form")]
    assert db.session.get(Contact, report.id), "the unit may still call"
    step(report, Step.ANSWER, "Đã xem tại chỗ")
    gateway = Gateway()
    worker.deliver({"sms": gateway, "mail": gateway})
    assert "+84912345678" in {address for address, _ in gateway.sent}, "the second report's"
    states = db.session.scalars(select(Message.state).where(Message.report_id == report.id)).all()
    assert set(states) == {"failed"}
    consents.withdraw(report, Purpose.CONTACT, now=now())
    assert db.session.get(Contact, report.id) is None
    assert [one.withdrawn_at is not None for one in consents.history(report.id)] == [True, True]
    with pytest.raises(NotAllowed):
        consents.give(report, Purpose.FOLLOW, now=now())
    noted = select(AuditEntry.details).where(AuditEntry.subject_id == str(report.id)).order_by(AuditEntry.id)
    assert list(db.session.scalars(noted)) == [
        {"agreed": "contact"},
        {"withdrawn": "follow"},
        {"withdrawn": "contact"},
    ]
