"""What is not kept of staff: spent links, mails to nobody. How long sessions are says services/privacy/retention."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from portal.models import AccountLink, Message, db, transaction

LINKS_KEPT = timedelta(days=30)


def forget(*, now: datetime) -> None:
    """Delete links of last month, and mails that were for nobody."""
    with transaction():
        db.session.execute(delete(AccountLink).where(AccountLink.expires_at < now - LINKS_KEPT))
        db.session.execute(
            delete(Message).where(
                Message.report_id.is_(None), Message.account_id.is_(None), Message.state == "failed"
            )
        )
