"""What is not kept of staff: where they signed in long ago, spent links, mails to nobody."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from portal.models import AccountLink, Message, StaffSession, db, transaction

SESSIONS_KEPT = timedelta(days=90)
LINKS_KEPT = timedelta(days=30)


def forget(*, now: datetime) -> None:
    """Delete sessions that ended three months ago, links of last month, and mails that were for nobody."""
    with transaction():
        db.session.execute(delete(StaffSession).where(StaffSession.expires_at < now - SESSIONS_KEPT))
        db.session.execute(delete(AccountLink).where(AccountLink.expires_at < now - LINKS_KEPT))
        db.session.execute(
            delete(Message).where(
                Message.report_id.is_(None), Message.account_id.is_(None), Message.state == "failed"
            )
        )
