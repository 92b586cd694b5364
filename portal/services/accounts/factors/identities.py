"""Who somebody is at the single sign-on: a link that only the person makes, signed in to both."""

from datetime import datetime

from sqlalchemy import select

from portal.core.errors import Conflict
from portal.models import Account, LinkedIdentity, Seat, db, transaction
from portal.services.accounts.factors.standing import changed


def of(person: Account, issuer: str) -> LinkedIdentity | None:
    """Who this person is at that provider; None where nothing is linked."""
    return db.session.scalar(select(LinkedIdentity).filter_by(account_id=person.id, issuer=issuer))


def owner(issuer: str, subject: str) -> Account | None:
    """Whose account is linked to this identity, if anybody's."""
    query = select(Account).join(LinkedIdentity, LinkedIdentity.account_id == Account.id)
    return db.session.scalar(query.where(LinkedIdentity.issuer == issuer, LinkedIdentity.subject == subject))


def link(person: Account, issuer: str, subject: str, *, by: Seat | None, now: datetime) -> None:
    """Let this identity sign in as this person, in place of an older one; linked twice is linked once.

    Raises Conflict where it is somebody else's.
    """
    with transaction():
        known = owner(issuer, subject)
        if known is not None and known.id == person.id:
            return
        if known is not None:
            raise Conflict(field="identity", reason="linked_elsewhere")
        unlink(person, issuer, by=by, now=now)
        fresh = LinkedIdentity(account_id=person.id, issuer=issuer, subject=subject, linked_at=now)
        db.session.add(fresh)
        db.session.flush()
        changed("create", ("linked_identity", fresh.id), person, by, now)


def unlink(person: Account, issuer: str, *, by: Seat | None, now: datetime) -> None:
    """Let nobody of that provider sign in as this person any more."""
    with transaction():
        if found := of(person, issuer):
            db.session.delete(found)
            db.session.flush()
            changed("remove", ("linked_identity", found.id), person, by, now)
